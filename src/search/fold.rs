//! Text to terms, in one way everywhere: the compiler folds the content and
//! the page folds the query with the same table, which stands in the index.

use std::mem::take;

use crate::index::{Folding, MAX_TERM_BYTES};

/// Scripts that are written without spaces, or whose words grow by what is
/// attached to them: Thai, Lao, Burmese, the letters of Hangul that the table
/// makes of its syllables, Khmer, kana, Han. Their words are not told apart;
/// every two neighbouring characters make a term.
const UNSPACED: [(char, char); 9] = [
    ('\u{e00}', '\u{eff}'),
    ('\u{1000}', '\u{109f}'),
    ('\u{1100}', '\u{11ff}'),
    ('\u{1780}', '\u{17ff}'),
    ('\u{3041}', '\u{30ff}'),
    ('\u{31f0}', '\u{31ff}'),
    ('\u{3400}', '\u{9fff}'),
    ('\u{f900}', '\u{faff}'),
    ('\u{20000}', '\u{3ffff}'),
];

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
/// In scripts without spaces the words are pairs of characters, each of which
/// begins in the middle of the one before.
pub fn words(folding: &Folding, text: &str) -> Vec<Word> {
    words_beginning(folding, text, &Beginnings([u32::MAX; 32]))
}

/// The two characters that words may begin with: per first, by its lowest five
/// bits, which differ from letter to letter, a set of seconds, by theirs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beginnings([u32; 32]);

impl Beginnings {
    /// Those of folded words or, as no rule of a language touches these, of
    /// their stems. A word of one character allows every word that it begins.
    pub fn of<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut it = Self::default();
        for word in words {
            let mut chars = word.chars();
            if let Some(first) = chars.next() {
                it.0[first as usize & 31] |= chars.next().map_or(u32::MAX, |second| 1 << (second as u32 & 31));
            }
        }
        it
    }

    fn has(&self, first: char) -> bool {
        self.0[first as usize & 31] != 0
    }

    /// The same for letters and digits, in either case.
    fn has_ascii(&self, word: &[u8]) -> bool {
        match word {
            [first, second, ..] => self.0[usize::from(*first) & 31] >> (second & 31) & 1 == 1,
            _ => word.first().is_some_and(|it| self.has(char::from(*it))),
        }
    }
}

/// Those of the words that begin so: the others are not even read, which is most
/// of the work.
pub fn words_beginning(folding: &Folding, text: &str, beginnings: &Beginnings) -> Vec<Word> {
    let mut out =
        Words { folding, beginnings, done: Vec::new(), folded: String::new(), start: 0, is_skipped: false, run: None };
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let start = at;
        at += 1;
        if byte.is_ascii_alphanumeric() {
            while bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) {
                at += 1;
            }
            out.ascii(text.get(start..at).unwrap_or_default(), start);
            continue;
        }
        if byte.is_ascii() {
            if *byte != b'\'' {
                out.finish(start);
            }
            continue;
        }
        let Some(char) = text.get(start..).and_then(|it| it.chars().next()) else { continue };
        at = start + char.len_utf8();
        match lookup(folding, char) {
            Some(" ") => out.finish(start),
            Some(stand_in) => stand_in.chars().for_each(|it| out.push(it, start, at)),
            None => out.push(char, start, at),
        }
    }
    out.finish(text.len());
    out.done
}

/// Words in the making.
struct Words<'a> {
    folding: &'a Folding,
    beginnings: &'a Beginnings,
    done: Vec<Word>,
    /// The word that is being read, and where it starts.
    folded: String,
    start: usize,
    /// Whether it begins in a way that is not wanted.
    is_skipped: bool,
    run: Option<Run>,
}

/// The last character of a script without spaces.
struct Run {
    char: char,
    start: usize,
    end: usize,
    /// Whether it makes no pair with the one before.
    is_alone: bool,
}

impl Words<'_> {
    fn push(&mut self, char: char, start: usize, end: usize) {
        if !char.is_ascii() && UNSPACED.iter().any(|it| (it.0..=it.1).contains(&char)) {
            self.finish_word(start);
            let before = self.run.replace(Run { char, start, end, is_alone: true });
            if let (Some(before), Some(run)) = (before, &mut self.run) {
                run.is_alone = false;
                self.add([before.char, char].iter().collect(), before.start, end);
            }
            return;
        }
        if self.is_skipped {
            return;
        }
        self.finish_run();
        if self.folded.is_empty() {
            self.start = start;
            self.is_skipped = !self.beginnings.has(char);
        }
        if !self.is_skipped {
            self.folded.push(char);
        }
    }

    /// Letters and digits of ASCII, which nearly all text is: taken together, and
    /// passed over together.
    fn ascii(&mut self, part: &str, start: usize) {
        self.finish_run();
        if self.folded.is_empty() {
            self.start = start;
            self.is_skipped |= !self.beginnings.has_ascii(part.as_bytes());
        }
        if !self.is_skipped {
            self.folded.extend(part.bytes().map(|it| char::from(it.to_ascii_lowercase())));
        }
    }

    fn finish(&mut self, end: usize) {
        self.finish_word(end);
        self.finish_run();
    }

    fn finish_word(&mut self, end: usize) {
        self.is_skipped = false;
        if !self.folded.is_empty() {
            let folded = take(&mut self.folded);
            self.add(folded, self.start, end);
        }
    }

    fn finish_run(&mut self) {
        if let Some(it) = self.run.take().filter(|it| it.is_alone) {
            self.add(it.char.into(), it.start, it.end);
        }
    }

    fn add(&mut self, mut folded: String, start: usize, end: usize) {
        let mut len = folded.len().min(MAX_TERM_BYTES);
        while !folded.is_char_boundary(len) {
            len -= 1;
        }
        folded.truncate(len);
        let term = stem(self.folding, &folded);
        self.done.push(Word { folded, term, start, end });
    }
}

fn lookup(folding: &Folding, char: char) -> Option<&str> {
    let at = folding.map.binary_search_by_key(&char, |it| it.0).ok()?;
    Some(&folding.map[at].1)
}

/// The stem of a folded word, by the first suffix rule that fits. A word with
/// a digit is a code or a number and stays whole, but for a plural "s".
pub fn stem(folding: &Folding, folded: &str) -> String {
    cut_ending(folding, folded, 0)
}

/// The stem of a word that may lack a letter.
pub fn stem_after_slip(folding: &Folding, folded: &str) -> String {
    cut_ending(folding, folded, 1)
}

#[cfg_attr(all(target_family = "wasm", feature = "widget"), optimize(speed))]
fn cut_ending(folding: &Folding, folded: &str, missing: usize) -> String {
    let is_code = folded.bytes().any(|it| it.is_ascii_digit());
    let last = folded.as_bytes().last();
    for rule in &folding.suffixes {
        // Most rules are told by one letter, and every word of a text comes by here.
        if rule.ending.as_bytes().last() != last {
            continue;
        }
        if is_code && rule.ending != "s" {
            continue;
        }
        if let Some(stem) = folded.strip_suffix(rule.ending.as_str())
            && stem.len() + missing >= rule.min_stem
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
