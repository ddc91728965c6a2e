//! Words that stand for each other: the built-in lexicon of a language and the
//! synonym groups of the authors, brought down to what a knowledge base needs.

use std::collections::{BTreeMap, BTreeSet};

use crate::index::{Folding, Relation, Strength};
use crate::search::{MAX_PHRASE_WORDS, fold};

/// English, for the conversations of support teams. See the head of the file.
const ENGLISH: &str = include_str!("lexicon/en.txt");

/// The lines of the lexicon of a language; nothing where there is none.
fn lines(lang: &str) -> &'static str {
    let primary = lang.split('-').next().unwrap_or_default();
    if primary.eq_ignore_ascii_case("en") { ENGLISH } else { "" }
}

/// From what people type to terms of this knowledge base: for each phrase the
/// terms that it stands for, of those that `serves` lets through.
///
/// Relations are not followed any further: a synonym of a synonym is often
/// about something else.
pub fn relations(
    lang: &str,
    folding: &Folding,
    groups: &[Vec<String>],
    serves: impl Fn(&str, Strength) -> bool,
) -> Vec<Relation> {
    let mut found: BTreeMap<String, BTreeMap<String, Strength>> = BTreeMap::new();
    let terms = |phrase: &str| fold::words(folding, phrase);
    let mut relate = |from: &[&str], to: &[&str], strength: Strength| {
        let targets: BTreeSet<String> = to
            .iter()
            .filter_map(|it| {
                let words = terms(it);
                let telling: Vec<String> =
                    words.iter().filter(|it| !fold::is_stop_word(folding, it)).map(|it| it.term.clone()).collect();
                let all_occur = !telling.is_empty() && telling.iter().all(|it| serves(it, strength));
                all_occur.then(|| telling.join(" "))
            })
            .collect();
        for source in from {
            let source: Vec<String> = terms(source).into_iter().map(|it| it.term).collect();
            if source.is_empty() || source.len() > MAX_PHRASE_WORDS {
                continue;
            }
            let source = source.join(" ");
            for target in &targets {
                let known = found.entry(source.clone()).or_default().entry(target.clone()).or_insert(strength);
                *known = (*known).max(strength);
            }
        }
    };
    for line in lines(lang).lines() {
        let items = |text: &'static str| text.split(',').map(str::trim).filter(|it| !it.is_empty()).collect::<Vec<_>>();
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
    found.into_iter().map(|(from, to)| Relation { from, to: to.into_iter().collect() }).collect()
}
