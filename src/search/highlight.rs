//! Why an entry was found: which words of a text the query stood for.

use std::ops::Range;

use super::fold;
use crate::index::Folding;

/// The ranges of a plain text, in bytes, whose words are among the terms that
/// a search matched.
pub fn marks(folding: &Folding, text: &str, terms: &[String]) -> Vec<Range<usize>> {
    if terms.is_empty() {
        return Vec::new();
    }
    fold::words(folding, text)
        .into_iter()
        .filter(|it| terms.contains(&it.term) && !fold::is_stop_word(folding, it))
        .map(|it| it.start..it.end)
        .collect()
}

/// The words of the texts that matched, as they stand there, each once.
pub fn matched_words<'a>(folding: &Folding, texts: impl Iterator<Item = &'a str>, terms: &[String]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for text in texts {
        for range in marks(folding, text, terms) {
            let word = &text[range];
            if !words.iter().any(|it| it == word) {
                words.push(word.into());
            }
        }
    }
    words
}
