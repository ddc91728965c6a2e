use unstuck::search::{self, FoundPlace, WordKind, explain};

use crate::{kb, queries, sets, table};

/// An explanation is of the search that people get, not of another one.
#[test]
fn what_is_explained_is_what_is_found() {
    let index = kb();
    for (set, _) in sets() {
        for query in queries(set) {
            let why = explain(&index, &query.text, None, 10);
            let found = search::run(&index, &query.text, None);
            assert_eq!(why.found, found, "{}", query.text);
            // What has no word in it asks for everything.
            assert!(why.words.is_empty() || found.hits.is_empty() == (why.confidence <= 0), "{}", query.text);
            if let (Some(hit), Some(first)) = (found.hits.first(), why.nearest.first()) {
                assert_eq!((hit.doc, hit.score), (first.doc, first.score));
                // Whoever types what a symptom says keeps seeing it.
                let is_kept = why.confidence == 1 && first.confidence <= 0;
                assert!(why.confidence == first.confidence || is_kept, "{}", query.text);
            }
        }
    }
}

#[test]
fn each_word_has_its_kind_and_what_it_stands_for() {
    let index = kb();
    let why = explain(&index, "the zeppelin log in fails again", None, 3);
    let kind = |word: &str| why.words.iter().find(|it| it.word == word).map(|it| it.kind);
    assert_eq!(kind("the"), Some(WordKind::StopWord));
    assert_eq!(kind("zeppelin"), Some(WordKind::Unknown));
    assert_eq!(kind("again"), Some(WordKind::Filler));
    assert_eq!(explain(&index, "delete it", None, 1).words[0].kind, WordKind::Request);
    let typo = explain(&index, "pasword ", None, 1);
    assert_eq!(typo.words[0].stands_for, ["password"]);
}

#[test]
fn what_an_entry_has_is_named_with_its_place_and_what_it_lacks() {
    let index = table("Trams", &[("Door is stuck", "Call the depot"), ("Horn is silent", "Press it")]);
    let why = explain(&index, "stuck door at the depot ", None, 5);
    let first = &why.nearest[0];
    assert_eq!(first.id, "trams-door-is-stuck");
    let places = |word: &str| {
        let found = first.has.iter().find(|it| it.word == word).unwrap_or_else(|| panic!("{word} is not found"));
        found.places.iter().copied().collect::<Vec<_>>()
    };
    assert_eq!(places("door"), [FoundPlace::Symptom]);
    assert_eq!(places("depot"), [FoundPlace::Resolution]);
    assert!(first.lacks.is_empty(), "{:?}", first.lacks);
    assert_eq!(first.best_title, Some(0));
    assert_eq!(explain(&index, "depot ", None, 5).nearest[0].best_title, None);
    let why = explain(&index, "stuck window ", None, 5);
    assert_eq!(why.nearest[0].lacks, ["window"]);
    assert!(explain(&index, "?!", None, 5).nearest.is_empty());
}
