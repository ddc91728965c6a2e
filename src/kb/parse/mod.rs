//! Blocks to drafts: the three shapes in which authors write answers.

mod outline;
mod section;
mod table;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::audience::{Audience, Marked};
use super::config::{Config, Vocabulary, unknown_audience, unknown_contact};
use super::diagnostic::{Diagnostic, Severity};
use super::fix;
use super::front_matter::FrontMatter;
use super::markdown::{self, Block, Inline};
use super::marks::{self, Kind, MarkedText};
use super::prepare::Reading;
use super::slug::slug;
use super::source::{MAX_SOURCE_BYTES, Source, Sources};
use super::svg;
use crate::index::{NoteKind, text};
use outline::{BOLD_LEVEL, Content, Node, outline};

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
    /// Ids of the areas that were found while reading.
    pub(super) area_ids: BTreeSet<String>,
    /// By area, in the order they were written.
    pub(super) drafts: Vec<Draft>,
    /// Path and bytes of each picture that an entry shows.
    pub(super) pictures: Vec<(String, Vec<u8>)>,
    /// The same book in other languages, see `translation`.
    pub(super) translations: Vec<Book>,
    /// Which of `drafts` has an id; of several the first.
    pub(super) by_id: BTreeMap<String, usize>,
    /// Entries without a resolution: an error in a knowledge base, work to do
    /// in what is imported.
    pub(super) unfinished: Vec<Draft>,
    /// What became of the source, see `import`.
    pub(super) seen: Vec<Seen>,
}

/// What became of a part of a source.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub file: usize,
    pub span: Range<usize>,
    pub fate: Fate,
    pub what: String,
}

/// See [`Seen`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Understood,
    /// It is in the outcome, as text.
    Kept,
    /// Text that is not in the outcome.
    LeftOut,
    /// Something else that is not in the outcome; it is named already.
    Gone,
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
    /// It is a row of a table, and ends with its line.
    pub is_row: bool,
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
            book.read_file(sources, &source, "", Reading::Authored);
        }
        book.order();
        book.index_ids();
        let mut found = Vec::new();
        book.check_areas(&mut found);
        book.check_empty_areas(&mut found);
        book.check_ids(&mut found);
        book.check_names(&mut found);
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
    pub(super) fn read_file(&mut self, sources: &Sources, source: &Source, folder: &str, reading: Reading) {
        let file = self.files.len();
        self.files.push(source.clone());
        if let Some(at) = source.not_utf8
            && reading == Reading::Found
        {
            let what = "bytes that are not UTF-8 are shown as \u{fffd}".into();
            self.seen.push(Seen { file, span: at..at, fate: Fate::Kept, what });
        } else if let Some(found) = source.wrong_encoding() {
            self.diagnostics.push(found);
            return;
        }
        if source.text.len() > MAX_SOURCE_BYTES {
            let message = format!("the file has {} bytes, expected at most {MAX_SOURCE_BYTES}", source.text.len());
            self.diagnostics.push(Diagnostic::error("too-large", source, 0..0, message).hint("split it by area"));
            return;
        }
        let mut document = markdown::read(source, reading, &mut self.diagnostics);
        if reading == Reading::Found {
            // Other generators give the same settings other meanings.
            let FrontMatter { title, span, .. } = document.front;
            document.front = FrontMatter { title, span, ..FrontMatter::default() };
        }
        for it in &document.notes {
            let fate = if it.is_lost { Fate::Gone } else { Fate::Kept };
            self.seen.push(Seen { file, span: it.span.clone(), fate, what: it.message.clone() });
        }
        let front = &document.front;
        let mut reader = FileReader {
            book: self,
            sources,
            folder,
            source,
            file,
            reading,
            front,
            waiting: None,
            tables_from: usize::MAX,
            last_is_unfinished: false,
        };
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
    reading: Reading,
    front: &'a FrontMatter,
    /// Reasons that wait for the steps below them.
    waiting: Option<Draft>,
    /// Where the first table below the heading begins that is being read.
    tables_from: usize,
    last_is_unfinished: bool,
}

