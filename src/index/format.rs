//! The header, the sections and what can be wrong with them.

use std::fmt;

/// The first bytes of every compiled knowledge base. The last one is a control
/// character, so that a file damaged by a text conversion is told at once.
pub const MAGIC: [u8; 8] = *b"UNSTUCK\x1a";

/// The format this code writes and the only one it reads.
pub const VERSION: u32 = 2;

/// Longest term in bytes. Longer words (base64, paths) are cut here on both
/// sides: nobody types more of one word, and a term's length fits one byte.
pub const MAX_TERM_BYTES: usize = 48;

/// Most terms that a phrase can stand for together: their number has six bits,
/// and the worth of more would overflow the sums of the search.
pub(super) const MAX_TARGET_TERMS: usize = 16;

/// Longest text that stands for a character, and longest ending and replacement
/// of a suffix rule, in bytes: the longest there is, U+FDFA, is 33. A megabyte
/// for each character of a query would fill a page's memory.
pub(super) const MAX_FOLDED_BYTES: usize = 64;

/// Most suffix rules: each word of a query tries all. The language that has most
/// has a tenth.
pub(super) const MAX_SUFFIXES: usize = 500;

/// Where the section table starts, and what the checksum covers from.
pub(super) const BODY: usize = 24;

/// The sections in the order they stand in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Language, audience, title, areas, contacts, links, moved ids.
    Meta = 0,
    /// How text becomes terms.
    Folding = 1,
    /// The terms, keys of a dictionary; see `dictionary.rs`.
    Terms = 2,
    /// Their payloads. Per term: in how many titles it occurs, twice, and one
    /// more when the number of entries that have it follows; else that is the
    /// number of these titles, or where there are none of the first group. Then
    /// the gaps between the titles, and for each set of other fields that it
    /// occurs in: the set, the number of entries, and the gaps between them.
    Postings = 3,
    /// The phrases that stand for terms: the bits of their hashes, their number,
    /// the gaps between these hashes, and for each which of the sets that follow it stands for.
    Phrases = 4,
    /// The sets: for each the number of targets; for each target its strength
    /// and number of terms in one byte, and the positions of its terms.
    Targets = 5,
    /// Per title: the gap between its entry and that of the one before, and its
    /// weight.
    Titles = 6,
    /// Per entry: what a list of results shows of it.
    Summaries = 7,
    /// Where the resolutions stand in files of their own: for each of these
    /// blocks its checksum, which is its name, and how many entries it is for.
    /// Else empty.
    Blocks = 8,
    /// Where they do not: per entry its resolution, with its length before it.
    Resolutions = 9,
}

/// How many sections there are.
pub(super) const SECTIONS: usize = 10;

/// A mixing sum over eight bytes at a time. Each round is a bijection of the
/// running value, so any change within one word changes the result; it is
/// there against accidents, not against forgery (for that the manifest has a
/// SHA-256).
pub(super) fn checksum(bytes: &[u8]) -> u64 {
    let round =
        |sum: u64, word: [u8; 8]| (sum ^ u64::from_le_bytes(word)).wrapping_mul(0xff51_afd7_ed55_8ccd).rotate_left(29);
    let (words, rest) = bytes.as_chunks();
    let sum = words.iter().fold(0x9e37_79b9_7f4a_7c15 ^ bytes.len() as u64, |sum, it| round(sum, *it));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    if rest.is_empty() { sum } else { round(sum, last) }
}

/// The file name of a block of resolutions.
pub(super) fn block_name(sum: u64) -> String {
    let digits = (0..16).rev().map(|at| char::from(b"0123456789abcdef"[(sum >> (4 * at)) as usize & 15]));
    digits.chain(".bin".chars()).collect()
}

/// How many bits stand for each of so many phrases: so many that one look-up in
/// two to four thousand finds something by chance, which then counts as one
/// more word among those of the query. More would cost a small knowledge base
/// a byte a phrase.
pub(super) fn phrase_bits(n_phrases: usize) -> u8 {
    (n_phrases.max(1).ilog2() + 12).min(MAX_PHRASE_BITS.into()) as u8
}

/// See [`phrase_bits`].
pub(super) const MAX_PHRASE_BITS: u8 = 30;

/// What stands for a phrase in the index: some bits of FNV-1a. The text itself
/// was half of all relations, and nobody is shown it.
pub(super) fn phrase_hash(phrase: &str, bits: u8) -> u32 {
    let hash = phrase.bytes().fold(0x811c_9dc5_u32, |hash, it| (hash ^ u32::from(it)).wrapping_mul(0x0100_0193));
    (hash >> 24 ^ hash) & ((1 << bits) - 1)
}

/// Why bytes were refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(pub(super) Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    NotAnIndex,
    Version { found: u32 },
    Length { found: usize, expected: usize },
    Checksum,
    Section(&'static str),
}

/// The codes that leave the widget with an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    /// Not a compiled knowledge base, or a damaged one.
    Corrupt,
    /// Made for another version of the widget.
    Version,
}

impl ErrorCode {
    /// As in the element's contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Corrupt => "kb-corrupt",
            Self::Version => "kb-version",
        }
    }
}

impl Error {
    /// The code that the page sees.
    pub fn code(&self) -> ErrorCode {
        match self.0 {
            Kind::Version { .. } => ErrorCode::Version,
            _ => ErrorCode::Corrupt,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::NotAnIndex => write!(f, "these bytes are not a compiled knowledge base"),
            Kind::Version { found } => {
                write!(f, "the knowledge base has format version {found}, expected version {VERSION}")
            }
            Kind::Length { found, expected } => {
                write!(f, "the knowledge base has {found} bytes, expected {expected}")
            }
            Kind::Checksum => write!(f, "the knowledge base is damaged: its checksum does not fit"),
            Kind::Section(name) => write!(f, "the knowledge base is damaged: its {name} cannot be read"),
        }
    }
}

impl std::error::Error for Error {}
