//! The terms of the index that a word of the query stands for.

use super::fold::{self, Word};
use crate::index::{Index, Postings, Sketch};

/// How well a term stands for a word that is not typed out, in hundredths: a
/// hit that was guessed must not push aside one that was typed. Here it is the
/// beginning of the term; per missing letter a little less,
/// so that "call" prefers "calls" to "callback".
const PREFIX: u32 = 80;
const PREFIX_PER_LETTER: u32 = 4;
const PREFIX_AT_LEAST: u32 = 40;
/// One or two slips of the finger.
const ONE_EDIT: u32 = 60;
const TWO_EDITS: u32 = 40;

/// Shortest words in which one and two slips are forgiven. Below four letters
/// every word is one edit away from another one.
const ONE_EDIT_FROM: usize = 4;
const TWO_EDITS_FROM: usize = 8;

/// Shortest part of a word that lacks the space between two, in bytes.
const MIN_PART: usize = 3;

/// Shortest beginning of a word that stands for it, and the longest ending
/// that is left then, in bytes.
const MIN_BEGINNING: usize = 4;
const MAX_ENDING: usize = 3;

/// Calls `each` with the terms that a word is the beginning of, and how well
/// they stand for it.
#[cfg_attr(all(target_family = "wasm", feature = "widget"), optimize(speed))]
pub fn prefixed<'a>(index: &'a Index, word: &Word, mut each: impl FnMut(Postings<'a>, u32)) {
    let mut terms = index.terms_from(&word.folded);
    while let Some((term, postings)) = terms.next()
        && term.starts_with(&word.folded)
    {
        if term != word.term {
            let missing = (term.len() - word.folded.len()) as u32;
            each(postings, PREFIX.saturating_sub(PREFIX_PER_LETTER * missing).max(PREFIX_AT_LEAST));
        }
    }
    // "receivin": the term has lost the ending that is being typed.
    for rule in index.folding().suffixes.iter().filter(|it| it.replacement.is_empty()) {
        for len in 1..rule.ending.len() {
            if let Some(begun) = rule.ending.get(..len)
                && let Some(stem) = word.folded.strip_suffix(begun)
                && stem.len() >= rule.min_stem
                && let Some((_, postings)) = index.term(stem)
            {
                each(postings, PREFIX);
            }
        }
    }
}

/// The family of a three-digit code, as people write it: "5xx" for "503".
pub fn family(word: &Word) -> Option<String> {
    let digits = word.folded.as_bytes();
    let is_code = digits.len() == 3 && matches!(digits[0], b'1'..=b'5') && digits.iter().all(u8::is_ascii_digit);
    is_code.then(|| [char::from(digits[0]), 'x', 'x'].iter().collect())
}

/// The two terms of a word that lacks the space between them.
pub fn parts<'a>(index: &'a Index, word: &Word) -> Option<[(u32, Postings<'a>); 2]> {
    let folded = word.folded.as_str();
    let cuts = MIN_PART..(folded.len() + 1).saturating_sub(MIN_PART);
    let mut cuts = cuts.filter_map(|it| folded.split_at_checked(it));
    cuts.find_map(|(head, tail)| {
        let known = |part| index.term(&fold::stem(index.folding(), part));
        Some([known(head)?, known(tail)?])
    })
}

/// The longest term that a word begins with, when little of it is left: its
/// ending is misspelt, or one that nobody told us of.
pub fn beginning<'a>(index: &'a Index, word: &Word) -> Option<(u32, Postings<'a>)> {
    let folded = word.folded.as_str();
    let mut cuts = (folded.len().saturating_sub(MAX_ENDING).max(MIN_BEGINNING)..folded.len()).rev();
    cuts.find_map(|it| index.term(folded.get(..it)?))
}

/// A term that was perhaps meant.
pub struct Typo<'a> {
    pub term: u32,
    pub quality: u32,
    pub postings: Postings<'a>,
}

/// The terms that a word which stands for nothing may have been meant for.
pub fn typos<'a>(index: &'a Index, word: &Word) -> Vec<Typo<'a>> {
    let len = word.folded.chars().count();
    // A slip may have made or unmade an ending: all forms are compared.
    let mut forms = vec![word.term.clone()];
    for it in [&word.folded, &fold::stem_after_slip(index.folding(), &word.folded)] {
        if !forms.contains(it) {
            forms.push(it.clone());
        }
    }
    // A word one slip away makes those two slips away unlikely.
    for (edits, quality, from) in [(1, ONE_EDIT, ONE_EDIT_FROM), (2, TWO_EDITS, TWO_EDITS_FROM)] {
        let mut found: Vec<Typo<'a>> = Vec::new();
        for form in forms.iter().filter(|_| len >= from) {
            similar(index, form, edits, |term| {
                if found.iter().all(|it| it.term != term) {
                    found.push(Typo { term, quality, postings: index.postings(term) });
                }
            });
        }
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// Calls `each` with the terms at most `edits` away from a word. Two edits
/// leave the first character as it is: people know how a word begins.
#[cfg_attr(all(target_family = "wasm", feature = "widget"), optimize(speed))]
fn similar(index: &Index, word: &str, edits: usize, mut each: impl FnMut(u32)) {
    let sketch = Sketch::of(word);
    let word: Vec<char> = word.chars().collect();
    let (mut term, mut rows) = (Vec::new(), Vec::new());
    for len in word.len().saturating_sub(edits)..=word.len() + edits {
        for (other, position) in index.sketches(len) {
            if sketch.may_be(*other, edits as u32) && (edits < 2 || sketch.begins_like(*other)) {
                term.clear();
                term.extend(index.nth_term(*position).chars());
                if distance(&word, &term, &mut rows) <= edits {
                    each(*position);
                }
            }
        }
    }
}

/// Edits from one word to the other, a transposition counted as one (optimal
/// string alignment).
pub fn distance(a: &[char], b: &[char], rows: &mut Vec<u8>) -> usize {
    let width = b.len() + 1;
    rows.clear();
    rows.extend((0..width).map(|it| it as u8));
    for i in 1..=a.len() {
        let last = rows.len() - width;
        rows.push(i as u8);
        for j in 1..width {
            let differs = u8::from(a[i - 1] != b[j - 1]);
            let left = rows[rows.len() - 1];
            let mut best = (left.min(rows[last + j]) + 1).min(rows[last + j - 1] + differs);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[last - width + j - 2] + 1);
            }
            rows.push(best);
        }
    }
    rows.last().copied().unwrap_or_default().into()
}
