//! Words that stand for each other: the built-in lexicon of a language and the
//! synonym groups of the authors, brought down to what a knowledge base needs.

use std::collections::{BTreeMap, BTreeSet};

use crate::index::{Folding, Relation, Strength};
use crate::search::{MAX_PHRASE_WORDS, fold};

/// English, for the conversations of support teams. See the head of the file.
const ENGLISH: &str = include_str!("lexicon/en.txt");

/// The same for Spanish.
const SPANISH: &str = include_str!("lexicon/es.txt");

/// Most words of what a phrase stands for: more have no room in the index, and
/// nobody means a text of that length with a word or two.
const MAX_TARGET_WORDS: usize = 63;

/// The lines of the lexicon of a language; nothing where there is none.
fn lines(lang: &str) -> &'static str {
    match lang.split('-').next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "en" => ENGLISH,
        "es" => SPANISH,
        _ => "",
    }
}

/// From what people type to terms of this knowledge base: for each phrase the
/// terms that it stands for, of those that `serves` lets through: it is asked
/// with the term, how surely it is meant, and the words of the phrase.
///
/// Words that say little stand for nothing; words that ask for something to be
/// done stand for no term in particular, see [`Relation`].
///
/// Relations are not followed any further: a synonym of a synonym is often
/// about something else.
pub fn relations(
    lang: &str,
    folding: &Folding,
    groups: &[Vec<String>],
    serves: impl Fn(&str, Strength, usize) -> bool,
) -> Vec<Relation> {
    let mut found: BTreeMap<String, BTreeMap<String, Strength>> = BTreeMap::new();
    let terms = |phrase: &str| fold::words(folding, phrase);
    let mut relate = |from: &[&str], to: &[&str], strength: Strength| {
        let telling = |phrase: &&str| -> Vec<String> {
            terms(phrase).into_iter().filter(|it| !fold::is_stop_word(folding, it)).map(|it| it.term).collect()
        };
        let to: Vec<Vec<String>> =
            to.iter().map(telling).filter(|it| (1..=MAX_TARGET_WORDS).contains(&it.len())).collect();
        // What serves a phrase of so many words: a group is read once for each
        // length, and not once for each of its phrases.
        let mut by_length: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        for source in from {
            let source: Vec<String> = terms(source).into_iter().map(|it| it.term).collect();
            if source.is_empty() || source.len() > MAX_PHRASE_WORDS {
                continue;
            }
            let targets = by_length.entry(source.len()).or_insert_with(|| {
                let serving = to.iter().filter(|it| it.iter().all(|it| serves(it, strength, source.len())));
                serving.map(|it| it.join(" ")).collect()
            });
            for target in targets.iter() {
                let known = found.entry(source.join(" ")).or_default().entry(target.clone()).or_insert(strength);
                *known = (*known).max(strength);
            }
        }
    };
    let items = |text: &'static str| text.split(',').map(str::trim).filter(|it| !it.is_empty()).collect::<Vec<_>>();
    for line in lines(lang).lines() {
        if let Some(group) = line.strip_prefix("= ") {
            relate(&items(group), &items(group), Strength::Same);
        } else if let Some(group) = line.strip_prefix("~ ") {
            relate(&items(group), &items(group), Strength::Related);
        } else if let Some((from, to)) = line.strip_prefix("> ").and_then(|it| it.split_once('|')) {
            relate(&items(from), &items(to), Strength::Suggested);
        }
    }
    for group in groups {
        let group: Vec<&str> = group.iter().map(String::as_str).collect();
        relate(&group, &group, Strength::Same);
    }
    let words_of = |mark: &str| -> BTreeSet<String> {
        let lines = lines(lang).lines().filter_map(|it| it.strip_prefix(mark));
        let words = lines.flat_map(items).flat_map(terms);
        words.filter(|it| !fold::is_stop_word(folding, it)).map(|it| it.term).collect()
    };
    // What stands for something in this knowledge base is no mere filler in it.
    let fillers = words_of("% ");
    for it in &fillers {
        found.entry(it.clone()).or_default();
    }
    for it in words_of("! ") {
        found.entry(it).or_default().insert(String::new(), Strength::Same);
    }
    // A word stands for itself without being told. Where it is a filler
    // elsewhere, that it stands for something here must be told.
    found.retain(|word, to| fillers.contains(word) || word.contains(' ') || !to.keys().eq([word]));
    found.into_iter().map(|(from, to)| Relation { from, to: to.into_iter().collect() }).collect()
}
