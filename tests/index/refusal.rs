use unstuck::index::{
    self, Contents, Entry, Error, ErrorCode, Index, Place, Relation, Resolution, Step, StepKind, Strength, Suffix,
    Written,
};

use crate::contents;

#[track_caller]
fn refused(bytes: Vec<u8>) -> Error {
    match Index::open(bytes) {
        Ok(_) => panic!("damaged bytes were opened"),
        Err(error) => error,
    }
}

#[test]
fn every_cut_is_refused() {
    let whole = index::write(&contents());
    for len in 0..whole.len() {
        assert_eq!(refused(whole[..len].to_vec()).code(), ErrorCode::Corrupt, "cut to {len} bytes");
    }
}

#[test]
fn every_flipped_byte_is_refused() {
    let whole = index::write(&contents());
    for at in 0..whole.len() {
        for bits in [0x01, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] ^= bits;
            let code = refused(bytes).code();
            let expected = if (8..12).contains(&at) { ErrorCode::Version } else { ErrorCode::Corrupt };
            assert_eq!(code, expected, "byte {at} flipped by {bits:#x}");
        }
    }
}

#[test]
fn anything_more_is_refused() {
    let mut bytes = index::write(&contents());
    bytes.push(0);
    assert_eq!(refused(bytes).code(), ErrorCode::Corrupt);
}

#[test]
fn another_version_is_named() {
    let mut bytes = index::write(&contents());
    bytes[8] = 7;
    let error = refused(bytes);
    assert_eq!(error.code(), ErrorCode::Version);
    assert_eq!(error.to_string(), "the knowledge base has format version 7, expected version 2");
}

#[test]
fn another_file_is_told_at_once() {
    for bytes in [&b""[..], b"UNSTUCK", b"<!doctype html><title>Not found</title>", b"\0\0\0\0\0\0\0\0\0\0\0\0"] {
        assert_eq!(refused(bytes.to_vec()).to_string(), "these bytes are not a compiled knowledge base");
    }
}

/// Bytes that pass the checksum and still lie: the reader must not believe them.
#[test]
fn a_file_made_to_mislead_is_refused_or_read_without_harm() {
    let whole = index::write(&contents());
    let mut refusals = 0;
    for at in 24..whole.len() {
        for value in [0x00, 0x01, 0x7f, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] = value;
            let sum = checksum(&bytes[24..]);
            bytes[16..24].copy_from_slice(&sum.to_le_bytes());
            match Index::open(bytes) {
                Err(_) => refusals += 1,
                Ok(index) => read_all(&index),
            }
        }
    }
    assert!(refusals > whole.len(), "only {refusals} were refused");
}

/// What no compiler writes, each with a checksum that fits: a claim that costs
/// more than the file, or that the search could not count with.
#[test]
fn claims_that_no_knowledge_base_makes_are_refused() {
    let refuse = |name: &str, change: fn(&mut Contents)| {
        let mut contents = contents();
        change(&mut contents);
        assert_eq!(
            refused(index::write(&contents)).to_string(),
            format!("the knowledge base is damaged: its {name} cannot be read")
        );
    };
    refuse("folding", |it| it.folding.map = vec![('\u{e9}', "e".repeat(1 << 20))]);
    refuse("folding", |it| it.folding.suffixes[0].replacement = "e".repeat(1 << 20));
    refuse("folding", |it| it.folding.suffixes = vec![Suffix { ending: "s".into(), ..Suffix::default() }; 10_000]);
    refuse("terms", |it| it.terms[1].n_entries = u32::MAX);
    refuse("titles", |it| it.titles[0].weight = u32::MAX);
    refuse("titles", |it| it.titles[0].weight = 0);
    refuse("entries", |it| it.entries[0].area = 9);
    refuse("resolutions", |it| it.entries[0].resolution.contact = Some(9));
    refuse("resolutions", |it| it.entries[0].resolution.steps[3].kind = StepKind::Escalate { contact: 9 });
}

