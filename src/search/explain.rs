//! Why a search came out as it did, in facts for authors: how each word of the
//! query was read, and for the entries that came nearest what of it they have.
//!
//! Asks the very functions that [`run`](super::run) asks, and decides nothing.
//! Only with the feature `compiler`: no page needs it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::confidence::Evidence;
use super::expand::{Part, Places, Unit, expand};
use super::fold::Word;
use super::rank::{self, Found, MIN_OF_BEST, Scope};
use super::score::{Ranked, score};
use crate::index::{Field, Fields, Index, Place};

/// A search with its reasons.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Explanation {
    /// What [`run`](super::run) gives for the same query.
    #[serde(skip)]
    pub found: Found,
    /// Above 0 the first of `nearest` is an answer. Never less where the symptom
    /// of any entry has all words of the query.
    pub confidence: i32,
    /// The words of the query that were read, in their order; of a long text
    /// those of the passage that decided.
    pub words: Vec<ReadWord>,
    /// The entries that came nearest, best first, whether or not they are answers.
    pub nearest: Vec<Nearest>,
}

/// How a word of the query was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReadWord {
    /// Folded.
    pub word: String,
    /// What kind of word it is.
    pub kind: WordKind,
    /// How telling it is; 0 where it stands for nothing.
    pub weight: u32,
    /// The terms of the knowledge base that it stands for, but for those that
    /// it only begins.
    pub stands_for: Vec<String>,
}

/// Kinds of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WordKind {
    /// The knowledge base knows it.
    Known,
    /// It does not: the question may be about something else.
    Unknown,
    /// Says little everywhere ("the", "my"), and is looked for in titles alone.
    StopWord,
    /// Says little about a problem ("again", "yesterday").
    Filler,
    /// Asks for something to be done ("change", "delete").
    Request,
}

/// An entry that came near, and what speaks for it. Shares are in hundredths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Nearest {
    /// Index of the entry.
    #[serde(skip)]
    pub doc: u32,
    /// Id of the entry.
    pub id: String,
    /// Larger is better; comparable within one search only.
    pub score: u32,
    /// Above 0 it would be an answer if it were the first.
    pub confidence: i32,
    /// How much of the query is anywhere in the entry, by weight.
    pub asked: u32,
    /// The best of its titles: 0 for the symptom, else the number of the alias;
    /// none where the query is in no title.
    pub best_title: Option<u32>,
    /// How much of the query is in that title.
    pub asked_in_title: u32,
    /// How much of that title is in the query.
    pub title_in_query: u32,
    /// Whether the query asks for something to be done of which that title does
    /// not speak.
    pub request_unmet: bool,
    /// Whether all of the query is in its symptom.
    pub contained: bool,
    /// Whether nobody wrote aliases for it.
    pub without_aliases: bool,
    /// Words of the query that it has.
    pub has: Vec<FoundWord>,
    /// Words of the query that say what is asked about, and that it does not have.
    pub lacks: Vec<String>,
}

/// A word of the query in an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FoundWord {
    /// The word of the query, folded.
    pub word: String,
    /// What it counts there: the rarer, and the nearer to what was typed, the more.
    pub weight: u32,
    /// Where it was found.
    pub places: BTreeSet<FoundPlace>,
}

/// Where in an entry a word was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FoundPlace {
    /// In the symptom.
    Symptom,
    /// In an alias.
    Alias,
    /// In the cause.
    Cause,
    /// In the steps and the texts around them.
    Resolution,
    /// In the name of its area.
    Area,
}

/// The same search as [`run`](super::run), with its reasons, and the `limit`
/// entries that came nearest.
pub fn explain<'a>(index: &Index, query: &str, scope: impl Into<Scope<'a>>, limit: usize) -> Explanation {
    let scope = scope.into();
    let words = rank::words(index, query);
    let is_typing = !query.ends_with(char::is_whitespace);
    if words.is_empty() {
        return Explanation { found: rank::run(index, query, scope), ..Explanation::default() };
    }
    let mut best: Option<(i32, Found, &[Word], bool)> = None;
    for start in (0..words.len()).step_by(rank::WINDOW_STEP) {
        let end = words.len().min(start + rank::WINDOW);
        let is_last = end == words.len();
        let passage = words.get(start..end).unwrap_or_default();
        let (confidence, found) = rank::window(index, passage, is_typing && is_last, scope);
        if best.as_ref().is_none_or(|it| confidence > it.0) {
            best = Some((confidence, found, passage, is_typing && is_last));
        }
        if is_last {
            break;
        }
    }
    let Some((confidence, found, words, is_typing)) = best else { return Explanation::default() };
    let units = expand(index, words, is_typing).units;
    let read = read_words(index, words, &units, &found);
    let nearest = nearest(index, words, &units, scope, limit);
    Explanation { found, confidence, words: read, nearest }
}

