//! A hit in words: what leaves the command line and the widget alike.

use serde::Serialize;

use super::{Found, Highlighter, Hit};
use crate::index::{Index, text};

/// An entry that fits a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Id of the entry.
    pub id: String,
    /// Id of its area.
    pub area: String,
    /// What it looks like, without marks.
    pub symptom: String,
    /// Why it happens, without marks; empty where nothing is known.
    pub cause: String,
    /// Larger is better; comparable within one search only.
    pub score: u32,
    /// The words that matched, as they stand in the entry.
    pub matched: Vec<String>,
}

/// The first `limit` answers of a search, best first.
pub fn answers(index: &Index, found: &Found, limit: usize) -> Vec<Answer> {
    let highlighter = Highlighter::new(index, found);
    found.hits.iter().take(limit).map(|hit| answer(index, *hit, &highlighter)).collect()
}

/// One answer of a search. Where its resolution is not at hand, no word of it
/// is among those that matched.
fn answer(index: &Index, hit: Hit, highlighter: &Highlighter) -> Answer {
    let summary = index.summary(hit.doc);
    let symptom = text::plain(&summary.symptom);
    let cause = text::plain(&summary.causes.join(" "));
    let resolution = index.resolution(hit.doc).unwrap_or_default();
    let steps: Vec<String> = resolution.steps.iter().map(|it| text::plain(&it.text)).collect();
    let texts = [symptom.as_str(), &cause].into_iter().chain(steps.iter().map(String::as_str));
    let matched = highlighter.words(index.folding(), texts);
    Answer { id: summary.id, area: index.areas()[summary.area].id.clone(), symptom, cause, score: hit.score, matched }
}
