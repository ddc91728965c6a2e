//! A query in, ranked entries out.
//!
//! Knows the compiled knowledge base and nothing else: no Markdown, no
//! browser, no clock. The page, the command line and the linter ask this one
//! engine, so that what the linter promises is what the page finds.
//!
//! ```
//! # use unstuck::index::{self, Area, Contents, Entry, Index, Term, Title};
//! # let contents = Contents {
//! #     areas: vec![Area { id: "billing".into(), title: "Billing".into() }],
//! #     entries: vec![Entry { id: "billing-charged-twice".into(), symptom: "Charged twice".into(), ..Entry::default() }],
//! #     titles: vec![Title { doc: 0, weight: 48 }],
//! #     terms: ["charged", "twice"].map(|it| Term { text: it.into(), titles: vec![0], n_entries: 1, ..Term::default() }).into(),
//! #     ..Contents::default()
//! # };
//! # let index = Index::open(index::write(&contents)).unwrap();
//! let found = unstuck::search::run(&index, "Charged TWICE", None);
//! assert_eq!(index.summary(found.hits[0].doc).id, "billing-charged-twice");
//! ```

mod answer;
mod confidence;
mod expand;
#[cfg(feature = "compiler")]
mod explain;
pub mod fold;
mod highlight;
mod matching;
mod rank;
mod score;

pub use answer::{Answer, answers};
pub use expand::{LARGE_FROM, MAX_PHRASE_WORDS, rarity};
#[cfg(feature = "compiler")]
pub use explain::{Explanation, FoundPlace, FoundWord, Nearest, ReadWord, WordKind, explain};
pub use highlight::Highlighter;
#[cfg(feature = "compiler")]
pub(crate) use matching::distance;
pub use rank::{Found, Hit, Scope, run};
