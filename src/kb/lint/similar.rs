//! Symptoms that say the same, or nearly.
//!
//! Two symptoms are nearly the same when their words are, one by one and in
//! their order, after endings, words that say little and single slips of the
//! keyboard are taken away. A share of common words was rejected as a measure:
//! "Export failed" and "Import failed" have as much in common as two wordings of
//! one problem, and comparing all with all takes the square of their number.
//! Here each symptom is looked up by what it comes down to, so that the time
//! grows with their number.

use std::collections::{BTreeMap, BTreeSet};

use crate::index::text;
use crate::kb::diagnostic::{Diagnostic, edits};
use crate::kb::parse::{Book, Draft};
use crate::kb::terms;
use crate::search::fold;

/// Shortest word, in letters, in which a slip is looked for: among shorter ones
/// most neighbours are words of their own.
const MIN_SLIP_CHARS: usize = 5;

/// Longest word in which one is looked for: each letter of it is taken out once,
/// which takes the square of its length. No language writes longer ones.
const MAX_SLIP_CHARS: usize = 80;

/// Words of no weight in a symptom beyond the stop words of the search, English
/// and Spanish. As they are folded, not as they are stemmed.
const FILLERS: [&str; 16] = [
    "again",
    "already",
    "always",
    "anymore",
    "currently",
    "ever",
    "really",
    "simply",
    "suddenly",
    "very",
    "nuevamente",
    "siempre",
    "simplemente",
    "ya",
    "todavia",
    "aun",
];

/// Words that the search passes over and that turn a problem into another:
/// "fails when sharing to a group", "fails when sharing from a group".
const DIRECTIONS: [&str; 34] = [
    "after", "all", "any", "but", "by", "can", "for", "from", "how", "if", "in", "into", "on", "or", "should", "to",
    "what", "when", "where", "who", "why", "will", "with", "antes", "como", "con", "cuando", "desde", "despues",
    "hacia", "hasta", "por", "que", "sin",
];

/// An entry whose symptom another has already.
struct Pair<'a> {
    second: &'a Draft,
    first: &'a Draft,
    /// Whether all words are the same.
    is_copy: bool,
}

/// A symptom, folded.
struct Symptom<'a> {
    draft: &'a Draft,
    telling: Vec<String>,
}

impl Book {
    pub(super) fn check_similar(&self, found: &mut Vec<Diagnostic>) {
        for Pair { second, first, is_copy } in self.pairs() {
            let (source, span) = self.at(second);
            let symptom = text::plain(&second.symptom);
            let hint = format!("it stands in {}; say what is different", self.where_is(&first.place));
            let (code, message) = if is_copy {
                ("duplicate-symptom", format!("\"{symptom}\" says the same as another symptom"))
            } else {
                let other = text::plain(&first.symptom);
                ("similar-symptom", format!("\"{symptom}\" says nearly the same as \"{other}\""))
            };
            let hint = if is_copy { hint } else { format!("{hint}, or make one entry of both and the other an alias") };
            found.push(Diagnostic::warning(code, source, span, message).hint(hint).about(second.id.clone()));
        }
    }

    /// Ids of the entries whose symptom is another's.
    pub(super) fn copies(&self) -> BTreeSet<&str> {
        self.pairs().into_iter().map(|it| it.second.id.as_str()).collect()
    }

    fn pairs(&self) -> Vec<Pair<'_>> {
        let drafts: Vec<&Draft> = self.drafts.iter().filter(|it| it.lang.is_empty()).collect();
        let plain: Vec<String> = drafts.iter().map(|it| text::plain(&it.symptom)).collect();
        let folding = terms::folding(&self.config.lang, plain.iter().map(String::as_str));
        let mut pairs = Vec::new();
        let mut copies: BTreeMap<Vec<String>, &Draft> = BTreeMap::new();
        let mut alike: BTreeMap<Vec<String>, &Draft> = BTreeMap::new();
        let mut rest: Vec<Symptom> = Vec::new();
        for (draft, plain) in drafts.into_iter().zip(&plain) {
            let words = fold::words(&folding, plain);
            let says = |it: &fold::Word| {
                let folded = it.folded.as_str();
                DIRECTIONS.contains(&folded) || !(fold::is_stop_word(&folding, it) || FILLERS.contains(&folded))
            };
            let telling: Vec<String> = words.iter().filter(|it| says(it)).map(|it| it.term.clone()).collect();
            let all: Vec<String> = words.into_iter().map(|it| it.folded).collect();
            if all.is_empty() {
                continue;
            }
            if let Some(first) = copies.get(&all) {
                pairs.push(Pair { second: draft, first, is_copy: true });
                continue;
            }
            copies.insert(all, draft);
            if telling.is_empty() {
                continue;
            }
            if let Some(first) = alike.get(&telling) {
                pairs.push(Pair { second: draft, first, is_copy: false });
                continue;
            }
            alike.insert(telling.clone(), draft);
            rest.push(Symptom { draft, telling });
        }
        pairs.extend(slips(&rest));
        // Where the ids are the same too, that is what is wrong.
        pairs.retain(|it| it.first.id != it.second.id);
        pairs
    }
}

