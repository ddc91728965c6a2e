//! Where entries stand in their files: for whoever shows a finding at the entry
//! that it belongs to.

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
            .filter(|(source, draft)| line_start(source, draft) <= found.span.start)
            .max_by_key(|it| it.1.place.span.start)?;
        let line = source.text.get(line_start(source, draft)..)?.lines().next()?;
        // A row of a table is one line; anything else goes on to the next entry.
        let is_row = line.trim_start().starts_with('|') || (!draft.guide && line.contains(" | "));
        let is_in = !is_row || found.span.start < line_start(source, draft) + line.len();
        is_in.then_some(draft.id.as_str())
    }
}

fn line_start(source: &Source, draft: &Draft) -> usize {
    let before = source.text.get(..draft.place.span.start).unwrap_or_default();
    before.rfind('\n').map_or(0, |it| it + 1)
}
