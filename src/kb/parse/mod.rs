//! Blocks to drafts: the three shapes in which authors write answers.

mod section;
mod table;

use std::collections::BTreeMap;
use std::ops::Range;

use super::audience::{Audience, Marked};
use super::config::{Config, Vocabulary, unknown_audience, unknown_contact};
use super::diagnostic::{Diagnostic, Severity};
use super::fix;
use super::markdown::{self, Block, Inline};
use super::marks::{self, Kind, MarkedText};
use super::slug::slug;
use super::source::{MAX_SOURCE_BYTES, Source, Sources};
use crate::index::{NoteKind, text};

/// A knowledge base as it was read: everything for every audience.
#[derive(Debug, Default)]
pub struct Book {
    /// What was found while reading.
    pub diagnostics: Vec<Diagnostic>,
    pub(super) config: Config,
    pub(super) vocabulary: Vocabulary,
    pub(super) files: Vec<Source>,
    /// In display order.
    pub(super) areas: Vec<DraftArea>,
    /// By area, in the order they were written.
    pub(super) drafts: Vec<Draft>,
    /// Path and bytes of each picture that an entry shows.
    pub(super) pictures: Vec<(String, Vec<u8>)>,
    /// The same book in other languages, see `translation`.
    pub(super) translations: Vec<Book>,
    /// Which of `drafts` has an id; of several the first.
    pub(super) by_id: BTreeMap<String, usize>,
}

#[derive(Clone, Debug)]
pub(super) struct DraftArea {
    pub id: String,
    pub title: String,
    /// Where it is named.
    pub place: Place,
}

/// A place in one of the files of a book.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    pub file: usize,
    pub span: Range<usize>,
}

/// An entry for every audience.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub id: String,
    /// Id of its area.
    pub area: String,
    /// The language it is in, where that is not the language of the book.
    pub lang: String,
    pub symptom: String,
    pub audience: Audience,
    pub guide: bool,
    pub description: Vec<Marked<String>>,
    pub causes: Vec<Marked<String>>,
    pub steps: Vec<Marked<DraftStep>>,
    pub after: Vec<Marked<String>>,
    /// Other ways to say the symptom, from a column of the table.
    pub also: Vec<String>,
    pub contact: Option<String>,
    pub place: Place,
}

#[derive(Clone, Debug, Default)]
pub(super) struct DraftStep {
    pub kind: Kind,
    pub text: String,
    pub notes: Vec<Marked<DraftNote>>,
    /// Where it stands in the file of its entry.
    pub span: Range<usize>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct DraftNote {
    pub kind: NoteKind,
    pub text: String,
    pub src: String,
    pub alt: String,
}

impl Book {
    /// Reads a knowledge base. Never fails: what is wrong is in the diagnostics.
    pub fn read(sources: &Sources) -> Self {
        let mut book = Self::default();
        for (path, reason) in sources.unreadable() {
            let source = Source::new(path, b"");
            let found = Diagnostic::error("unreadable", &source, 0..0, format!("cannot be read: {reason}"));
            book.diagnostics.push(found.hint("see who may read it, and whether it is the file that was meant"));
        }
        book.config = Config::read(sources, &mut book.diagnostics);
        book.vocabulary = Vocabulary::read(sources, "vocabulary.toml", &mut book.diagnostics);
        for source in sources.markdown("") {
            book.read_file(sources, &source, "");
        }
        book.order();
        book.index_ids();
        let mut found = Vec::new();
        book.check_areas(&mut found);
        book.check_empty_areas(&mut found);
        book.check_ids(&mut found);
        book.diagnostics.append(&mut found);
        for lang in sources.languages() {
            let mut translation = book.read_translation(sources, &lang);
            book.diagnostics.append(&mut translation.diagnostics);
            book.translations.push(translation);
        }
        book.apply_allowances();
        book
    }

    /// The book in a language: `None` where it is not translated into that.
    pub fn in_language(&self, lang: &str) -> Option<&Self> {
        [self].into_iter().chain(&self.translations).find(|it| it.config.lang.eq_ignore_ascii_case(lang))
    }

    /// The languages that it is in; first its own.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        [self].into_iter().chain(&self.translations).map(|it| it.config.lang.as_str())
    }

