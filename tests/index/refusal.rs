use unstuck::index::{self, Error, ErrorCode, Index, Place};

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