/// A phrase of more words than the format has room for is no phrase; it once
/// made a file that could not be read.
#[test]
fn a_phrase_of_more_words_than_fit_is_left_out() {
    let mut contents = contents();
    let long =
        |n: usize| contents.terms.iter().cycle().take(n).map(|it| it.text.as_str()).collect::<Vec<_>>().join(" ");
    let to = [16, 17, 63, 64, 70, 200].map(|n| (long(n), Strength::Same));
    contents.relations = to.into_iter().map(|it| Relation { from: "quiet".into(), to: vec![it] }).collect();
    let index = Index::open(index::write(&contents)).expect("what was written can be read");
    let targets = index.related("quiet");
    assert_eq!(targets.iter().map(|it| it.terms.len()).collect::<Vec<_>>(), [16]);
}

/// However large the numbers that a file gives, what is asked of it is answered.
#[test]
fn numbers_as_large_as_they_can_be_are_counted_with() {
    let mut contents = contents();
    contents.entries[0].resolution.steps[1].kind = StepKind::Wait { minutes: u32::MAX };
    for it in &mut contents.titles {
        it.weight = 4_095 * 16;
    }
    let all: Vec<String> = contents.terms.iter().map(|it| it.text.clone()).collect();
    contents.relations = all
        .iter()
        .map(|from| Relation {
            from: from.clone(),
            to: all.chunks(16).map(|it| (it.join(" "), Strength::Same)).collect(),
        })
        .collect();
    let index = Index::open(index::write(&contents)).expect("what was written can be read");
    read_all(&index);
    let found = unstuck::search::run(&index, &all.join(" "), None);
    assert!(found.hits.iter().all(|it| it.doc < 2));
}

/// Entries with the same steps make the same blocks, and a block that comes is
/// that of all of them.
#[test]
fn blocks_with_the_same_bytes_are_one_file_for_all_their_entries() {
    let mut contents = contents();
    contents.titles.truncate(1);
    contents.terms.clear();
    contents.relations.clear();
    let steps = vec![Step { text: "Press it. ".repeat(100), ..Step::default() }];
    let entry = |it: usize| {
        let resolution = Resolution { steps: steps.clone(), ..Resolution::default() };
        Entry { id: format!("entry-{it}"), resolution, ..Entry::default() }
    };
    contents.entries = (0..300).map(entry).collect();
    let Written { index, blocks } = index::write_for_pages(&contents);
    assert!(blocks.len() > 5);
    let index = Index::open(index).expect("what was written can be read");
    let first = index.block(0).expect("it is not at hand");
    let bytes = blocks.iter().find(|it| it.0 == first).expect("it was written").1.clone();
    index.add_block(bytes).expect("it is one of them");
    let missing: Vec<u32> = (0..300).filter(|it| index.block(*it) == Some(first.clone())).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Reads all there is; a panic here is a bug in the reader's checks.
fn read_all(index: &Index) {
    for doc in 0..index.n_entries() {
        let summary = index.summary(doc);
        let _ = (index.areas()[summary.area].id.len(), index.resolution(doc), index.find(&summary.id));
    }
    let mut cursor = index.terms_from("");
    while let Some((term, postings)) = cursor.next() {
        let term = term.to_owned();
        let (n_titles, n_entries) = (index.titles().len() as u32, index.n_entries());
        for it in postings {
            assert!(
                matches!(it, Place::Title(it) if it < n_titles) || matches!(it, Place::Entry(it, _) if it < n_entries)
            );
        }
        let _ = unstuck::search::run(index, &term, None);
    }
}

/// The documented sum, written a second time so that the format cannot change
/// by accident.
fn checksum(bytes: &[u8]) -> u64 {
    let mut sum = 0x9e37_79b9_7f4a_7c15_u64 ^ bytes.len() as u64;
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        sum = (sum ^ u64::from_le_bytes(word)).wrapping_mul(0xff51_afd7_ed55_8ccd).rotate_left(29);
    }
    sum
}
