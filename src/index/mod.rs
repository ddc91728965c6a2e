//! The byte format of a compiled knowledge base: its types, its writer and its
//! reader, side by side.
//!
//! Knows nothing of Markdown, of searching or of browsers. Nothing outside
//! this room reads or writes the bytes.
//!
//! ```
//! use unstuck::index::{self, Area, Contents, Entry, Index};
//!
//! let contents = Contents {
//!     lang: "en".into(),
//!     areas: vec![Area { id: "billing".into(), title: "Billing".into() }],
//!     entries: vec![Entry { id: "billing-charged-twice".into(), symptom: "Charged twice".into(), ..Entry::default() }],
//!     ..Contents::default()
//! };
//! let bytes = index::write(&contents);
//! let index = Index::open(bytes).unwrap();
//! assert_eq!(index.find("billing-charged-twice"), Some(0));
//! assert_eq!(index.summary(0).symptom, "Charged twice");
//! ```
//!
//! # Layout, version 1
//!
//! All integers are little endian; `varint` is LEB128; a string is a varint
//! length in bytes and UTF-8.
//!
//! | bytes | what |
//! |---|---|
//! | 0..8 | magic, [`MAGIC`] |
//! | 8..12 | format version, [`VERSION`] |
//! | 12..16 | length of the whole file |
//! | 16..24 | checksum of everything from byte 24 on |
//! | 24..24+4·S | start of each of the S sections, see [`Section`] |
//! | … | the sections, in order, without gaps |

mod bytes;
mod dictionary;
mod format;
mod model;
mod read;
mod sketch;
pub mod text;
mod write;

pub use format::{Error, ErrorCode, MAGIC, MAX_TERM_BYTES, Section, VERSION};
pub use model::{
    Area, Contact, Contents, Entry, Field, Fields, Folding, Link, Note, NoteKind, Posting, Relation, Resolution, Step,
    StepKind, Strength, Suffix, Summary, TITLE_WEIGHT_STEP, Term, Title,
};
pub use read::{Index, Place, Postings, Target, Terms};
pub use sketch::Sketch;
pub use write::{Written, write, write_for_pages};
