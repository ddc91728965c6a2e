//! Contents to the terms by which they are found.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use super::language;
use super::letters;
use crate::index::{
    Contents, Entry, Field, Fields, Folding, Posting, Resolution, TITLE_WEIGHT_STEP, Term, Title, text,
};
use crate::search::{fold, rarity};

/// Blocks of Unicode whose characters are folded when what they fold to occurs
/// in the knowledge base: Latin with all its extensions, Greek, Cyrillic,
/// Hebrew and Arabic, punctuation and letter-like signs, the letters of Hangul
/// and the marks of kana, full and half width. People
/// type "e" for "é" and paste "é" for "e"; outside these blocks nobody has one
/// for the other.
const FOLDED_BLOCKS: [(u32, u32); 9] = [
    (0x80, 0x17f),
    (0x2b0, 0x36f),
    (0x370, 0x52f),
    (0x591, 0x5f4),
    (0x610, 0x6ff),
    (0x2000, 0x206f),
    (0x3000, 0x303f),
    (0x3099, 0x309a),
    (0xff00, 0xffef),
];

/// How the text of a knowledge base and its queries become terms.
///
/// `texts` are all texts of the build: a character is in the table when it
/// occurs there or folds to characters that do.
pub fn folding<'a>(lang: &str, texts: impl Iterator<Item = &'a str>) -> Folding {
    let mut alphabet: BTreeSet<char> = ('a'..='z').chain('0'..='9').collect();
    let mut occurring = BTreeSet::new();
    let texts: Vec<&str> = texts.collect();
    // What only looks like a Latin letter is found as the one it looks like.
    let disguised = letters::disguised(texts.iter().copied());
    let fold_char = |it: char| match letters::looks_like(it).filter(|_| disguised.contains(&it)) {
        Some(latin) => latin.to_ascii_lowercase().into(),
        None => fold_char(it),
    };
    for char in texts.into_iter().flat_map(str::chars).filter(|it| !it.is_ascii()) {
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
        | '\u{5c4}'..='\u{5c5}' | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{3099}'..='\u{309a}')
}

/// Heaviest title in steps. A symptom of a hundred rare words stays below; what
/// is above is no symptom, and sums of it would overflow.
const MAX_TITLE_STEPS: u32 = 4_095;

/// Other ways to say a symptom, in the order of the entries.
pub type Aliases = Vec<Vec<String>>;

/// The terms of all entries in ascending order, and their titles.
pub fn terms(contents: &Contents, aliases: &Aliases) -> (Vec<Term>, Vec<Title>) {
    let folding = &contents.folding;
    let mut found: BTreeMap<String, (BTreeSet<u32>, BTreeMap<u32, Fields>)> = BTreeMap::new();
    let mut titles: Vec<(u32, BTreeSet<String>)> = Vec::new();
    for (doc, entry) in contents.entries.iter().enumerate() {
        let doc = doc as u32;
        let aliases = aliases.get(doc as usize).map_or(&[][..], Vec::as_slice);
        for text in [&entry.symptom].into_iter().chain(aliases) {
            let words = fold::words(folding, &text::plain(text));
            for it in &words {
                found.entry(it.term.clone()).or_default().0.insert(titles.len() as u32);
            }
            let telling = words.into_iter().filter(|it| !fold::is_stop_word(folding, it)).map(|it| it.term);
            titles.push((doc, telling.collect()));
        }
        let mut add = |rich: &str, field| {
            for it in fold::words(folding, &text::plain(rich)) {
                // Words that say little are looked for in titles alone: elsewhere they
                // stand in every second entry.
                if !fold::is_stop_word(folding, &it) {
                    found.entry(it.term).or_default().1.entry(doc).or_default().insert(field);
                }
            }
        };
        entry.causes.iter().for_each(|it| add(it, Field::Cause));
        resolution_texts(&entry.resolution).for_each(|it| add(it, Field::Resolution));
        add(&contents.areas[entry.area].title, Field::Area);
    }
    let terms: Vec<Term> = found
        .into_iter()
        .map(|(text, (in_titles, docs))| {
            let entries: BTreeSet<u32> =
                docs.keys().copied().chain(in_titles.iter().map(|it| titles[*it as usize].0)).collect();
            Term {
                text,
                titles: in_titles.into_iter().collect(),
                postings: docs.into_iter().map(|(doc, fields)| Posting { doc, fields }).collect(),
                n_entries: entries.len() as u32,
            }
        })
        .collect();
    let n = contents.entries.len() as u32;
    let weight = |it: &String| {
        let at = terms.binary_search_by(|term| term.text.cmp(it));
        at.map_or(0, |at| rarity(n, terms[at].n_entries))
    };
    let titles = titles
        .iter()
        .map(|(doc, words)| {
            let steps = (words.iter().map(weight).sum::<u32>() + TITLE_WEIGHT_STEP / 2) / TITLE_WEIGHT_STEP;
            Title { doc: *doc, weight: steps.clamp(1, MAX_TITLE_STEPS) * TITLE_WEIGHT_STEP }
        })
        .collect();
    (terms, titles)
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

fn resolution_texts(it: &Resolution) -> impl Iterator<Item = &str> {
    let steps =
        it.steps.iter().flat_map(|it| [it.text.as_str()].into_iter().chain(it.notes.iter().map(|it| it.text.as_str())));
    it.description.iter().map(String::as_str).chain(steps).chain(it.after.iter().map(String::as_str))
}
