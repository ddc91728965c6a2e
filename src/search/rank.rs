//! A query in, answers out: which entries are listed, in which order, and
//! whether they answer at all.

use super::confidence::Evidence;
use super::expand::{Expansion, expand, sorted_numbers};
use super::fold::{self, Word};
use super::score::{Ranked, Ranking, score};
use crate::index::Index;

/// A longer text is read in windows of so many words, each of which begins so
/// many after the one before: what happened stands together, the rest of a
/// stack trace or a story elsewhere.
pub const WINDOW: usize = 48;
pub const WINDOW_STEP: usize = 32;
/// Words that are read. Where there are more, the last: the first lines of a
/// long log are old.
const MAX_WORDS: usize = 512;
/// What is read of a query at most, in bytes; where there is more, the end. It
/// holds that many words ten times over, and a megabyte that somebody pasted
/// would take a second of each key press.
const MAX_QUERY_BYTES: usize = 64 << 10;

/// An entry is listed when it has at least this share of the best entry's
/// score, in hundredths: below stand entries that only share a word with it.
pub const MIN_OF_BEST: u32 = 15;

/// From this confidence on an answer is clear.
const CLEAR_FROM: i32 = 300;

/// An answer that is not sure enough to be given is offered from this
/// confidence on, and so many at most, of at least half the score.
const NEAR_FROM: i32 = -120;
const MAX_NEAR: usize = 3;

/// An answer in another area is offered when it scores so much more than the
/// best one here, in hundredths.
const ELSEWHERE_FROM: u32 = 150;

/// Where to search.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope<'a> {
    /// The area that was chosen; `None` for all.
    pub area: Option<usize>,
    /// The areas that exist here; empty for all of the knowledge base.
    pub areas: &'a [usize],
}

impl From<Option<usize>> for Scope<'_> {
    fn from(area: Option<usize>) -> Self {
        Self { area, areas: &[] }
    }
}

impl Scope<'_> {
    /// Whether an area exists here at all.
    pub fn exists(&self, area: usize) -> bool {
        self.areas.is_empty() || self.areas.contains(&area)
    }

    pub(super) fn has(&self, area: usize) -> bool {
        self.area.is_none_or(|it| it == area) && self.exists(area)
    }
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The answers, best first.
    pub hits: Vec<Hit>,
    /// Whether the first answer is so clear that nothing else can be meant.
    pub is_clear: bool,
    /// Where there is no answer: what was perhaps meant, best first.
    pub near: Vec<Hit>,
    /// An answer in another area that is clearly better than those in the
    /// chosen one.
    pub elsewhere: Option<Hit>,
    /// The terms that the query's words stood for, see [`Highlighter`](super::Highlighter).
    pub terms: Vec<u32>,
    /// What the word that is being typed begins with.
    pub prefix: Option<String>,
}

/// An entry that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Index of the entry.
    pub doc: u32,
    /// Above 0; larger is better; comparable within one search only. 0 where
    /// nothing was asked and entries stand in their own order.
    pub score: u32,
}

/// The entries that fit a query. A query without words gives every entry, in
/// the order of the knowledge base.
pub fn run<'a>(index: &Index, query: &str, scope: impl Into<Scope<'a>>) -> Found {
    let scope = scope.into();
    let words = words(index, query);
    // Whoever typed a space after the last word has finished it.
    let is_typing = !query.ends_with(char::is_whitespace);
    if words.is_empty() {
        let docs = (0..index.n_entries()).filter(|doc| scope.has(index.area_of(*doc)));
        return Found { hits: docs.map(|doc| Hit { doc, score: 0 }).collect(), ..Found::default() };
    }
    let mut best: Option<(i32, Found)> = None;
    for start in (0..words.len()).step_by(WINDOW_STEP) {
        let end = words.len().min(start + WINDOW);
        let is_last = end == words.len();
        let found = window(index, words.get(start..end).unwrap_or_default(), is_typing && is_last, scope);
        if best.as_ref().is_none_or(|it| found.0 > it.0) {
            best = Some(found);
        }
        if is_last {
            break;
        }
    }
    best.map(|it| it.1).unwrap_or_default()
}

