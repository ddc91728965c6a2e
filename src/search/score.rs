//! How well entries fit a query.

use super::fold::{self, Word};
use super::matching::matches;
use crate::index::{Field, Fields, Index};

/// What a word is worth by the field it was found in. Twice the symptom's
/// weight for any other field would let a word of a cause push aside a title.
const WEIGHTS: [(Field, u32); 6] = [
    (Field::Symptom, 10),
    (Field::Alias, 8),
    (Field::Synonym, 6),
    (Field::Cause, 4),
    (Field::Area, 3),
    (Field::Resolution, 2),
];

/// A word found in several fields is worth its best field and this share of
/// the others. With none, a word of both symptom and alias would not count
/// for more than one of the symptom alone.
const OTHER_FIELDS_SHARE: u32 = 4;

/// Weight of a stop word against that of a rare word. Not zero, so that "it is
/// not me" still finds what holds these words and nothing else.
const STOP_WORD_WEIGHT: u32 = 1;

/// An entry is shown when the words found in it carry at least this share of
/// the weight of the query, in hundredths. Lower, a single common word of a
/// long question finds everything; higher, a question in other people's words
/// finds nothing.
const MIN_COVERAGE: u32 = 30;

/// An entry is shown when it has at least this share of the best entry's
/// score, in hundredths: below stand entries that only share a word with it.
const MIN_OF_BEST: u32 = 20;

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Best first.
    pub hits: Vec<Hit>,
    /// The terms of the index that the query's words stood for, for highlighting.
    pub terms: Vec<String>,
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

/// The entries that fit a query, in one area or in all. A query without words
/// gives every entry, in the order of the knowledge base.
pub fn run(index: &Index, query: &str, area: Option<usize>) -> Found {
    let words = fold::words(index.folding(), query);
    let in_area = |doc: u32| area.is_none_or(|it| index.area_of(doc) == it);
    if words.is_empty() {
        let hits = (0..index.n_entries()).filter(|doc| in_area(*doc)).map(|doc| Hit { doc, score: 0 }).collect();
        return Found { hits, terms: Vec::new() };
    }

    let n = index.n_entries();
    // Whoever typed a space after the last word has finished it.
    let is_typing = !query.ends_with(char::is_whitespace);
    let mut sums = vec![0u32; n as usize];
    let mut covered = vec![0u32; n as usize];
    let mut whole = 0;
    let mut terms = Vec::new();
    for (i, word) in words.iter().enumerate() {
        let is_last = is_typing && i + 1 == words.len();
        let (weight, best) = word_scores(index, word, is_last, &mut terms);
        whole += weight;
        for (doc, score) in best {
            sums[doc as usize] += score;
            covered[doc as usize] += weight;
        }
    }

    let coverage = |doc: u32| 100 * covered[doc as usize] / whole.max(1);
    let mut hits: Vec<Hit> = (0..n)
        .filter(|doc| sums[*doc as usize] > 0 && coverage(*doc) >= MIN_COVERAGE && in_area(*doc))
        .map(|doc| Hit { doc, score: (sums[doc as usize] * coverage(doc) / 100).max(1) })
        .collect();
    hits.sort_unstable_by_key(|it| (std::cmp::Reverse(it.score), it.doc));
    let floor = hits.first().map_or(0, |best| best.score * MIN_OF_BEST / 100);
    hits.retain(|it| it.score >= floor);
    Found { hits, terms }
}

/// What a word weighs in the query, and its best score in each entry that
/// holds a term it stands for.
fn word_scores(index: &Index, word: &Word, is_last: bool, terms: &mut Vec<String>) -> (u32, Vec<(u32, u32)>) {
    let n = index.n_entries();
    let is_stop_word = fold::is_stop_word(index.folding(), word);
    let mut best: Vec<u32> = vec![0; n as usize];
    let mut weight = 0;
    for it in matches(index, word, is_last && !is_stop_word) {
        let rarity = if is_stop_word { STOP_WORD_WEIGHT } else { rarity(n, it.postings.clone().count() as u32) };
        weight = weight.max(rarity);
        for posting in it.postings {
            let score = rarity * it.quality * field_weight(posting.fields) / 100;
            let slot = &mut best[posting.doc as usize];
            *slot = (*slot).max(score);
        }
        terms.push(it.term);
    }
    if weight == 0 {
        // A word that the knowledge base does not know says that the question may be about something else.
        weight = if is_stop_word { STOP_WORD_WEIGHT } else { rarity(n, 1) };
    }
    (weight, (0..n).zip(best).filter(|it| it.1 > 0).collect())
}

/// How telling a term is: the binary logarithm of one in how many entries has
/// it, in sixteenths, from integers alone, so that every machine agrees.
fn rarity(n: u32, df: u32) -> u32 {
    let ratio = (u64::from(n) + 1) * 256 / u64::from(df.max(1));
    let whole = ratio.max(256).ilog2();
    let part = (ratio.max(256) >> (whole - 4)) as u32 & 15;
    (whole - 8) * 16 + part + 4
}

fn field_weight(fields: Fields) -> u32 {
    let mut found = WEIGHTS.iter().filter(|it| fields.contains(it.0)).map(|it| it.1);
    // The table is in descending order of weight.
    found.next().unwrap_or_default() * 10 + found.sum::<u32>() * 10 / OTHER_FIELDS_SHARE
}