fn read_words(index: &Index, words: &[Word], units: &[Unit<'_>], found: &Found) -> Vec<ReadWord> {
    let mut stands_for: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); words.len()];
    // A word alone, and with its neighbour: what it gives there and what the
    // whole query gave are what it stood for.
    for len in 1..=2 {
        for (start, some) in words.windows(len).enumerate() {
            let terms = expand(index, some, false).terms;
            for it in &mut stands_for[start..start + len] {
                it.extend(terms.iter().filter(|it| found.terms.contains(it)));
            }
        }
    }
    // What a word gives alone is not its neighbour's.
    for at in 0..words.len() {
        let alone: BTreeSet<u32> = expand(index, &words[at..=at], false).terms.into_iter().collect();
        for other in [at.wrapping_sub(1), at + 1] {
            let Some(word) = words.get(other) else { continue };
            let own: Vec<u32> = expand(index, std::slice::from_ref(word), false).terms;
            stands_for[other].retain(|it| !alone.contains(it) || own.contains(it));
        }
    }
    let read = words.iter().zip(units).zip(stands_for);
    read.map(|((word, unit), terms)| {
        let mut stands_for: Vec<String> = terms.into_iter().map(|it| index.nth_term(it)).collect();
        stands_for.sort_unstable();
        ReadWord { word: word.folded.clone(), kind: kind(unit), weight: unit.weight, stands_for }
    })
    .collect()
}

fn kind(unit: &Unit<'_>) -> WordKind {
    match unit {
        it if it.is_stop_word => WordKind::StopWord,
        it if it.is_request => WordKind::Request,
        it if it.is_filler => WordKind::Filler,
        it if it.is_unknown() => WordKind::Unknown,
        _ => WordKind::Known,
    }
}

fn nearest(index: &Index, words: &[Word], units: &[Unit<'_>], scope: Scope<'_>, limit: usize) -> Vec<Nearest> {
    let ranking = score(index, words, units);
    let mut ranked: Vec<&Ranked> = ranking.ranked.iter().filter(|it| scope.has(index.area_of(it.doc))).collect();
    ranked.sort_by_key(|it| (std::cmp::Reverse(it.score), it.doc));
    let best = ranked.first().map_or(0, |it| it.score);
    // As the search does it: what is not listed is no rival.
    let is_listed = |it: &&Ranked| it.is_contained || it.score >= best / 100 * MIN_OF_BEST;
    let second = ranked.iter().skip(1).copied().find(is_listed).map_or(0, |it| it.score);
    ranked.truncate(limit);
    let mut places: BTreeMap<u32, Vec<BTreeMap<FoundPlace, u32>>> =
        ranked.iter().map(|it| (it.doc, vec![BTreeMap::new(); words.len()])).collect();
    for (at, unit) in units.iter().enumerate() {
        for part in &unit.parts {
            each_place(index, part, |doc, place| {
                if let Some(words) = places.get_mut(&doc) {
                    let own = words[at].entry(place).or_default();
                    *own = part.own.max(*own);
                }
            });
        }
    }
    ranked
        .into_iter()
        .enumerate()
        .map(|(at, it)| {
            let rival = if at == 0 { second } else { best };
            let rival = (100 * u64::from(rival) / u64::from(it.score)) as u32;
            let evidence = Evidence { rival, ..ranking.evidence(index, it) };
            let confidence = evidence.confidence();
            let found = places.remove(&it.doc).unwrap_or_default();
            let telling = words.iter().zip(units).zip(&found).filter(|((_, unit), _)| unit.is_telling());
            Nearest {
                doc: it.doc,
                id: index.summary(it.doc).id,
                score: it.score,
                confidence: if it.is_contained { confidence.max(1) } else { confidence },
                asked: evidence.asked,
                best_title: ranking.best_title(it).map(|title| number_in_entry(index, title)),
                asked_in_title: evidence.asked_in_title,
                title_in_query: evidence.title_in_query,
                request_unmet: evidence.is_request,
                contained: it.is_contained,
                without_aliases: evidence.is_bare,
                lacks: telling.filter(|it| it.1.is_empty()).map(|it| it.0.0.folded.clone()).collect(),
                has: words
                    .iter()
                    .zip(&found)
                    .filter(|it| !it.1.is_empty())
                    .map(|(word, places)| FoundWord {
                        word: word.folded.clone(),
                        weight: places.values().copied().max().unwrap_or_default(),
                        places: places.keys().copied().collect(),
                    })
                    .collect(),
            }
        })
        .collect()
}

/// Which of the titles of its entry a title is.
fn number_in_entry(index: &Index, title: u32) -> u32 {
    let before = index.titles().get(..=title as usize).unwrap_or_default();
    let doc = before.last().map(|it| it.doc);
    before.iter().rev().skip(1).take_while(|it| Some(it.doc) == doc).count() as u32
}

/// Calls `each` with every entry that has a part, and where.
fn each_place(index: &Index, part: &Part<'_>, mut each: impl FnMut(u32, FoundPlace)) {
    let titles = index.titles();
    let in_title = |title: u32, each: &mut dyn FnMut(u32, FoundPlace)| {
        let at = title as usize;
        let doc = titles[at].doc;
        let is_symptom = at == 0 || titles[at - 1].doc != doc;
        each(doc, if is_symptom { FoundPlace::Symptom } else { FoundPlace::Alias });
    };
    let in_fields = |doc: u32, fields: Fields, each: &mut dyn FnMut(u32, FoundPlace)| {
        for (field, place) in [
            (Field::Cause, FoundPlace::Cause),
            (Field::Resolution, FoundPlace::Resolution),
            (Field::Area, FoundPlace::Area),
        ] {
            if fields.contains(field) {
                each(doc, place);
            }
        }
    };
    match &part.places {
        Places::Term(postings) => {
            for it in postings.clone() {
                match it {
                    Place::Title(title) => in_title(title, &mut each),
                    Place::Entry(doc, fields) => in_fields(doc, fields, &mut each),
                }
            }
        }
        Places::Common(titles, docs) => {
            for it in titles {
                in_title(*it, &mut each);
            }
            for (doc, fields) in docs {
                in_fields(*doc, *fields, &mut each);
            }
        }
    }
}