/// The words of a query, each once: the last time it stands there, so that the
/// word being typed stays the last. A word that is not known is taken apart
/// where its case changes, as names of errors are written.
pub fn words(index: &Index, query: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut start = query.len().saturating_sub(MAX_QUERY_BYTES);
    while !query.is_char_boundary(start) {
        start += 1;
    }
    let query = query.get(start..).unwrap_or_default();
    for it in fold::words(index.folding(), query) {
        let typed = query.get(it.start..it.end).unwrap_or_default();
        let humps: Vec<usize> = typed
            .char_indices()
            .zip(typed.chars().skip(1))
            .filter(|((_, a), b)| a.is_ascii_lowercase() && b.is_ascii_uppercase())
            .map(|((at, a), _)| at + a.len_utf8())
            .collect();
        if humps.is_empty() || index.term(&it.term).is_some() {
            words.push(it);
            continue;
        }
        let mut start = 0;
        for end in humps.into_iter().chain([typed.len()]) {
            words.extend(fold::words(index.folding(), typed.get(start..end).unwrap_or_default()));
            start = end;
        }
    }
    words.reverse();
    let mut once: Vec<Word> = Vec::new();
    for it in words {
        if once.len() < MAX_WORDS && once.iter().all(|other| other.folded != it.folded) {
            once.push(it);
        }
    }
    once.reverse();
    once
}

/// What some words find, and how sure the best of it is.
pub fn window(index: &Index, words: &[Word], is_typing: bool, scope: Scope<'_>) -> (i32, Found) {
    let Expansion { units, terms } = expand(index, words, is_typing);
    let ranking = score(index, words, &units);
    let here = best(&ranking, index, scope, true);
    let elsewhere = if scope.area.is_some() { best(&ranking, index, scope, false) } else { Best::NONE };
    let prefix = words.last().filter(|_| is_typing).map(|it| it.folded.clone());
    let mut found = Found { terms, prefix, ..Found::default() };
    let confidence = here.confidence;
    if confidence > 0 {
        found.hits = here.hits;
        found.is_clear = confidence >= CLEAR_FROM;
    } else if confidence >= NEAR_FROM {
        let floor = here.hits[0].score / 2;
        found.near = here.hits.into_iter().take(MAX_NEAR).take_while(|it| it.score >= floor).collect();
    }
    let best_here = found.hits.first().map_or(0, |it| u64::from(it.score));
    if elsewhere.confidence > 0
        && let Some(first) = elsewhere.hits.first()
        && u64::from(first.score) * 100 > best_here * u64::from(ELSEWHERE_FROM)
    {
        found.elsewhere = Some(*first);
    }
    (confidence, found)
}

/// The entries worth listing, best first, and how sure the first is: above 0 it
/// is an answer.
struct Best {
    hits: Vec<Hit>,
    confidence: i32,
}

impl Best {
    const NONE: Self = Self { hits: Vec::new(), confidence: i32::MIN };
}

/// Of the entries in scope, or of those in the other areas.
#[cfg_attr(all(target_family = "wasm", feature = "widget"), optimize(speed))]
fn best(ranking: &Ranking, index: &Index, scope: Scope<'_>, is_in_scope: bool) -> Best {
    // Mostly nothing is left out, of thousands.
    let is_everywhere = scope.area.is_none() && scope.areas.is_empty() && is_in_scope;
    let is_here = |it: &Ranked| {
        is_everywhere || {
            let area = index.area_of(it.doc);
            scope.exists(area) && scope.has(area) == is_in_scope
        }
    };
    let (mut first, mut at_least): (Option<&Ranked>, i32) = (None, i32::MIN);
    for it in ranking.ranked.iter().filter(|it| is_here(it)) {
        if first.is_none_or(|first| (first.score, it.doc) < (it.score, first.doc)) {
            first = Some(it);
        }
        if it.is_contained {
            // Whoever types what a symptom says keeps seeing it, however little that is.
            at_least = 1;
        }
    }
    let Some(first) = first else { return Best::NONE };
    let floor = first.score / 100 * MIN_OF_BEST;
    let listed = ranking.ranked.iter().filter(|it| (it.is_contained || it.score >= floor) && is_here(it));
    let hits = sorted(listed);
    let rival = hits.get(1).map_or(0, |it| 100 * u64::from(it.score) / u64::from(first.score)) as u32;
    let confidence = Evidence { rival, ..ranking.evidence(index, first) }.confidence().max(at_least);
    Best { hits, confidence }
}

/// Best first.
fn sorted<'a>(hits: impl Iterator<Item = &'a Ranked>) -> Vec<Hit> {
    let keys = sorted_numbers(hits.map(|it| u64::from(!it.score) << 32 | u64::from(it.doc)).collect());
    keys.iter().map(|it| Hit { doc: *it as u32, score: !((it >> 32) as u32) }).collect()
}
