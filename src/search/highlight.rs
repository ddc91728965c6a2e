//! Why an entry was found: which words of a text the query stood for.

use std::ops::Range;

use super::Found;
use super::fold::{self, Beginnings};
use crate::index::{Folding, Index};

/// Tells which words of a text a search matched.
#[derive(Clone, Debug, Default)]
pub struct Highlighter {
    terms: Vec<String>,
    prefix: Option<String>,
    beginnings: Beginnings,
}

impl Highlighter {
    /// For what a search found.
    pub fn new(index: &Index, found: &Found) -> Self {
        let terms: Vec<String> = found.terms.iter().map(|it| index.nth_term(*it)).collect();
        let prefix = found.prefix.clone();
        let beginnings = Beginnings::of(terms.iter().chain(&prefix).map(String::as_str));
        Self { terms, prefix, beginnings }
    }

    /// The ranges of a plain text, in bytes, whose words matched.
    pub fn marks(&self, folding: &Folding, text: &str) -> Vec<Range<usize>> {
        let mut marks: Vec<Range<usize>> = Vec::new();
        if self.terms.is_empty() && self.prefix.is_none() {
            return marks;
        }
        let is_begun = |word: &str| self.prefix.as_ref().is_some_and(|it| word.starts_with(it.as_str()));
        for it in fold::words_beginning(folding, text, &self.beginnings) {
            let matches = self.terms.contains(&it.term) || is_begun(&it.term);
            if !matches || fold::is_stop_word(folding, &it) {
                continue;
            }
            // Pairs of characters overlap.
            match marks.last_mut() {
                Some(last) if it.start < last.end => last.end = it.end,
                _ => marks.push(it.start..it.end),
            }
        }
        marks
    }

    /// The words of the texts that matched, as they stand there, each once.
    pub fn words<'t>(&self, folding: &Folding, texts: impl Iterator<Item = &'t str>) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for text in texts {
            for range in self.marks(folding, text) {
                let Some(word) = text.get(range) else { continue };
                if !words.iter().any(|it| it == word) {
                    words.push(word.into());
                }
            }
        }
        words
    }
}
