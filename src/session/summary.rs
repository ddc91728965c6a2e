//! What happened, for whoever takes over: what was asked, which entries were
//! worked on, which steps were done and when. Nothing else.

use super::State;
use super::work::{Outcome, Time, Work};
use crate::index::{Index, text};

/// Entries opened longer ago than so many seconds are remembered, and belong
/// to another problem.
const SITTING: u32 = 12 * 60 * 60;

/// What happened until now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// What was typed.
    pub query: String,
    /// The entries that were worked on; the one that is handed over first, then
    /// the others in the order in which they were opened.
    pub tried: Vec<Tried>,
}

/// What was done about one entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tried {
    /// Index of the entry.
    pub doc: u32,
    /// Its symptom, as plain text.
    pub symptom: String,
    /// Title of its area.
    pub area: String,
    /// The steps that were done, as plain text, in that order, and when.
    pub done: Vec<(String, Time)>,
    /// Seconds from its opening until now.
    pub seconds: u32,
}

/// What there is to tell about the open entry and those tried before it.
/// Entries that were only looked at are left out, but for the open one.
pub fn summary(index: &Index, state: &State, now: Time) -> Summary {
    let (open, others): (Vec<&Work>, Vec<&Work>) = state.works.iter().partition(|it| Some(it.doc) == state.open);
    let others = others.into_iter().filter(|it| it.outcome == Some(Outcome::NotSolved) || !it.done.is_empty());
    // What was solved, or is long ago, is no part of this problem.
    let others = others.filter(|it| it.outcome != Some(Outcome::Solved) && it.seconds(now) < SITTING);
    let tried = open.into_iter().chain(others).map(|it| tried(index, it, now)).collect();
    Summary { query: state.query.trim().into(), tried }
}

fn tried(index: &Index, work: &Work, now: Time) -> Tried {
    let summary = index.summary(work.doc);
    let steps = index.resolution(work.doc).map(|it| it.steps).unwrap_or_default();
    let done = work.done.iter().filter_map(|it| Some((text::plain(&steps.get(it.step)?.text), it.at)));
    Tried {
        doc: work.doc,
        symptom: text::plain(&summary.symptom),
        area: index.areas()[summary.area].title.clone(),
        done: done.collect(),
        seconds: work.seconds(now),
    }
}