/// Pairs that differ in one letter of one word, or in two that changed places.
fn slips<'a>(symptoms: &[Symptom<'a>]) -> Vec<Pair<'a>> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for it in symptoms.iter().flat_map(|it| &it.telling) {
        *counts.entry(it).or_default() += 1;
    }
    // Two words that differ in one letter are the same once the right letter is
    // taken from one of them, or from both.
    let mut keys: Vec<(u64, usize, usize)> = Vec::new();
    for (at, symptom) in symptoms.iter().enumerate() {
        let (telling, last) = (&symptom.telling, symptom.telling.len() - 1);
        let mut before = SEED;
        let mut behind = vec![SEED; telling.len()];
        for place in (0..last).rev() {
            behind[place] = hash(behind[place + 1], telling[place + 1].bytes());
        }
        for (place, word) in telling.iter().enumerate() {
            if can_slip(word) {
                let around = before.rotate_left(32) ^ behind[place];
                keys.push((hash(around, word.bytes()), at, place));
                for (hole, char) in word.char_indices() {
                    let rest = word[..hole].bytes().chain(word[hole + char.len_utf8()..].bytes());
                    keys.push((hash(around, rest), at, place));
                }
            }
            before = hash(before, word.bytes());
        }
    }
    keys.sort_unstable();
    keys.dedup();
    let mut found: BTreeMap<usize, usize> = BTreeMap::new();
    for run in keys.chunk_by(|a, b| a.0 == b.0) {
        for (n, (_, second, place)) in run.iter().enumerate() {
            for (_, first, other) in &run[..n] {
                let (a, b) = (&symptoms[*first], &symptoms[*second]);
                if first != second && place == other && differ_in(a, b, *place) {
                    let (x, y) = (a.telling[*place].as_str(), b.telling[*place].as_str());
                    // A word that stands elsewhere too is one, and no slip.
                    if is_slip(x, y) && counts[x].min(counts[y]) == 1 {
                        found.entry(*second).or_insert(*first);
                    }
                }
            }
        }
    }
    let pair = |(second, first): (usize, usize)| Pair {
        second: symptoms[second].draft,
        first: symptoms[first].draft,
        is_copy: false,
    };
    found.into_iter().map(pair).collect()
}

/// Codes and numbers are never slips: one digit makes another error.
fn can_slip(word: &str) -> bool {
    (MIN_SLIP_CHARS..=MAX_SLIP_CHARS).contains(&word.chars().count()) && !word.bytes().any(|it| it.is_ascii_digit())
}

fn differ_in(a: &Symptom, b: &Symptom, place: usize) -> bool {
    a.telling.len() == b.telling.len()
        && a.telling.iter().zip(&b.telling).enumerate().all(|(at, (x, y))| at == place || x == y)
}

fn is_slip(a: &str, b: &str) -> bool {
    if edits(a, b) <= 1 {
        return true;
    }
    // Two neighbours that changed places.
    let differing: Vec<usize> =
        a.bytes().zip(b.bytes()).enumerate().filter(|(_, it)| it.0 != it.1).map(|it| it.0).collect();
    let (a, b) = (a.as_bytes(), b.as_bytes());
    match differing.as_slice() {
        [i, j] => a.len() == b.len() && i + 1 == *j && a[*i] == b[*j] && a[*j] == b[*i],
        _ => false,
    }
}

/// FNV-1a. What meets by chance is compared letter by letter afterwards.
const SEED: u64 = 0xcbf2_9ce4_8422_2325;

fn hash(seed: u64, bytes: impl Iterator<Item = u8>) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    // A byte that no text holds stands between two words.
    step(bytes.fold(seed, step), 0xff)
}
