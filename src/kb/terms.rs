//! Contents to the terms by which they are found.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use super::config::Vocabulary;
use super::language;
use crate::index::{Contents, Entry, Field, Fields, Folding, Posting, Resolution, Term, text};
use crate::search::fold;

/// Blocks of Unicode whose characters are folded when what they fold to occurs
/// in the knowledge base: Latin with all its extensions, Greek, Cyrillic,
/// Hebrew and Arabic, punctuation and letter-like signs, full width. People
/// type "e" for "é" and paste "é" for "e"; outside these blocks nobody has one
/// for the other.
const FOLDED_BLOCKS: [(u32, u32); 9] = [
    (0x80, 0x24f),
    (0x2b0, 0x36f),
    (0x370, 0x52f),
    (0x591, 0x5f4),
    (0x610, 0x6ff),
    (0x1e00, 0x1eff),
    (0x2000, 0x214f),
    (0x3000, 0x303f),
    (0xff00, 0xffef),
];

/// How the text of a knowledge base and its queries become terms.
///
/// `texts` are all texts of the build: a character is in the table when it
/// occurs there or folds to characters that do.
pub fn folding<'a>(lang: &str, texts: impl Iterator<Item = &'a str>) -> Folding {
    let mut alphabet: BTreeSet<char> = ('a'..='z').chain('0'..='9').collect();
    let mut occurring = BTreeSet::new();
    for char in texts.flat_map(str::chars).filter(|it| !it.is_ascii()) {
        occurring.insert(char);
        alphabet.extend(fold_char(char).chars());
    }
    let blocks = FOLDED_BLOCKS.iter().flat_map(|(start, end)| *start..=*end).filter_map(char::from_u32);
    let candidates: BTreeSet<char> = blocks.chain(occurring).collect();
    let map = candidates
        .into_iter()
        .map(|it| (it, fold_char(it)))
        .filter(|(from, to)| !to.chars().eq([*from]))
        .filter(|(_, to)| to.chars().all(|it| it == ' ' || alphabet.contains(&it)))
        .collect();
    let language = language::known(lang);
    Folding {
        map,
        suffixes: language.map(language::Language::suffixes).unwrap_or_default(),
        stop_words: language.map(language::Language::stop_words).unwrap_or_default(),
    }
}

/// What stands for a character: nothing for accents and apostrophes, a space
/// for punctuation, else its lower-case letters without accents.
fn fold_char(char: char) -> String {
    if is_apostrophe(char) {
        return String::new();
    }
    let letters: String = [char]
        .into_iter()
        .nfkd()
        .filter(|it| !is_accent(*it))
        .flat_map(char::to_lowercase)
        .filter(|it| !is_accent(*it))
        .map(|it| match it {
            'ß' => 's',
            'ø' => 'o',
            'đ' | 'ð' => 'd',
            'ł' => 'l',
            'ı' => 'i',
            it => it,
        })
        .collect();
    let letters = letters.replace('æ', "ae").replace('œ', "oe").replace('þ', "th");
    if char == 'ß' || char == 'ẞ' {
        return "ss".into();
    }
    if letters.is_empty() {
        return if is_accent(char) { String::new() } else { " ".into() };
    }
    if letters.chars().all(char::is_alphanumeric) { letters } else { " ".into() }
}

fn is_apostrophe(it: char) -> bool {
    matches!(it, '‘' | '’' | 'ʼ' | '′' | '＇' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
}

/// Marks that people leave out when they type: accents of the alphabets, vowel
/// points of Hebrew and Arabic. Not the marks of other scripts, which are letters.
fn is_accent(it: char) -> bool {
    matches!(it, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c2}'
        | '\u{5c4}'..='\u{5c5}' | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}')
}

/// Other ways to say a symptom, in the order of the entries.
pub type Aliases = Vec<Vec<String>>;

/// The terms of all entries, in ascending order.
pub fn terms(contents: &Contents, aliases: &Aliases, vocabulary: &Vocabulary) -> Vec<Term> {
    let folding = &contents.folding;
    let groups: Vec<Vec<Vec<String>>> = vocabulary
        .synonyms
        .iter()
        .map(|group| group.iter().map(|it| term_sequence(folding, it)).filter(|it| !it.is_empty()).collect())
        .collect();
    let mut postings: BTreeMap<String, BTreeMap<u32, Fields>> = BTreeMap::new();
    for (doc, entry) in contents.entries.iter().enumerate() {
        let mut add = |term: String, field| {
            postings.entry(term).or_default().entry(doc as u32).or_default().insert(field);
        };
        let no_aliases = Vec::new();
        let aliases = aliases.get(doc).unwrap_or(&no_aliases);
        for it in term_sequence(folding, &entry.symptom) {
            add(it, Field::Symptom);
        }
        for alias in aliases {
            for it in term_sequence(folding, alias) {
                add(it, Field::Alias);
            }
        }
        for it in entry.causes.iter().flat_map(|it| term_sequence(folding, it)) {
            add(it, Field::Cause);
        }
        for it in resolution_texts(&entry.resolution).flat_map(|it| term_sequence(folding, it)) {
            add(it, Field::Resolution);
        }
        for it in term_sequence(folding, &contents.areas[entry.area].title) {
            add(it, Field::Area);
        }
        for it in synonyms(folding, &groups, entry, aliases) {
            add(it, Field::Synonym);
        }
    }
    postings
        .into_iter()
        .map(|(text, docs)| Term {
            text,
            postings: docs.into_iter().map(|(doc, fields)| Posting { doc, fields }).collect(),
        })
        .collect()
}

/// All texts of a build that can be searched or shown with highlights.
pub fn texts<'a>(entries: &'a [Entry], areas: impl Iterator<Item = &'a str>, aliases: &'a Aliases) -> Vec<&'a str> {
    let of_entries = entries.iter().flat_map(|it| {
        [it.symptom.as_str()]
            .into_iter()
            .chain(it.causes.iter().map(String::as_str))
            .chain(resolution_texts(&it.resolution))
    });
    of_entries.chain(areas).chain(aliases.iter().flatten().map(String::as_str)).collect()
}

/// Words that mean the same as words of the symptom or of an alias. A phrase
/// counts when its words stand next to each other.
fn synonyms(folding: &Folding, groups: &[Vec<Vec<String>>], entry: &Entry, aliases: &[String]) -> BTreeSet<String> {
    let texts: Vec<Vec<String>> =
        [&entry.symptom].into_iter().chain(aliases).map(|it| term_sequence(folding, it)).collect();
    let holds = |phrase: &[String]| texts.iter().any(|text| text.windows(phrase.len()).any(|it| it == phrase));
    groups
        .iter()
        .filter(|group| group.iter().any(|phrase| holds(phrase)))
        .flat_map(|group| group.iter().flatten().cloned())
        .collect()
}

fn term_sequence(folding: &Folding, rich: &str) -> Vec<String> {
    fold::words(folding, &text::plain(rich)).into_iter().map(|it| it.term).collect()
}

fn resolution_texts(it: &Resolution) -> impl Iterator<Item = &str> {
    let steps =
        it.steps.iter().flat_map(|it| [it.text.as_str()].into_iter().chain(it.notes.iter().map(|it| it.text.as_str())));
    it.description.iter().map(String::as_str).chain(steps).chain(it.after.iter().map(String::as_str))
}
