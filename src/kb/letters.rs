//! Letters that are not what they seem: those that cannot be seen, and those of
//! another alphabet that look like Latin ones. Knows no files and no entries.

use std::collections::BTreeSet;
use std::ops::Range;

use super::diagnostic::Diagnostic;
use super::source::Source;

/// Whether a character cannot be seen and does harm: it turns the order of what is
/// shown around, or splits words. Joiners and plain marks of direction are what
/// some scripts are written with.
pub fn is_invisible(it: char) -> bool {
    matches!(it, '\u{180e}' | '\u{200b}' | '\u{2061}'..='\u{2064}' | '\u{feff}' | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{206f}' | '\u{3164}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A control character where text is to stand, or one that cannot be seen. Not
/// the ends of lines, and not tabs.
pub fn hidden(text: &str) -> Option<char> {
    text.chars().find(|it| is_control(*it) || is_invisible(*it))
}

/// Whether a character is a control character that no text needs.
pub fn is_control(it: char) -> bool {
    it.is_control() && !matches!(it, '\t' | '\n' | '\r')
}

/// What there is to say of a setting with such a character in it: it is shown to
/// people, and perhaps in a terminal.
pub fn hidden_setting(source: &Source, span: Range<usize>, it: char) -> Diagnostic {
    let message = format!("a setting holds the character {}, which cannot be seen", code_of(it));
    Diagnostic::error("control-character", source, span, message)
        .hint("delete it, also where it is written as an escape")
}

/// How a character is called that nobody can see.
pub fn code_of(it: char) -> String {
    format!("U+{:04X}", u32::from(it))
}

/// Letters of Cyrillic and Greek, and the Latin ones that they look like.
const LOOK_ALIKES: [(&str, &str); 2] = [
    ("аеорсухѕіјԁԛԝһАВЕКМНОРСТУХЅІЈЗ", "aeopcyxsijdqwhABEKMHOPCTYXSIJ3"),
    ("ορνικΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "opvikABEZHIKMNOPTYX"),
];

/// The Latin letter that a letter looks like, where it is of another alphabet.
pub fn looks_like(it: char) -> Option<char> {
    let (theirs, ours) = LOOK_ALIKES.iter().find(|pair| pair.0.contains(it))?;
    let at = theirs.chars().position(|other| other == it)?;
    ours.chars().nth(at)
}

/// The first word that mixes Latin letters with such that only look like them,
/// and the first of these: a word of one alphabet alone is a word of a language.
pub fn look_alike(text: &str) -> Option<(&str, char)> {
    if text.is_ascii() {
        return None;
    }
    words(text)
        .find_map(|word| Some((word, is_mixed(word).then(|| word.chars().find(|it| looks_like(*it).is_some()))??)))
}

/// The letters of other alphabets that stand for Latin ones in some texts: they
/// are in words that mix both, and in no word of their own alphabet.
pub fn disguised<'a>(texts: impl Iterator<Item = &'a str>) -> BTreeSet<char> {
    let (mut mixed, mut own) = (BTreeSet::new(), BTreeSet::new());
    for word in texts.filter(|it| !it.is_ascii()).flat_map(words).filter(|it| !it.is_ascii()) {
        let found = word.chars().filter(|it| looks_like(*it).is_some());
        if is_mixed(word) { mixed.extend(found) } else { own.extend(found) }
    }
    mixed.difference(&own).copied().collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|it: char| !it.is_alphanumeric())
}

/// Whether all letters outside ASCII are look-alikes, and there are both.
fn is_mixed(word: &str) -> bool {
    let mut others = word.chars().filter(|it| !it.is_ascii()).peekable();
    word.chars().any(|it| it.is_ascii_alphabetic())
        && others.peek().is_some()
        && others.all(|it| looks_like(it).is_some())
}

/// What there is to say of such a word.
pub fn disguise(source: &Source, span: Range<usize>, (word, letter): (&str, char)) -> Diagnostic {
    let latin = looks_like(letter).unwrap_or(letter);
    let message = format!("\"{word}\" holds the letter {}, which only looks like \"{latin}\"", code_of(letter));
    Diagnostic::warning("look-alike", source, span, message)
        .hint("type the word anew; whoever searches for it, or follows it, means another one")
}
