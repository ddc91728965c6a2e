//! Text to terms, in one way everywhere: the compiler folds the content and
//! the page folds the query with the same table, which stands in the index.

use crate::index::{Folding, MAX_TERM_BYTES};

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Folded, as a prefix is compared.
    pub folded: String,
    /// Folded and stemmed, as it stands in the index.
    pub term: String,
    /// Where the word starts in the text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// The words of a plain text, in order.
///
/// Letters and digits make words; an apostrophe inside a word is dropped
/// ("can't" is "cant"), everything else separates. A character outside ASCII
/// that the table does not know stays as it is: it cannot occur in the index.
pub fn words(folding: &Folding, text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut folded = String::new();
    let mut start = 0;
    for (at, char) in text.char_indices() {
        let before = folded.len();
        let separates = match char {
            'a'..='z' | '0'..='9' => {
                folded.push(char);
                false
            }
            'A'..='Z' => {
                folded.push(char.to_ascii_lowercase());
                false
            }
            '\'' => false,
            _ if char.is_ascii() => true,
            _ => match lookup(folding, char) {
                Some(" ") => true,
                Some(stand_in) => {
                    folded.push_str(stand_in);
                    false
                }
                None => {
                    folded.push(char);
                    false
                }
            },
        };
        if before == 0 && !folded.is_empty() {
            start = at;
        }
        if separates {
            finish(folding, &mut words, &mut folded, start, at);
        }
    }
    finish(folding, &mut words, &mut folded, start, text.len());
    words
}

fn lookup(folding: &Folding, char: char) -> Option<&str> {
    let at = folding.map.binary_search_by_key(&char, |it| it.0).ok()?;
    Some(&folding.map[at].1)
}

fn finish(folding: &Folding, words: &mut Vec<Word>, folded: &mut String, start: usize, end: usize) {
    if folded.is_empty() {
        return;
    }
    let mut len = folded.len().min(MAX_TERM_BYTES);
    while !folded.is_char_boundary(len) {
        len -= 1;
    }
    folded.truncate(len);
    let term = stem(folding, folded);
    words.push(Word { folded: std::mem::take(folded), term, start, end });
}

/// The stem of a folded word, by the first suffix rule that fits. A word with
/// a digit is a code or a number and stays whole, but for a plural "s".
fn stem(folding: &Folding, folded: &str) -> String {
    let is_code = folded.bytes().any(|it| it.is_ascii_digit());
    for rule in &folding.suffixes {
        if is_code && rule.ending != "s" {
            continue;
        }
        if let Some(stem) = folded.strip_suffix(rule.ending.as_str())
            && stem.len() >= rule.min_stem
        {
            return [stem, &rule.replacement].concat();
        }
    }
    folded.into()
}

/// Whether a word says little ("the", "my"): it neither helps nor hurts.
pub fn is_stop_word(folding: &Folding, word: &Word) -> bool {
    folding.stop_words.binary_search(&word.folded).is_ok()
}
