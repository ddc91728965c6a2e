//! What holds for every query and every entry.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;
use unstuck::index::text;
use unstuck::search::{self, Highlighter, fold};

use crate::quality::Query;
use crate::{kb, kb_in, queries, repository, sets};

#[test]
fn the_form_and_the_case_of_a_query_do_not_matter() {
    let index = kb();
    let full_width = |it: char| {
        if ('!'..='~').contains(&it) { char::from_u32(it as u32 + 0xfee0).expect("in the block") } else { it }
    };
    for it in sets().iter().flat_map(|(path, _)| queries(path)) {
        // A word taken apart at its humps has none in another case.
        if it.text.chars().zip(it.text.chars().skip(1)).any(|(a, b)| a.is_lowercase() && b.is_uppercase()) {
            continue;
        }
        let hits = search::run(&index, &it.text, None).hits;
        for other in [
            it.text.nfd().collect::<String>(),
            it.text.nfkc().collect(),
            it.text.to_uppercase(),
            it.text.to_lowercase(),
            it.text.chars().map(full_width).collect(),
        ] {
            assert_eq!(search::run(&index, &other, None).hits, hits, "{other:?} for {:?}", it.text);
        }
    }
}

#[test]
fn every_symptom_finds_its_entry_first() {
    let index = kb();
    for doc in 0..index.n_entries() {
        let symptom = unstuck::index::text::plain(&index.summary(doc).symptom);
        let hits = search::run(&index, &symptom, None).hits;
        assert_eq!(hits.first().map(|it| it.doc), Some(doc), "{symptom:?}");
    }
}

#[test]
fn every_entry_is_reached_by_each_of_its_aliases() {
    let index = kb();
    let vocabulary = std::fs::read_to_string(repository("kb/vocabulary.toml")).expect("it is in the tree");
    let vocabulary: toml::Table = toml::from_str(&vocabulary).expect("it is TOML");
    for (id, aliases) in vocabulary["aliases"].as_table().expect("aliases by entry") {
        for alias in aliases.as_array().expect("a list").iter().filter_map(toml::Value::as_str) {
            let hits = search::run(&index, alias, None).hits;
            assert!(hits.iter().any(|it| index.summary(it.doc).id == *id), "{alias:?} does not reach {id}");
        }
    }
}

/// Of a text without an end the end is read, in no more time than that takes.
#[test]
fn megabytes_are_searched_for_by_their_end() {
    let index = kb();
    let end = "\nI was charged twice";
    let expected = search::run(&index, end, None).hits;
    let forms =
        ["word ", "a", "\u{430}", "\u{fdfa}", "HumpS", "\0", "\u{202e}", "5", "\u{ac00}", "the ", "\u{301}", "'"];
    for it in forms {
        let start = std::time::Instant::now();
        let found = search::run(&index, &it.repeat(4_000_000 / it.len()), None);
        assert!(found.hits.len() <= index.n_entries() as usize);
        let found = search::run(&index, &format!("{}{end}", it.repeat(4_000_000 / it.len())), None);
        assert!(start.elapsed() < std::time::Duration::from_mins(1), "{it:?}: {:?}", start.elapsed());
        if it == "the " {
            assert_eq!(found.hits.first(), expected.first());
        }
    }
}

/// Once an entry is found by the beginning of its title, typing on keeps it.
#[test]
fn a_longer_beginning_of_a_title_never_loses_its_entry() {
    let index = kb();
    let mut lost = BTreeSet::new();
    for doc in 0..index.n_entries() {
        let symptom = unstuck::index::text::plain(&index.summary(doc).symptom);
        let mut is_found = false;
        for (end, _) in symptom.char_indices().skip(1).chain([(symptom.len(), ' ')]) {
            let has = search::run(&index, &symptom[..end], None).hits.iter().any(|it| it.doc == doc);
            if is_found && !has {
                lost.insert(symptom[..end].to_owned());
            }
            is_found |= has;
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

/// What people say around their problem neither helps nor hurts.
#[test]
fn filler_around_a_symptom_changes_nothing_that_is_first() {
    let index = kb();
    for doc in 0..index.n_entries() {
        let symptom = unstuck::index::text::plain(&index.summary(doc).symptom);
        for query in [
            format!("pls help!!! {symptom} AGAIN since yesterday :("),
            format!("hi, I have a problem: {symptom}. Thanks in advance"),
            format!("WHY {}???", symptom.to_uppercase()),
        ] {
            let hits = search::run(&index, &query, None).hits;
            assert_eq!(hits.first().map(|it| it.doc), Some(doc), "{query:?}");
        }
    }
}

/// Marking passes over words by how they begin. What it marks is what reading
/// each word in full finds.
#[test]
fn no_word_that_matched_is_passed_over() {
    for (index, set) in [(kb(), "queries"), (kb(), "held-out"), (kb_in("es"), "es/queries"), (kb_in("es"), "es/last")] {
        let typed = |Query { text, .. }: &Query| text.chars().take(text.chars().count() / 2).collect::<String>();
        let asked: Vec<String> = queries(set).iter().flat_map(|it| [it.text.clone(), typed(it)]).collect();
        for query in asked {
            let found = search::run(&index, &query, None);
            let terms: Vec<String> = found.terms.iter().map(|it| index.nth_term(*it)).collect();
            let is_asked = |it: &fold::Word| {
                let is_begun = found.prefix.as_ref().is_some_and(|prefix| it.term.starts_with(prefix.as_str()));
                (is_begun || terms.contains(&it.term)) && !fold::is_stop_word(index.folding(), it)
            };
            let highlighter = Highlighter::new(&index, &found);
            for doc in 0..index.n_entries() {
                let (summary, resolution) = (index.summary(doc), index.resolution(doc).expect("it is at hand"));
                let steps = resolution.steps.iter().map(|it| &it.text);
                for rich in [&summary.symptom].into_iter().chain(&summary.causes).chain(steps) {
                    let text = text::plain(rich);
                    let words = fold::words(index.folding(), &text).into_iter().filter(is_asked);
                    let expected: Vec<_> = words.map(|it| it.start..it.end).collect();
                    assert_eq!(highlighter.marks(index.folding(), &text), expected, "{query:?} in {text:?}");
                }
            }
        }
    }
}
