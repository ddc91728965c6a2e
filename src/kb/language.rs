//! What is known of languages: endings and words that say little. A language
//! that is not here is searched without either.

use crate::index::Suffix;

/// What is known of one language.
pub struct Language {
    /// Ending, what stands in its place, and how many bytes must be left.
    /// The first that fits is applied.
    suffixes: &'static [(&'static str, &'static str, usize)],
    stop_words: &'static [&'static str],
}

/// English. Endings are cut lightly: "receiving", "received" and "receive"
/// meet at "receiv", and no two words of different meaning do among those that
/// support teams use. "not" and "no" stay words: they make the difference
/// between a problem and none.
const ENGLISH: Language = Language {
    suffixes: &[
        ("ss", "ss", 0),
        ("us", "us", 0),
        ("is", "is", 0),
        ("ies", "y", 2),
        ("ied", "y", 2),
        ("pping", "p", 2),
        ("tting", "t", 2),
        ("nning", "n", 2),
        ("gging", "g", 2),
        ("pped", "p", 2),
        ("tted", "t", 2),
        ("gged", "g", 2),
        ("ings", "", 4),
        ("ing", "", 4),
        ("eed", "eed", 0),
        ("ed", "", 4),
        ("sses", "ss", 2),
        ("xes", "x", 1),
        ("es", "", 4),
        ("s", "", 3),
        ("e", "", 4),
    ],
    stop_words: &[
        "a", "about", "after", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can",
        "could", "did", "do", "does", "dont", "for", "from", "get", "getting", "gets", "got", "had", "has", "have",
        "hello", "help", "hey", "hi", "how", "i", "id", "if", "im", "in", "into", "is", "it", "its", "ive", "just",
        "keep", "keeps", "like", "me", "my", "need", "now", "of", "on", "or", "our", "please", "pls", "plz", "should",
        "so", "some", "still", "than", "thanks", "that", "the", "their", "them", "then", "there", "these", "they",
        "this", "to", "try", "trying", "us", "want", "was", "we", "were", "what", "when", "where", "which", "who",
        "why", "will", "with", "would", "you", "your",
    ],
};

/// What is known of the language of a BCP 47 tag.
pub fn known(lang: &str) -> Option<&'static Language> {
    let primary = lang.split('-').next().unwrap_or_default();
    primary.eq_ignore_ascii_case("en").then_some(&ENGLISH)
}

impl Language {
    pub fn suffixes(&self) -> Vec<Suffix> {
        let rule = |(ending, replacement, min_stem): &(&str, &str, usize)| Suffix {
            ending: (*ending).into(),
            replacement: (*replacement).into(),
            min_stem: *min_stem,
        };
        self.suffixes.iter().map(rule).collect()
    }

    pub fn stop_words(&self) -> Vec<String> {
        let mut words: Vec<String> = self.stop_words.iter().map(|it| (*it).into()).collect();
        words.sort_unstable();
        words
    }
}
