//! Search quality on sets of queries, as `unstuck eval` measures it.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use unstuck::index::Index;
use unstuck::search::{self, fold};

use crate::{kb, kb_in, kb_without_vocabulary, repository};

/// What a set of queries must reach, in shares; a change that loses a few
/// queries of a set is a change for the worse. What was measured stands in
/// ARCHITECTURE.md.
pub struct Bar {
    /// The first hit is right.
    success_at_1: f64,
    /// One of the first three is right.
    success_at_3: f64,
    /// Nothing is found where nothing is right.
    rejection: f64,
    /// The first hit is right, in each kind of query.
    each_kind: f64,
}

const fn bar(success_at_1: f64, success_at_3: f64, rejection: f64, each_kind: f64) -> Bar {
    Bar { success_at_1, success_at_3, rejection, each_kind }
}

/// The sets. The first was there before the search; the others were written by
/// people who had seen the entries alone. The weights of the search were chosen
/// by all but the last.
pub fn sets() -> [(&'static str, Bar); 5] {
    [
        ("queries", bar(0.95, 0.97, 0.90, 0.80)),
        ("second", bar(0.92, 0.92, 0.86, 0.80)),
        ("third", bar(0.89, 0.91, 0.86, 0.75)),
        ("fourth", bar(0.92, 0.96, 0.82, 0.75)),
        ("held-out", bar(0.92, 0.95, 0.80, 0.80)),
    ]
}

/// A query of a set.
pub struct Query {
    pub text: String,
    /// Ids that are right; none where no entry is.
    pub expected: Vec<String>,
    pub area: Option<String>,
    pub kind: String,
}

/// The queries of a set.
pub fn queries(set: &str) -> Vec<Query> {
    let path = repository(&format!("tests/search/{set}.jsonl"));
    let text = fs::read_to_string(path).expect("the queries are in the tree");
    let query = |line: &str| {
        let query: Value = serde_json::from_str(line).expect("a query is JSON");
        Query {
            text: query["q"].as_str().expect("a text").into(),
            expected: query["expect"]
                .as_array()
                .expect("a list")
                .iter()
                .filter_map(Value::as_str)
                .map(Into::into)
                .collect(),
            area: query["area"].as_str().map(Into::into),
            kind: query["kind"].as_str().expect("a kind").into(),
        }
    };
    text.lines().map(query).collect()
}

#[derive(Default)]
struct Measure {
    asked: u32,
    first: u32,
    among_three: u32,
    beyond: u32,
    rejected: u32,
}

fn share(part: u32, of: u32) -> f64 {
    if of == 0 { 1.0 } else { f64::from(part) / f64::from(of) }
}

#[track_caller]
fn check(index: &Index, set: &str, bar: &Bar) {
    let mut kinds: BTreeMap<String, Measure> = BTreeMap::new();
    for query in queries(set) {
        let area = query.area.and_then(|it| index.areas().iter().position(|area| area.title == it));
        let hits = search::run(index, &query.text, area).hits;
        let rank = hits.iter().position(|it| query.expected.contains(&index.summary(it.doc).id));
        let it = kinds.entry(query.kind).or_default();
        it.asked += u32::from(!query.expected.is_empty());
        it.first += u32::from(rank == Some(0));
        it.among_three += u32::from(rank.is_some_and(|it| it < 3));
        it.beyond += u32::from(query.expected.is_empty());
        it.rejected += u32::from(query.expected.is_empty() && hits.is_empty());
    }
    let sum = |of: fn(&Measure) -> u32| kinds.values().map(of).sum::<u32>();
    let asked = sum(|it| it.asked);
    for (what, measured, wanted) in [
        ("success at 1", share(sum(|it| it.first), asked), bar.success_at_1),
        ("success at 3", share(sum(|it| it.among_three), asked), bar.success_at_3),
        ("rejection", share(sum(|it| it.rejected), sum(|it| it.beyond)), bar.rejection),
    ] {
        println!("{set}: {what} {measured:.3}");
        assert!(measured >= wanted, "{set}: {what} is {measured:.3}, expected {wanted}");
    }
    for (kind, it) in kinds {
        let measured = share(it.first, it.asked);
        assert!(measured >= bar.each_kind, "{set}: {kind} is {measured:.3}, expected {}", bar.each_kind);
    }
}

#[test]
fn what_people_type_finds_the_right_entry_first() {
    let index = kb();
    for (set, bar) in sets() {
        check(&index, set, &bar);
    }
}

/// An answer opens by itself only when hardly ever another one was meant, and
/// hardly ever for a question that none answers.
#[test]
fn an_answer_that_is_clear_is_right() {
    let index = kb();
    let (mut asked, mut clear, mut right, mut beyond, mut clear_beyond) = (0, 0, 0, 0, 0);
    for query in sets().iter().flat_map(|it| queries(it.0)) {
        let area = query.area.and_then(|it| index.areas().iter().position(|area| area.title == it));
        let found = search::run(&index, &query.text, area);
        let first = found.hits.first().map(|it| index.summary(it.doc).id);
        let is_right = first.is_some_and(|it| query.expected.contains(&it));
        if query.expected.is_empty() {
            beyond += 1;
            clear_beyond += u32::from(found.is_clear);
        } else {
            asked += 1;
            clear += u32::from(found.is_clear);
            right += u32::from(found.is_clear && is_right);
        }
    }
    println!("clear: {clear} of {asked}, {right} of them right; {clear_beyond} of {beyond} out of scope");
    assert!(100 * clear >= 60 * asked, "{clear} of {asked} are clear: hardly anything opens by itself");
    assert!(100 * right >= 98 * clear, "{right} of {clear} clear answers are right");
    assert!(100 * clear_beyond <= 2 * beyond, "{clear_beyond} of {beyond} questions that no entry answers");
}

/// What the search makes of a knowledge base whose authors wrote no
/// vocabulary. The best library without any reaches 0.748 and 0.864 on the
/// first set and rejects nothing.
#[test]
fn a_knowledge_base_without_vocabulary_is_searched_better_than_by_any_library() {
    let index = kb_without_vocabulary();
    for (set, bar) in [
        ("queries", bar(0.82, 0.88, 0.60, 0.0)),
        ("second", bar(0.78, 0.86, 0.60, 0.0)),
        ("third", bar(0.75, 0.84, 0.45, 0.0)),
        ("fourth", bar(0.77, 0.85, 0.50, 0.0)),
        ("held-out", bar(0.80, 0.88, 0.60, 0.0)),
    ] {
        check(&index, set, &bar);
    }
}

/// An alias that is a query of a set would be an answer learnt by heart.
#[track_caller]
fn check_aliases(index: &Index, vocabulary: &str, sets: &[(&str, Bar)], at_least: usize) {
    let fold = |text: &str| fold::words(index.folding(), text).into_iter().map(|it| it.folded).collect::<Vec<_>>();
    let vocabulary = fs::read_to_string(repository(vocabulary)).expect("it is in the tree");
    let vocabulary: toml::Table = toml::from_str(&vocabulary).expect("it is TOML");
    let aliases: Vec<Vec<String>> = vocabulary["aliases"]
        .as_table()
        .expect("aliases by entry")
        .values()
        .filter_map(toml::Value::as_array)
        .flatten()
        .filter_map(toml::Value::as_str)
        .map(fold)
        .collect();
    assert!(aliases.len() > at_least);
    for (set, _) in sets {
        for query in queries(set).iter().filter(|it| !fold(&it.text).is_empty()) {
            assert!(!aliases.contains(&fold(&query.text)), "{set}: {:?} is an alias", query.text);
        }
    }
}

#[test]
fn no_alias_is_a_query_of_a_set() {
    check_aliases(&kb(), "kb/vocabulary.toml", &sets(), 400);
}

/// The sets in Spanish. The first two were written from the English entries
/// alone, the second from the Spanish ones, the others mostly after questions
/// of the English sets, as people of Spain, Mexico, Argentina and Colombia put
/// them. The vocabulary was improved after a look at what failed in all but
/// the eighth and the last, which nobody looked into while anything was tuned:
/// their bars are what they reach. The ninth is what people say of each entry
/// in their own words, ten ways each.
fn spanish_sets() -> [(&'static str, Bar); 11] {
    [
        ("es/queries", bar(0.97, 0.97, 0.88, 0.85)),
        ("es/held-out", bar(0.95, 0.96, 0.88, 0.85)),
        ("es/second", bar(0.95, 0.97, 0.92, 0.80)),
        ("es/third", bar(0.93, 0.95, 0.80, 0.80)),
        ("es/fourth", bar(0.95, 0.95, 0.85, 0.80)),
        ("es/fifth", bar(0.92, 0.93, 0.80, 0.80)),
        ("es/sixth", bar(0.90, 0.92, 0.95, 0.80)),
        ("es/seventh", bar(0.90, 0.92, 0.75, 0.80)),
        ("es/eighth", bar(0.89, 0.89, 0.85, 0.60)),
        ("es/ninth", bar(0.92, 0.94, 0.85, 0.92)),
        ("es/last", bar(0.86, 0.88, 0.80, 0.40)),
    ]
}

#[test]
fn people_who_ask_in_spanish_find_it_too() {
    let index = kb_in("es");
    for (set, bar) in spanish_sets() {
        check(&index, set, &bar);
    }
}

#[test]
fn no_spanish_alias_is_a_query_of_a_set() {
    check_aliases(&kb_in("es"), "kb/es/vocabulary.toml", &spanish_sets(), 700);
}
