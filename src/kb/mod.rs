//! Markdown to index: the compiler of knowledge bases.
//!
//! Knows the index (which it writes) and the search (with which it proves that
//! what authors wrote can be found). Knows no files and no terminal: sources
//! come in as text, diagnostics and files go out as values.
//!
//! The way through: [`Sources`] → `parse` → drafts → [`Book::lint`] →
//! [`Book::contents`] → [`Book::build`].
//!
//! ```
//! use unstuck::kb::{Audience, Book, Sources};
//!
//! let mut sources = Sources::default();
//! sources.add("billing.md", b"# Billing\n\n| Symptom | Cause | Fix |\n|---|---|---|\n| Charged twice | A retry | Contact support |\n".to_vec());
//! let book = Book::read(&sources);
//! assert!(book.diagnostics.is_empty(), "{:?}", book.diagnostics);
//! assert_eq!(book.contents(Audience::Customer).entries[0].id, "billing-charged-twice");
//! ```

mod audience;
mod codes;
mod compile;
mod config;
mod diagnostic;
mod fix;
mod front_matter;
mod gaps;
mod html;
mod import;
mod json;
mod language;
mod letters;
mod lexicon;
mod lint;
mod markdown;
mod marks;
mod parse;
mod place;
mod prepare;
mod slug;
mod source;
mod starter;
mod svg;
mod terms;
mod translation;

pub use audience::Audience;
pub use codes::{CODES, Code};
pub use compile::{Build, BuiltFile, NO_ENTRY, SingleFile};
pub use diagnostic::{Diagnostic, Fix, Severity};
pub use fix::Fixed;
pub use gaps::{BadLine, Gaps, NearEntry, Unanswered, Unhelpful, Variant, gaps};
pub use import::{Import, Outcome, Reported, import};
pub use json::{JsonError, contents_of_json};
pub use parse::Book;
pub use place::EntryPlace;
pub use slug::slug;
pub use source::{MAX_FILE_BYTES, MAX_FOLDER_DEPTH, MAX_SOURCE_BYTES, Source, Sources, is_picture, is_source};
pub use starter::STARTER;
