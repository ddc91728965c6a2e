use std::fs;

use unstuck::index::{self, Contents, Index, Place, Posting, Strength, Target, Title, Written};

use crate::contents;

/// Set to write the fixture anew; it is reviewed like code. A released format
/// keeps its fixture for ever.
const UPDATE: &str = "UPDATE_FIXTURES";

#[track_caller]
fn open(contents: &Contents) -> Index {
    Index::open(index::write(contents)).expect("what was written can be read")
}

#[test]
fn everything_that_is_written_is_read() {
    let contents = contents();
    let index = open(&contents);
    assert_eq!(index.lang(), contents.lang);
    assert_eq!(index.audience(), contents.audience);
    assert_eq!(index.title(), contents.title);
    assert_eq!(index.way_on(), (contents.way_on_heading.as_str(), contents.way_on_text.as_str()));
    assert_eq!(index.areas(), contents.areas);
    assert_eq!(index.contacts(), contents.contacts);
    assert_eq!(index.links(), contents.links);
    assert_eq!(index.folding(), &contents.folding);
    assert_eq!(index.n_entries() as usize, contents.entries.len());
    for (doc, entry) in contents.entries.iter().enumerate() {
        let doc = doc as u32;
        let summary = index.summary(doc);
        assert_eq!((&summary.id, &summary.symptom, &summary.causes), (&entry.id, &entry.symptom, &entry.causes));
        assert_eq!((summary.area, &summary.lang), (index.area_of(doc), &entry.lang));
        assert_eq!(index.resolution(doc).as_ref(), Some(&entry.resolution));
        assert_eq!(index.find(&entry.id), Some(doc));
    }
}

#[test]
fn terms_come_back_in_order_with_their_postings() {
    let contents = contents();
    let index = open(&contents);
    let mut terms = index.terms_from("");
    for expected in &contents.terms {
        let (term, postings) = terms.next().expect("a term for each that was written");
        assert_eq!(term, expected.text);
        assert_eq!(postings.n_entries(), expected.n_entries);
        let (mut titles, mut found) = (Vec::new(), Vec::new());
        for it in postings {
            match it {
                Place::Title(it) => titles.push(it),
                Place::Entry(doc, fields) => found.push(Posting { doc, fields }),
            }
        }
        assert_eq!((titles, found), (expected.titles.clone(), expected.postings.clone()), "{}", expected.text);
    }
    assert!(terms.next().is_none());
    assert_eq!(index.titles(), contents.titles);
}

#[test]
fn phrases_come_back_with_what_they_stand_for() {
    let contents = contents();
    let index = open(&contents);
    for it in &contents.relations {
        let words = |it: &Target| it.terms.iter().map(|it| index.nth_term(it.0)).collect::<Vec<_>>().join(" ");
        let target = |it: Target| (words(&it), it.strength);
        let found: Vec<(String, Strength)> = index.related(&it.from).into_iter().map(target).collect();
        assert_eq!(found, it.to, "{}", it.from);
    }
    for phrase in ["", "paid", "paid again and", "qui", "zzz"] {
        assert!(index.related(phrase).is_empty(), "{phrase}");
    }
}

#[test]
fn every_prefix_finds_the_first_term_that_is_not_before_it() {
    let contents = contents();
    let index = open(&contents);
    for from in ["", "a", "charg", "charg16", "charg160", "charg39", "charh", "silent", "twice", "über", "zz"] {
        let expected = contents.terms.iter().map(|it| it.text.as_str()).find(|it| *it >= from);
        assert_eq!(index.terms_from(from).next().map(|it| it.0), expected, "from {from:?}");
    }
}

#[test]
fn an_old_id_finds_the_entry_it_moved_to() {
    assert_eq!(open(&contents()).find("billing-double"), Some(0));
    assert_eq!(open(&contents()).find("nowhere"), None);
}

/// Entries enough that the resolutions are written apart.
fn large() -> Contents {
    let mut large = contents();
    let entry = large.entries[0].clone();
    large.entries = (0..2_000)
        .map(|i| {
            let mut entry = entry.clone();
            entry.id = format!("entry-{i}");
            entry.resolution.after = vec![format!("The way of entry {i}.")];
            entry
        })
        .collect();
    large.titles = (0..2_000).map(|doc| Title { doc, weight: 16 }).collect();
    large
}

#[test]
fn resolutions_of_a_large_knowledge_base_come_in_blocks() {
    let contents = large();
    let Written { index, blocks } = index::write_for_pages(&contents);
    assert!(blocks.len() > 5);
    assert!(blocks.iter().all(|it| it.1.len() < 32 * 1024 && it.0.len() == 20 && it.0.ends_with(".bin")));
    assert!(index.len() < index::write(&contents).len() / 2);
    let index = Index::open(index).expect("what was written can be read");
    for (doc, entry) in (0..).zip(&contents.entries) {
        if let Some(name) = index.block(doc) {
            assert_eq!(index.resolution(doc), None);
            let bytes = blocks.iter().find(|it| it.0 == name).expect("there is this block").1.clone();
            index.add_block(bytes).expect("what was written can be read");
        }
        assert_eq!(index.block(doc), None);
        assert_eq!(index.resolution(doc).as_ref(), Some(&entry.resolution));
    }
    assert_eq!(index.block(2_000), None);
}

#[test]
fn a_small_knowledge_base_is_one_file() {
    assert_eq!(index::write_for_pages(&contents()), Written { index: index::write(&contents()), blocks: Vec::new() });
}

#[test]
fn a_damaged_or_foreign_block_is_refused() {
    let written = index::write_for_pages(&large());
    let index = Index::open(written.index).expect("what was written can be read");
    let block = &written.blocks[0].1;
    for len in [0, 8, 20, 24, block.len() - 1] {
        assert!(index.add_block(block[..len].to_vec()).is_err(), "cut to {len} bytes");
    }
    for at in (0..block.len()).step_by(97) {
        let mut bytes = block.clone();
        bytes[at] ^= 0x41;
        assert!(index.add_block(bytes).is_err(), "byte {at} flipped");
    }
    let mut other = large();
    other.entries[0].resolution.after = vec!["Another way.".into()];
    assert!(index.add_block(index::write_for_pages(&other).blocks.remove(0).1).is_err());
    assert!(index.add_block(index::write(&contents())).is_err());
    assert_eq!(index.resolution(0), None);
    index.add_block(block.clone()).expect("the right one is taken");
    index.add_block(block.clone()).expect("and again");
}

#[test]
fn an_empty_knowledge_base_is_one() {
    let index = open(&Contents::default());
    assert_eq!(index.n_entries(), 0);
    assert!(index.terms_from("").next().is_none());
}

#[test]
fn an_entry_that_does_not_exist_is_empty() {
    let index = open(&contents());
    assert_eq!(index.summary(2).symptom, "");
    assert!(index.resolution(u32::MAX).is_none());
}

#[test]
fn format_2_is_as_it_was_released() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/index/fixtures/format-2.bin");
    let bytes = index::write(&contents());
    if std::env::var_os(UPDATE).is_some() {
        fs::write(path, &bytes).expect("the fixture can be written");
    }
    assert_eq!(fs::read(path).expect("the fixture is in the tree"), bytes, "set {UPDATE}=1 and raise VERSION");
}