    /// Whether anything keeps the knowledge base from being built.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|it| it.severity == Severity::Error)
    }

    /// The text of a source file, to show a finding in.
    pub fn source_text(&self, path: &str) -> Option<&str> {
        self.source(path).map(|it| it.text.as_str())
    }

    pub(super) fn source(&self, path: &str) -> Option<&Source> {
        let configs = [&self.config.source, &self.vocabulary.source];
        let own = self.files.iter().chain(configs).find(|it| it.path == path);
        own.or_else(|| self.translations.iter().find_map(|it| it.source(path)))
    }

    /// Reads a file; `folder` is that of its language, with a slash.
    pub(super) fn read_file(&mut self, sources: &Sources, source: &Source, folder: &str) {
        let file = self.files.len();
        self.files.push(source.clone());
        if let Some(found) = source.wrong_encoding() {
            self.diagnostics.push(found);
            return;
        }
        if source.text.len() > MAX_SOURCE_BYTES {
            let message = format!("the file has {} bytes, expected at most {MAX_SOURCE_BYTES}", source.text.len());
            self.diagnostics.push(Diagnostic::error("too-large", source, 0..0, message).hint("split it by area"));
            return;
        }
        let document = markdown::read(source, &mut self.diagnostics);
        let mut reader = FileReader { book: self, sources, folder, source, file, front: &document.front };
        reader.read(&document.blocks);
    }

    /// Areas in the order of the configuration, entries by area.
    fn order(&mut self) {
        let listed: BTreeMap<&str, usize> =
            self.config.areas.iter().enumerate().rev().map(|(at, it)| (it.0.as_str(), at)).collect();
        self.areas.sort_by_key(|it| listed.get(it.id.as_str()).copied().unwrap_or(usize::MAX));
        let ranks: BTreeMap<&str, usize> = self.areas.iter().enumerate().map(|(at, it)| (it.id.as_str(), at)).collect();
        self.drafts.sort_by_key(|it| ranks.get(it.area.as_str()).copied());
    }

    pub(super) fn index_ids(&mut self) {
        self.by_id = self.drafts.iter().enumerate().rev().map(|(at, it)| (it.id.clone(), at)).collect();
    }

    /// The entry of an id.
    pub(super) fn draft(&self, id: &str) -> Option<&Draft> {
        self.by_id.get(id).and_then(|at| self.drafts.get(*at))
    }
}

/// Reads the blocks of one file into the book.
struct FileReader<'a> {
    book: &'a mut Book,
    sources: &'a Sources,
    /// That of its language, with a slash.
    folder: &'a str,
    source: &'a Source,
    file: usize,
    front: &'a super::front_matter::FrontMatter,
}

/// A heading that stands above what is being read.
#[derive(Clone)]
struct Above {
    level: u8,
    inline: Inline,
    id: Option<String>,
}