/// A heading that stands above what is being read.
#[derive(Clone, Debug)]
struct Above {
    level: u8,
    inline: Inline,
    id: Option<String>,
}

impl FileReader<'_> {
    fn read(&mut self, blocks: &[Block]) {
        self.check_front_matter();
        if !self.front.span.is_empty() {
            self.saw(self.front.span.clone(), Fate::Understood, "front matter");
        }
        let n_before = self.book.drafts.len() + self.book.unfinished.len();
        let (n_drafts, n_areas) = (self.book.drafts.len(), self.book.areas.len());
        let outline = outline(blocks, self.reading);
        // What stands before the first heading belongs to the file's title.
        self.node(&[], &outline);
        if let Some(waiting) = self.waiting.take() {
            self.leave_out(&waiting.place.span);
        }
        if self.reading == Reading::Authored {
            self.check_marks(n_drafts, n_areas);
        }
        let n_entries = self.book.drafts.len() + self.book.unfinished.len() - n_before;
        if n_entries == 0 && !self.book.diagnostics.iter().any(|it| it.file == self.source.path) {
            let found =
                Diagnostic::warning("no-entries", self.source, 0..0, "no symptom table, issue or guide in this file");
            self.book.diagnostics.push(found.hint("write a table with the columns Symptom, Likely cause, What to do"));
        }
    }

    /// No mark is in what readers get: whatever way a text took here, what it was
    /// to keep from some of them would be published.
    fn check_marks(&mut self, n_drafts: usize, n_areas: usize) {
        let mut found = Vec::new();
        let mut look = |span: &Range<usize>, texts: &[&str]| {
            for mark in texts.iter().flat_map(|it| marks::leftovers(it)) {
                found.push(marks::not_understood(self.source, span, &mark));
            }
        };
        for it in self.book.areas.iter().skip(n_areas) {
            look(&it.place.span, &[&it.title]);
        }
        for draft in self.book.drafts.iter().skip(n_drafts) {
            let place = &draft.place.span;
            look(place, &[&draft.symptom]);
            draft.also.iter().for_each(|it| look(place, &[it]));
            for it in [&draft.description, &draft.causes, &draft.after].into_iter().flatten() {
                look(place, &[&it.value]);
            }
            for step in &draft.steps {
                let span = if step.value.span.is_empty() { place } else { &step.value.span };
                look(span, &[&step.value.text]);
                for note in &step.value.notes {
                    let note = &note.value;
                    if note.kind == NoteKind::Code {
                        // A mark behind a line of code has no effect either.
                        let is_mark = |it: &&str| it.trim_end().ends_with('}') && it.contains("{audience ");
                        note.text.lines().filter(is_mark).for_each(|it| look(span, &[it]));
                    } else {
                        look(span, &[&note.text, &note.alt]);
                    }
                }
            }
        }
        // Most were told where they stand.
        let told: BTreeSet<String> = self
            .book
            .diagnostics
            .iter()
            .filter(|it| it.code == "unknown-mark" && it.file == self.source.path)
            .map(|it| it.message.clone())
            .collect();
        found.retain(|it| !told.contains(&it.message));
        self.book.diagnostics.append(&mut found);
    }

    /// Reads what stands below a heading, then below those in it.
    fn node(&mut self, above: &[Above], node: &Node) {
        let mut above = above.to_vec();
        if let Some(heading) = &node.heading {
            self.saw(heading.inline.span.clone(), Fate::Understood, "a heading");
            above.push(heading.clone());
        }
        let mut rest: Vec<Content> = Vec::new();
        let mut has_table = false;
        let is_entry = node.content.iter().any(|it| match it {
            Content::Label(_) => true,
            Content::Block(it) => has_label(it),
        });
        for it in &node.content {
            let Content::Block(block) = it else {
                rest.push(it.clone());
                continue;
            };
            let tables = symptom_tables(block, self.reading);
            if let Block::Table(table) = block {
                // A table of something else inside an answer belongs to that.
                let is_trouble = above.iter().any(|it| words::is_trouble_title(&text::plain(&it.inline.text)));
                let is_guessed = table::may_be_by_position(table) && is_trouble && !is_entry;
                if tables.is_empty() && !is_guessed && (is_entry || self.reading == Reading::Found) {
                    rest.push(it.clone());
                    continue;
                }
                has_table = true;
                let titled = self.title_before(&mut rest, &above);
                let above =
                    if let Some(title) = titled { [above.as_slice(), &[title]].concat() } else { above.clone() };
                self.table(&above, table);
            } else if tables.is_empty() {
                rest.push(it.clone());
            } else {
                has_table = true;
                for table in tables {
                    self.table(&above, &table);
                }
                if let Some(block) = without_tables(block, self.reading) {
                    rest.push(Content::Block(block));
                }
            }
        }
        let is_intro = has_table || !node.children.is_empty();
        let first_table = node.content.iter().find_map(|it| match it {
            Content::Block(block) if !symptom_tables(block, self.reading).is_empty() => Some(block.span().start),
            _ => None,
        });
        self.tables_from = first_table.unwrap_or(usize::MAX);
        if !rest.is_empty() || (above.len() > 1 && !is_intro) {
            self.prose(&above, &rest, is_intro);
        }
        for it in &node.children {
            self.node(&above, it);
        }
    }

    /// A bare line right above a table names its area where no heading does.
    fn title_before(&mut self, rest: &mut Vec<Content>, above: &[Above]) -> Option<Above> {
        let Some(Content::Block(Block::Paragraph(inline))) = rest.last_mut() else { return None };
        if self.reading == Reading::Authored && !above.is_empty() {
            return None;
        }
        let written = inline.clone();
        let mut lines = written.lines();
        let (last, span) = lines.pop()?;
        let plain = text::plain(last);
        let plain = plain.trim();
        let n_words = plain.split_whitespace().count();
        let is_title = (1..=MAX_AREA_WORDS).contains(&n_words) && !plain.ends_with(['.', '!', '?', ';', ',', ':']);
        if !is_title {
            return None;
        }
        if lines.is_empty() {
            rest.pop();
        } else {
            *inline = Inline { pictures: written.pictures.clone(), ..Inline::of_lines(&lines) };
        }
        let own = Inline::of(last.trim(), span);
        self.saw(own.span.clone(), Fate::Understood, format!("the area \"{plain}\""));
        Some(Above { level: BOLD_LEVEL, inline: own, id: None })
    }

    /// Notes what became of a part of the source.
    fn saw(&mut self, span: Range<usize>, fate: Fate, what: impl Into<String>) {
        self.book.seen.push(Seen { file: self.file, span, fate, what: what.into() });
    }

    fn leave_out(&mut self, span: &Range<usize>) {
        let message = "this text belongs to no entry and is left out";
        self.report(Diagnostic::warning("left-out", self.source, span.clone(), message));
        self.saw(span.clone(), Fate::LeftOut, "text that belongs to no entry");
    }

    fn is_table(&self, span: &Range<usize>) -> bool {
        let text = self.source.text.get(span.clone()).unwrap_or_default();
        text.lines().nth(1).is_some_and(|it| {
            let it = it.trim();
            it.contains('-') && it.chars().all(|it| matches!(it, '|' | '-' | ':' | ' '))
        })
    }

    /// Adds an entry to the book; `span` is all of it.
    fn keep(&mut self, draft: Draft, span: Range<usize>) {
        let plain = text::plain(&draft.symptom);
        self.saw(span, Fate::Understood, format!("the entry \"{plain}\""));
        self.last_is_unfinished = draft.steps.is_empty();
        if self.last_is_unfinished {
            self.book.unfinished.push(draft);
        } else {
            self.book.drafts.push(draft);
        }
    }

    /// The entry that was added last.
    fn last_draft(&mut self) -> Option<&mut Draft> {
        if self.last_is_unfinished { self.book.unfinished.last_mut() } else { self.book.drafts.last_mut() }
    }

    /// An entry without a resolution may have been given one.
    fn finish_last(&mut self) {
        if self.last_is_unfinished
            && let Some(draft) = self.book.unfinished.pop_if(|it| !it.steps.is_empty())
        {
            let is_about = |it: &Diagnostic| it.code == "missing-resolution" && it.id.as_ref() == Some(&draft.id);
            if let Some(at) = self.book.diagnostics.iter().rposition(is_about) {
                self.book.diagnostics.remove(at);
            }
            self.book.drafts.push(draft);
            self.last_is_unfinished = false;
        }
    }

    fn check_front_matter(&mut self) {
        let span = self.front.span.clone();
        if let Some(contact) = &self.front.contact
            && !self.book.config.is_unread
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

    /// The area that the heading `above` names, noted in the book.
    fn area(&mut self, above: Option<&Above>) -> String {
        let title = above.map(|it| text::plain(&marks::one_line(&it.inline.text))).or_else(|| self.front.title.clone());
        let title = title.unwrap_or_else(|| self.source.path.rsplit_once('.').map_or("", |it| it.0).replace('-', " "));
        let id = above.and_then(|it| it.id.clone());
        let span = above.map_or(self.front.span.clone(), |it| it.inline.span.clone());
        self.area_called(title, id, span)
    }

    /// The area of a page that is one entry, when it was found: what the page is
    /// called where that is not the entry itself, else the folder that it stands in.
    fn area_of_page(&mut self, symptom: &str) -> String {
        let own = self.front.title.clone().filter(|it| slug(it) != slug(symptom));
        let mut names = self.source.path.rsplit('/');
        let file = names.next().unwrap_or_default();
        let stem = file.rsplit_once('.').map_or(file, |it| it.0);
        let folder = names.next().filter(|it| it.chars().any(char::is_alphanumeric)).unwrap_or(stem);
        let spaced = folder.replace(['-', '_'], " ");
        let mut chars = spaced.chars();
        let folder = chars.next().map(|it| it.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default();
        self.area_called(own.unwrap_or(folder), None, self.front.span.clone())
    }

    /// The same for a title that is no heading.
    fn named_area(&mut self, rich: &str, span: Range<usize>) -> String {
        self.area_called(text::plain(rich), None, span)
    }

    fn area_called(&mut self, title: String, id: Option<String>, span: Range<usize>) -> String {
        let id = self.front.area.clone().or(id).unwrap_or_else(|| slug(&title));
        if self.book.area_ids.insert(id.clone()) {
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
        let marked = marks::take(&self.book.config, self.source, span, rich, self.reading, &mut self.book.diagnostics);
        let has_mark = marked.audience.is_some() || marked.kind.is_some();
        if has_mark && marked.text.is_empty() && self.reading == Reading::Authored {
            let found = Diagnostic::error("unknown-mark", self.source, span.clone(), "a mark without a text");
            self.report(found.hint("write it at the head or the end of each step that it is about"));
        }
        marked
    }

    fn step(&mut self, span: &Range<usize>, rich: &str, notes: Vec<Marked<DraftNote>>) -> Marked<DraftStep> {
        let marked = self.take_marks(span, rich);
        let fallback = self.front.contact.as_deref();
        let config = &self.book.config;
        let kind = marked.kind.clone().unwrap_or_else(|| marks::recognise(config, &marked.text, fallback));
        // Only whoever has contacts leans on them.
        let has_contacts = !config.contacts.is_empty() && self.reading == Reading::Authored;
        if has_contacts
            && marked.kind.is_none()
            && kind == Kind::Do
            && let Some(name) = marks::hand_over(&marked.text)
        {
            let message = format!("\"{name}\" is no contact of kb.toml, and nobody is handed over to");
            let found = Diagnostic::warning("unnamed-contact", self.source, span.clone(), message);
            let hint = format!(
                "add [contacts.{}] to kb.toml, or mark a step that hands over to nobody with {{do}}",
                slug(&name)
            );
            self.report(found.hint(hint));
        }
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
            if self.reading == Reading::Found {
                // What was found elsewhere comes without its pictures: their words stay.
                let shown = it.src.chars().take(80).collect::<String>();
                self.saw(it.span.clone(), Fate::Kept, format!("of the picture {shown:?} the words alone are kept"));
                let words = if it.alt.trim().is_empty() { &it.caption } else { &it.alt };
                if !words.trim().is_empty() {
                    let value = DraftNote { text: words.trim().into(), ..DraftNote::default() };
                    notes.push(Marked { audience: None, value });
                }
                continue;
            }
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
                        let is_svg = src.rsplit_once('.').is_some_and(|it| it.1.eq_ignore_ascii_case("svg"));
                        if let Some(what) = svg::active(bytes).filter(|_| is_svg) {
                            let message = format!("the picture \"{src}\" holds {what}");
                            let found = Diagnostic::error("active-picture", self.source, it.span.clone(), message);
                            self.report(found.hint("export it again as a plain SVG, or as PNG"));
                        }
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

/// Whether a text begins with a label, and would be read as a part of an answer.
pub(super) fn label(rich: &str) -> Option<()> {
    words::label(rich).map(|_| ())
}

/// Whether a heading would be read as a part of an answer.
pub(super) fn heading_label(rich: &str) -> Option<()> {
    words::heading_label(rich).map(|_| ())
}

/// A line above a table with more words than this is a sentence.
const MAX_AREA_WORDS: usize = 10;

/// Whether a block holds a line that says what part of an answer it is.
fn has_label(block: &Block) -> bool {
    match block {
        Block::Paragraph(inline) => {
            inline.text.split([markdown::SOFT_BREAK, markdown::HARD_BREAK]).any(|it| words::label(it).is_some())
        }
        Block::List { items, .. } => items.iter().any(|it| it.blocks.iter().any(has_label)),
        Block::Quote { blocks, .. } => blocks.iter().any(has_label),
        Block::Heading { .. } | Block::Table(_) | Block::Code { .. } => false,
    }
}

/// The symptom tables in a block, however deep: people put them into lists and quotes.
fn symptom_tables(block: &Block, reading: Reading) -> Vec<markdown::Table> {
    let inside = |blocks: &[Block]| blocks.iter().flat_map(|it| symptom_tables(it, reading)).collect::<Vec<_>>();
    match block {
        Block::Table(table) if table::is_symptom_table(table, reading) => vec![table.clone()],
        Block::List { items, .. } => items.iter().flat_map(|it| inside(&it.blocks)).collect(),
        Block::Quote { blocks, .. } => inside(blocks),
        _ => Vec::new(),
    }
}

/// A block without those.
fn without_tables(block: &Block, reading: Reading) -> Option<Block> {
    let rest = |blocks: &[Block]| blocks.iter().filter_map(|it| without_tables(it, reading)).collect::<Vec<_>>();
    match block {
        Block::Table(table) if table::is_symptom_table(table, reading) => None,
        Block::List { ordered, items, span } => {
            let items: Vec<markdown::Item> = items
                .iter()
                .map(|it| markdown::Item { blocks: rest(&it.blocks), span: it.span.clone() })
                .filter(|it| !it.blocks.is_empty())
                .collect();
            // "1. See this table:" is no step.
            let has_tables = !symptom_tables(block, reading).is_empty();
            (!items.is_empty()).then(|| Block::List { ordered: *ordered && !has_tables, items, span: span.clone() })
        }
        Block::Quote { warning, blocks, span } => {
            let blocks = rest(blocks);
            (!blocks.is_empty()).then(|| Block::Quote { warning: *warning, blocks, span: span.clone() })
        }
        other => Some(other.clone()),
    }
}
