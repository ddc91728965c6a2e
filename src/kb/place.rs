//! Where entries stand in their files: for whoever shows a finding at the entry
//! that it belongs to.

use std::collections::BTreeMap;

use super::diagnostic::Diagnostic;
use super::parse::{Book, Draft};
use super::source::Source;
use crate::index::text;

/// An entry and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryPlace {
    /// Id of the entry.
    pub id: String,
    /// Its symptom, without marks.
    pub symptom: String,
    /// Path of the file, relative to the knowledge base.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
}

impl Book {
    /// What the knowledge base calls itself.
    pub fn title(&self) -> &str {
        &self.config.title
    }

    /// The other ways to say the symptom of an entry, in the order in which they
    /// are its titles.
    pub fn aliases_of(&self, id: &str) -> Vec<&str> {
        let also = self.drafts.iter().filter(|it| it.id == id).flat_map(|it| &it.also);
        self.vocabulary.of(id).chain(also).map(String::as_str).collect()
    }

    /// Every entry and where it was written, in the order of the entries; not
    /// those of translations.
    pub fn places(&self) -> impl Iterator<Item = EntryPlace> {
        self.drafts.iter().map(|it| {
            let source = &self.files[it.place.file];
            EntryPlace {
                id: it.id.clone(),
                symptom: text::plain(&it.symptom),
                file: source.path.clone(),
                line: source.position(it.place.span.start).0,
            }
        })
    }

    /// Id of the entry that a finding belongs to: the one that it names, or the
    /// one in whose lines it stands.
    pub fn entry_of<'a>(&'a self, found: &'a Diagnostic) -> Option<&'a str> {
        if let Some(id) = &found.id {
            return Some(id);
        }
        // What a translation does not have is the original's, and stands in its files.
        let own = self.drafts.iter().map(|it| (self, it));
        let translated = self.translations.iter().flat_map(|book| book.drafts.iter().map(move |it| (book, it)));
        let in_file = own.chain(translated.filter(|it| it.1.lang.is_empty())).filter_map(|(book, draft)| {
            let source = book.files.get(draft.place.file)?;
            (source.path == found.file).then_some((source, draft))
        });
        let (source, draft) = in_file
            .filter(|(source, draft)| source.line_start(draft.place.span.start) <= found.span.start)
            .max_by_key(|it| it.1.place.span.start)?;
        holds(source, draft, found.span.start).then_some(draft.id.as_str())
    }

    /// The entries of each file in the order in which they stand there, each with
    /// where its line begins.
    pub(super) fn entries_by_file(&self) -> BTreeMap<usize, Vec<(usize, &Draft)>> {
        let mut found: BTreeMap<usize, Vec<(usize, &Draft)>> = BTreeMap::new();
        for it in self.drafts.iter().filter(|it| it.lang.is_empty()) {
            let line = self.files[it.place.file].line_start(it.place.span.start);
            found.entry(it.place.file).or_default().push((line, it));
        }
        for it in found.values_mut() {
            it.sort_by_key(|it| (it.0, it.1.place.span.start));
        }
        found
    }
}

/// The entry in whose lines a place stands, of those of its file.
pub(super) fn entry_at<'a>(source: &Source, entries: &[(usize, &'a Draft)], at: usize) -> Option<&'a Draft> {
    let (_, draft) = *entries[..entries.partition_point(|it| it.0 <= at)].last()?;
    holds(source, draft, at).then_some(draft)
}

/// Whether a place behind the head of an entry is in its lines: a row of a table
/// is one line, anything else goes on to the next entry.
fn holds(source: &Source, draft: &Draft, at: usize) -> bool {
    !draft.is_row || source.line_start(draft.place.span.start) == source.line_start(at)
}
