//! The real knowledge base: all of the three source documents, and every fact
//! of every row.

use std::collections::BTreeMap;
use std::fs;

use unstuck::index::{Entry, text};
use unstuck::kb::Audience;

use crate::{kb, repository};

fn read(path: &str) -> String {
    fs::read_to_string(repository(path)).expect("the file is in the tree")
}

/// All that a reader sees of an entry, in one text.
fn words(entry: &Entry) -> String {
    let res = &entry.resolution;
    let steps = res.steps.iter().flat_map(|it| [&it.text].into_iter().chain(it.notes.iter().map(|it| &it.text)));
    let all = [&entry.symptom].into_iter().chain(&entry.causes).chain(&res.description).chain(steps).chain(&res.after);
    all.map(|it| text::plain(it)).collect::<Vec<_>>().join("\n")
}

#[test]
fn nothing_is_to_be_said_against_it() {
    let mut book = kb();
    book.lint();
    assert!(book.diagnostics.is_empty(), "{:#?}", book.diagnostics);
}

#[test]
fn every_entry_of_the_sources_is_there_under_its_id() {
    let contents = kb().contents(Audience::Staff);
    let found: Vec<&str> = contents.entries.iter().map(|it| it.id.as_str()).collect();
    let ids = read("tests/kb/ids.txt");
    let by_document =
        |document: &str| ids.lines().filter_map(|it| it.strip_prefix(document)).map(str::trim).collect::<Vec<_>>();
    let documents = [by_document("002 "), by_document("000 "), by_document("001 ")];
    assert_eq!(documents.each_ref().map(Vec::len), [34, 8, 1], "symptom rows, Contact Center issues, guide");
    assert_eq!(found, documents.concat());
    assert_eq!(contents.areas.len(), 13);
}

#[test]
fn every_entry_is_in_every_build_with_a_resolution() {
    for audience in Audience::ALL {
        let contents = kb().contents(audience);
        assert_eq!(contents.entries.len(), 43, "{audience}");
        for it in &contents.entries {
            assert!(!it.resolution.steps.is_empty(), "{} for {audience}", it.id);
            assert!(!it.causes.is_empty(), "{} for {audience}", it.id);
        }
    }
}

#[test]
fn every_fact_of_every_source_row_is_in_its_entry() {
    let facts: BTreeMap<String, Vec<String>> = toml::from_str(&read("tests/kb/facts.toml")).expect("facts are TOML");
    let contents = kb().contents(Audience::Staff);
    assert_eq!(facts.len(), contents.entries.len());
    for (id, facts) in &facts {
        let entry = contents.entries.iter().find(|it| it.id == *id).expect("facts are about entries");
        let words = words(entry).to_lowercase();
        for fact in facts {
            assert!(words.contains(&fact.to_lowercase()), "{id} lost the fact {fact:?}:\n{words}");
        }
    }
}

#[test]
fn the_guide_is_whole() {
    let contents = kb().contents(Audience::Customer);
    let guide = contents.entries.iter().find(|it| it.resolution.guide).expect("there is a guide");
    assert_eq!(guide.id, "stuck-contacts-clearing-a-stuck-contact");
    assert_eq!(guide.causes.len(), 6);
    assert_eq!(guide.resolution.steps.len(), 9);
    assert_eq!(guide.resolution.contact.map(|it| contents.contacts[it].id.as_str()), Some("professional-services"));
    let pictures: Vec<_> =
        guide.resolution.steps.iter().flat_map(|it| &it.notes).filter(|it| !it.src.is_empty()).collect();
    let captions: Vec<&str> = pictures.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(captions, ["Active Contacts in Prebuilt Reports", "Contact Options in Prebuilt Reports"]);
    assert!(pictures.iter().all(|it| it.alt.len() > it.text.len()), "who cannot see them is told more than that");
    assert!(guide.resolution.after.iter().any(|it| it.contains("Professional Services")));
}

#[test]
fn the_entry_about_the_queue_leads_to_the_guide() {
    let contents = kb().contents(Audience::Customer);
    let entry =
        contents.entries.iter().find(|it| it.id.ends_with("contact-is-stuck-in-central-queue")).expect("it is there");
    assert!(entry.resolution.steps.iter().any(|it| it.text.contains("#stuck-contacts-clearing-a-stuck-contact")));
}

#[test]
fn the_way_on_has_its_links() {
    let labels = |audience| kb().contents(audience).links.into_iter().map(|it| it.label).collect::<Vec<_>>();
    assert_eq!(labels(Audience::Customer), ["FAQ", "Contact"]);
    assert_eq!(labels(Audience::Staff), ["FAQ", "Contact", "On-call Playbook"]);
    assert_eq!(kb().contents(Audience::Customer).way_on_heading, "When all else fails");
}

#[test]
fn the_mistakes_of_the_sources_are_not_repeated() {
    let all: String = kb().contents(Audience::Staff).entries.iter().map(words).collect::<Vec<_>>().join("\n");
    for mistake in ["Yealink", "deskphone", "forgot to", "Learn how"] {
        assert!(!all.contains(mistake), "{mistake}");
    }
}
