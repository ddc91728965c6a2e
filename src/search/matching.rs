//! The terms of the index that a word of the query stands for.

use super::fold::Word;
use crate::index::{Index, Postings};

/// How well a term stands for a word, in hundredths. Above: typing a whole
/// word right must beat everything; below, a hit that was guessed must not
/// push aside one that was typed.
const EXACT: u32 = 100;
/// The word is the beginning of the term; per missing letter a little less,
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

/// A term that stands for a word of the query.
pub struct Match<'a> {
    pub term: String,
    pub quality: u32,
    pub postings: Postings<'a>,
}

/// All terms that a word itself stands for. A word that may still be typed on
/// matches as a prefix too.
pub fn matches<'a>(index: &'a Index, word: &Word, is_last: bool) -> Vec<Match<'a>> {
    let mut found = Vec::new();
    if let Some(postings) = index.postings(&word.term) {
        found.push(Match { term: word.term.clone(), quality: EXACT, postings });
    }
    if is_last {
        let mut terms = index.terms_from(&word.folded);
        while let Some((term, postings)) = terms.next()
            && term.starts_with(&word.folded)
        {
            if term != word.term {
                let missing = (term.len() - word.folded.len()) as u32;
                let quality = PREFIX.saturating_sub(PREFIX_PER_LETTER * missing).max(PREFIX_AT_LEAST);
                found.push(Match { term: term.into(), quality, postings });
            }
        }
    }
    found
}

/// The terms that a word which stands for nothing may have been meant for.
pub fn typos<'a>(index: &'a Index, word: &Word) -> Vec<Match<'a>> {
    let mut found = Vec::new();
    // A slip may have made or unmade an ending: both forms are compared.
    let typed: Vec<char> = word.folded.chars().collect();
    let stem: Vec<char> = word.term.chars().collect();
    let allowed = match typed.len() {
        ..ONE_EDIT_FROM => return found,
        ONE_EDIT_FROM..TWO_EDITS_FROM => 1,
        _ => 2,
    };
    let mut terms = index.terms_from("");
    let mut target = Vec::new();
    while let Some((term, postings)) = terms.next() {
        target.clear();
        target.extend(term.chars());
        let nearest = distance(&typed, &target, allowed).into_iter().chain(distance(&stem, &target, allowed)).min();
        match nearest {
            Some(1) => found.push(Match { term: term.into(), quality: ONE_EDIT, postings }),
            Some(2) => found.push(Match { term: term.into(), quality: TWO_EDITS, postings }),
            _ => {}
        }
    }
    // A word one slip away makes those two slips away unlikely.
    if found.iter().any(|it| it.quality == ONE_EDIT) {
        found.retain(|it| it.quality == ONE_EDIT);
    }
    found
}

/// Edits from one word to the other, a transposition counted as one (optimal
/// string alignment); `None` above `allowed`.
fn distance(a: &[char], b: &[char], allowed: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > allowed {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let differs = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + differs);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        if row.iter().min().is_some_and(|it| *it > allowed) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|it| *it <= allowed)
}