impl FileReader<'_> {
    fn read(&mut self, blocks: &[Block]) {
        self.check_front_matter();
        let mut above: Vec<Above> = Vec::new();
        let mut rest = blocks;
        let mut entries_before = self.book.drafts.len();
        // What stands before the first heading belongs to the file's title.
        let (head, after) = split_section(rest);
        self.section(&above, head, !after.is_empty());
        rest = after;
        while let Some((Block::Heading { level, id, inline }, after)) = rest.split_first() {
            above.retain(|it| it.level < *level);
            above.push(Above { level: *level, inline: inline.clone(), id: id.clone() });
            let (body, after) = split_section(after);
            let has_parts = matches!(after.first(), Some(Block::Heading { level: next, .. }) if next > level);
            self.section(&above, body, has_parts);
            rest = after;
        }
        entries_before = self.book.drafts.len() - entries_before;
        if entries_before == 0 && !self.book.diagnostics.iter().any(|it| it.file == self.source.path) {
            let found =
                Diagnostic::warning("no-entries", self.source, 0..0, "no symptom table, issue or guide in this file");
            self.book.diagnostics.push(found.hint("write a table with the columns Symptom, Likely cause, What to do"));
        }
    }

    fn check_front_matter(&mut self) {
        let span = self.front.span.clone();
        if let Some(contact) = &self.front.contact
            && !self.book.config.contacts.iter().any(|it| it.id == *contact)
        {
            let known = self.book.config.contacts.iter().map(|it| it.id.as_str());
            let found = unknown_contact(self.source, span.clone(), contact, known);
            self.book.diagnostics.push(found);
        }
        if let Some(audience) = &self.front.audience
            && Audience::from_name(audience).is_none()
        {
            self.book.diagnostics.push(unknown_audience(self.source, span.clone(), audience));
        }
        if let Some(reviewed) = &self.front.reviewed
            && !is_date(reviewed)
        {
            let span = fix::setting(self.source, "reviewed", reviewed).unwrap_or(span);
            let found = Diagnostic::warning(
                "reviewed-date",
                self.source,
                span,
                format!("expected a date, found \"{reviewed}\""),
            );
            self.report(found.hint("write year, month and day: 2026-03-31"));
        }
    }

    /// The blocks below a heading, up to the next heading.
    fn section(&mut self, above: &[Above], blocks: &[Block], has_parts: bool) {
        let mut prose: Vec<&Block> = Vec::new();
        for block in blocks {
            match block {
                Block::Table(table) => self.table(above, table),
                _ => prose.push(block),
            }
        }
        let has_table = prose.len() < blocks.len();
        if !prose.is_empty() || (above.len() > 1 && !has_table && !has_parts) {
            self.prose(above, &prose, has_table || has_parts);
        }
    }

    /// The area that the heading `above` names, noted in the book.
    fn area(&mut self, above: Option<&Above>) -> String {
        let title = above.map(|it| text::plain(&marks::one_line(&it.inline.text))).or_else(|| self.front.title.clone());
        let title = title.unwrap_or_else(|| self.source.path.trim_end_matches(".md").replace('-', " "));
        let id = self
            .front
            .area
            .clone()
            .unwrap_or_else(|| above.and_then(|it| it.id.clone()).unwrap_or_else(|| slug(&title)));
        if !self.book.areas.iter().any(|it| it.id == id) {
            let span = above.map_or(self.front.span.clone(), |it| it.inline.span.clone());
            self.book.areas.push(DraftArea { id: id.clone(), title, place: Place { file: self.file, span } });
        }
        id
    }

    /// The language of the file's entries, where it is not the book's.
    fn lang(&self) -> String {
        self.front.lang.clone().filter(|it| *it != self.book.config.lang).unwrap_or_default()
    }

    fn front_audience(&self) -> Audience {
        self.front.audience.as_deref().and_then(Audience::from_name).unwrap_or_default()
    }

    fn take_marks(&mut self, span: &Range<usize>, rich: &str) -> MarkedText {
        marks::take(&self.book.config, self.source, span, rich, &mut self.book.diagnostics)
    }

    fn step(&mut self, span: &Range<usize>, rich: &str, notes: Vec<Marked<DraftNote>>) -> Marked<DraftStep> {
        let marked = self.take_marks(span, rich);
        let fallback = self.front.contact.as_deref();
        let config = &self.book.config;
        let kind = marked.kind.clone().unwrap_or_else(|| marks::recognise(config, &marked.text, fallback));
        marked.map(|it| DraftStep { kind, text: it.text, notes, span: span.clone() })
    }

    fn text(&mut self, span: &Range<usize>, rich: &str) -> Marked<String> {
        self.take_marks(span, rich).map(|it| it.text)
    }

    fn report(&mut self, found: Diagnostic) {
        self.book.diagnostics.push(found);
    }

    /// The pictures of a text, as notes; each must exist and have words.
    fn pictures(&mut self, inline: &Inline) -> Vec<Marked<DraftNote>> {
        let mut notes = Vec::new();
        for it in &inline.pictures {
            if it.alt.trim().is_empty() {
                let found = Diagnostic::error(
                    "picture-without-text",
                    self.source,
                    it.span.clone(),
                    "a picture without alternative text",
                );
                self.report(found.hint("say what it shows: ![Active Contacts in the list](picture.svg)"));
            }
            // A translation may have a picture of its own in the place of another.
            let own = format!("{}{}", self.folder, it.src);
            let src = if self.sources.get(&own).is_some() { own } else { it.src.clone() };
            match self.sources.get(&src) {
                Some(bytes) => {
                    if !self.book.pictures.iter().any(|(path, _)| *path == src) {
                        self.book.pictures.push((src.clone(), bytes.into()));
                    }
                }
                None => {
                    let message = format!("no picture \"{}\" in the knowledge base", it.src);
                    let found = Diagnostic::error("missing-picture", self.source, it.span.clone(), message);
                    self.report(found.hint("its path begins in the folder of kb.toml, as in images/window.svg"));
                }
            }
            // Without a caption, what it shows is said for everybody to read.
            let (text, alt) = match it.caption.as_str() {
                "" => (it.alt.clone(), String::new()),
                caption => (caption.into(), it.alt.clone()),
            };
            let value = DraftNote { kind: NoteKind::Picture, text, src, alt };
            notes.push(Marked { audience: None, value });
        }
        notes
    }
}

/// Whether a text is a day of the calendar, as in 2026-03-31.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    if [year.len(), month.len(), day.len()] != [4, 2, 2]
        || !parts.iter().all(|it| it.bytes().all(|it| it.is_ascii_digit()))
    {
        return false;
    }
    let number = |it: &str| it.parse::<u32>().unwrap_or_default();
    let (year, month, day) = (number(year), number(month), number(day));
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(is_leap),
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

fn split_section(blocks: &[Block]) -> (&[Block], &[Block]) {
    let end = blocks.iter().position(|it| matches!(it, Block::Heading { .. })).unwrap_or(blocks.len());
    blocks.split_at(end)
}
