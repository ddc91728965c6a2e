//! Documents that were found somewhere, made into a knowledge base, with a
//! report of what became of every line.
//!
//! Reads with the compiler's own parser and writes what that reads again: an
//! entry is a row of the area's table where a row can hold it, and a section
//! otherwise. Knows no files: documents come in and files go out as values.
//!
//! ```
//! use unstuck::kb::{Sources, import};
//!
//! let text = b"## Printing\n\nError | Solution\n--- | ---\nNo paper | Add paper\n";
//! let done = import(&[("notes.md".into(), text.to_vec())], &Sources::default());
//! let file = done.files.iter().find(|it| it.path == "printing.md").expect("one file an area");
//! assert!(String::from_utf8_lossy(&file.bytes).contains("| No paper | Add paper |"));
//! assert!(done.is_clean(), "{:?}", done.report);
//! ```

mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use super::audience::Marked;
use super::compile::BuiltFile;
use super::config::{Config, Vocabulary};
use super::diagnostic::Diagnostic;
use super::marks::Kind;
use super::parse::{Book, Draft, DraftArea, DraftStep, Fate, Seen};
use super::prepare::Reading;
use super::slug::slug;
use super::source::{Source, Sources};
use crate::index::text::{self, Piece, Style};

/// The id of an area, which is the name of its file too, is cut here: no disk
/// takes names much longer than twice this.
const MAX_AREA_ID: usize = 80;

/// An area's file goes on in another where it has more bytes than this: both
/// stay far below what the compiler reads.
const MAX_FILE_BYTES: usize = 512 * 1024;

/// What was made of some documents.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// The knowledge base.
    pub files: Vec<BuiltFile>,
    /// What became of the documents, in the order of their lines.
    pub report: Vec<Reported>,
}

/// What became of a part of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is an entry.
    Understood,
    /// It is in an entry as text, although it was more than that.
    Kept,
    /// It is in an entry that its author should look at.
    Unclear,
    /// It is not in the knowledge base.
    LeftOut,
}

impl Outcome {
    /// As it is written in a report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Understood => "understood",
            Self::Kept => "kept as text",
            Self::Unclear => "unclear",
            Self::LeftOut => "left out",
        }
    }
}

/// A line of the report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reported {
    /// Path of the document, as it was given.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// The last line that it is about.
    pub last_line: usize,
    /// What became of it.
    pub outcome: Outcome,
    /// In words: lower case, no full stop.
    pub what: String,
    /// The entry that it is in.
    pub id: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Import {
    /// Whether everything was understood.
    pub fn is_clean(&self) -> bool {
        self.report.iter().all(|it| it.outcome < Outcome::Unclear)
    }

    /// How many entries there are.
    pub fn n_entries(&self) -> usize {
        self.report.iter().filter(|it| it.outcome == Outcome::Understood).count()
    }
}

/// Makes a knowledge base of documents, given by path. `kb`: what is there
/// already; of that its `kb.toml` counts, which is written where there is none.
pub fn import(documents: &[(String, Vec<u8>)], kb: &Sources) -> Import {
    let mut sources = Sources::default();
    let has_config = kb.get("kb.toml").is_some();
    let config = kb.get("kb.toml").map_or_else(|| config_text(&[]).into_bytes(), <[u8]>::to_vec);
    sources.add("kb.toml", config);
    let mut book = Book::default();
    book.config = Config::read(&sources, &mut book.diagnostics);
    book.vocabulary = Vocabulary::default();
    for (path, bytes) in documents {
        let source = Source::decoded(path, bytes);
        book.read_file(&sources, &source, "", Reading::Found);
    }
    let starts = |it: &Source| [0].into_iter().chain(it.text.match_indices('\n').map(|it| it.0 + 1)).collect();
    let lines = book.files.iter().map(starts).collect();
    let mut importer = Importer { report: Vec::new(), book, lines };
    let mut drafts = importer.drafts();
    let mut files = importer.files(&drafts, has_config);
    // Text that would be read as something else loses its emphasis, which is what
    // most often makes a title or a label of it.
    let misread = misread(&drafts, &files, kb);
    if !misread.is_empty() {
        for it in drafts.iter_mut().filter(|it| misread.contains(&it.id)) {
            texts(it).skip(1).for_each(|it| *it = text::plain(it));
        }
        files = importer.files(&drafts, has_config);
    }
    importer.report_entries(&drafts);
    importer.report_rest();
    importer.report_lines();
    importer.report_read_again(&files, kb);
    let mut report = importer.report;
    report.sort();
    report.dedup();
    Import { files, report }
}

/// A `kb.toml` to begin with.
fn config_text(areas: &[&DraftArea]) -> String {
    let mut out = String::from(
        "# The help centre: its title, its areas in display order, and whom to reach.\n\ntitle = \"Help\"\nlang = \"en\"\n\
         # Whom to reach where neither an entry nor its steps name anybody.\ncontact = \"support\"\n",
    );
    if !areas.is_empty() {
        out.push_str("areas = [\n");
        for it in areas {
            let _ = writeln!(out, "  \"{}\",", it.id);
        }
        out.push_str("]\n");
    }
    out.push_str(
        "\n# Add an address as   href = \"mailto:NAME@DOMAIN\"   or   href = \"https://DOMAIN/PATH\"\n\
         [contacts.support]\nlabel = \"Support\"\ntext = \"Reach them when the steps have not helped.\"\n",
    );
    out
}

struct Importer {
    report: Vec<Reported>,
    book: Book,
    /// Where the lines of each file begin.
    lines: Vec<Vec<usize>>,
}

impl Importer {
    /// All entries in the order of the documents, ready to be written: each with
    /// a resolution and an id of its own.
    fn drafts(&mut self) -> Vec<Draft> {
        let mut drafts = std::mem::take(&mut self.book.drafts);
        drafts.append(&mut self.book.unfinished);
        let known = &self.book.config.contacts;
        let contact = self.book.config.contact.clone().or_else(|| known.first().map(|it| it.id.clone()));
        for it in &mut drafts {
            without_empty(it);
            if !it.steps.is_empty() {
                continue;
            }
            // Nobody is left without a way on, and nothing is made up.
            let step = match &contact {
                Some(contact) => {
                    let known = self.book.config.contacts.iter().find(|it| it.id == *contact);
                    let label = known.map_or("support", |it| it.label.as_str()).to_lowercase();
                    let kind = Kind::Escalate { contact: contact.clone() };
                    DraftStep { kind, text: format!("Contact {label}."), ..DraftStep::default() }
                }
                None => DraftStep { text: "Contact support.".into(), ..DraftStep::default() },
            };
            let plain = text::plain(&it.symptom);
            let what = format!("\"{plain}\" has no resolution; \"{}\" stands in its place", step.text);
            let place = it.place.clone();
            self.tell(place.file, &place.span, Outcome::Unclear, what, None, Some("say what to do"));
            it.steps.push(Marked { audience: None, value: step });
        }
        drafts.sort_by_key(|it| (it.place.file, it.place.span.start));
        self.name_areas(&mut drafts);
        name_entries(&mut drafts);
        self.free_links(&mut drafts);
        drafts
    }

    /// Gives areas ids that can be names of files, and titles that say something.
    fn name_areas(&mut self, drafts: &mut [Draft]) {
        let mut renamed: BTreeMap<String, String> = BTreeMap::new();
        for it in &mut self.book.areas {
            let mut id = slug(&it.id);
            while id.len() > MAX_AREA_ID {
                let cut = (0..=MAX_AREA_ID).rev().find(|at| id.is_char_boundary(*at)).unwrap_or_default();
                id.truncate(id[..cut].rfind('-').filter(|at| *at > 0).unwrap_or(cut));
            }
            if id.is_empty() {
                id = "answers".into();
                it.title = if it.title.trim().is_empty() { "Answers".into() } else { it.title.clone() };
            }
            renamed.insert(it.id.clone(), id.clone());
            it.id = id;
        }
        for it in drafts.iter_mut() {
            if let Some(id) = renamed.get(&it.area) {
                it.area.clone_from(id);
            }
        }
        let mut seen = BTreeSet::new();
        let places: BTreeMap<&str, usize> =
            drafts.iter().enumerate().rev().map(|(at, it)| (it.area.as_str(), at)).collect();
        self.book.areas.retain(|it| places.contains_key(it.id.as_str()) && seen.insert(it.id.clone()));
        self.book.areas.sort_by_key(|it| places.get(it.id.as_str()).copied());
    }

    /// Takes links to places that are not in the knowledge base off their words.
    fn free_links(&mut self, drafts: &mut [Draft]) {
        let ids: BTreeSet<String> = drafts.iter().map(|it| it.id.clone()).collect();
        for draft in drafts {
            let mut lost = Vec::new();
            let mut relative = 0;
            for rich in texts(draft) {
                let found: Vec<String> = text::pieces(rich)
                    .filter_map(|it| if let Piece::Open(Style::Link, href) = it { Some(href.to_owned()) } else { None })
                    .collect();
                relative += found.iter().filter(|it| !it.starts_with('#') && !it.contains(':')).count();
                if found.iter().any(|it| it.strip_prefix('#').is_some_and(|id| !ids.contains(id))) {
                    *rich = without_links(rich, |href| {
                        let is_lost = href.strip_prefix('#').is_some_and(|id| !ids.contains(id));
                        if is_lost {
                            lost.push(href.to_owned());
                        }
                        is_lost
                    });
                }
            }
            let (place, id) = (draft.place.clone(), draft.id.clone());
            for href in lost {
                let what = format!("the link to \"{href}\" is kept as text: there is no such entry");
                self.tell(place.file, &place.span, Outcome::Kept, what, Some(id.clone()), None);
            }
            if relative > 0 {
                let links = if relative == 1 { "a link" } else { "links" };
                let what = format!("{links} to places beside the document: kept as written");
                let hint = "check that they lead somewhere from the page that shows the answers";
                self.tell(place.file, &place.span, Outcome::Kept, what, Some(id), Some(hint));
            }
        }
    }

    fn files(&mut self, drafts: &[Draft], has_config: bool) -> Vec<BuiltFile> {
        let mut files = Vec::new();
        if drafts.is_empty() {
            return files;
        }
        let mut names: BTreeSet<String> = self.book.areas.iter().map(|it| it.id.clone()).collect();
        let mut by_area: BTreeMap<&str, Vec<&Draft>> = BTreeMap::new();
        for it in drafts {
            by_area.entry(&it.area).or_default().push(it);
        }
        for area in &self.book.areas {
            let own = by_area.remove(area.id.as_str()).unwrap_or_default();
            let parts = write::area(&self.book.config, area, &own, MAX_FILE_BYTES);
            for (n, text) in parts.into_iter().enumerate() {
                let mut name = area.id.clone();
                let mut more = n + 1;
                while n > 0 && !names.insert(format!("{}-{more}", area.id)) {
                    more += 1;
                }
                if n > 0 {
                    name = format!("{}-{more}", area.id);
                }
                files.push(BuiltFile { path: format!("{name}.md"), bytes: text.into_bytes() });
            }
        }
        if !has_config {
            let areas: Vec<&DraftArea> = self.book.areas.iter().collect();
            files.insert(0, BuiltFile { path: "kb.toml".into(), bytes: config_text(&areas).into_bytes() });
        }
        files
    }

    fn tell(
        &mut self,
        file: usize,
        span: &std::ops::Range<usize>,
        outcome: Outcome,
        what: String,
        id: Option<String>,
        hint: Option<&str>,
    ) {
        let Some(source) = self.book.files.get(file) else { return };
        let line_of = |at: usize| self.lines[file].partition_point(|it| *it <= at);
        let (line, last_line) = (line_of(span.start), line_of(span.end.saturating_sub(1).max(span.start)));
        let hint = hint.map(String::from);
        self.report.push(Reported { file: source.path.clone(), line, last_line, outcome, what, id, hint });
    }

    fn report_entries(&mut self, drafts: &[Draft]) {
        for it in drafts {
            let plain = text::plain(&it.symptom);
            let count = |n: usize, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
            let (causes, steps) = (count(it.causes.len(), "cause"), count(it.steps.len(), "step"));
            let what = format!("\"{plain}\" in {}: {causes}, {steps}", it.area);
            self.tell(it.place.file, &it.place.span, Outcome::Understood, what, Some(it.id.clone()), None);
        }
    }

    /// What was kept as text or left out while reading, and what is unclear.
    fn report_rest(&mut self) {
        for Seen { file, span, fate, what } in self.book.seen.clone() {
            let outcome = match fate {
                Fate::Understood => continue,
                Fate::Kept => Outcome::Kept,
                Fate::LeftOut | Fate::Gone => Outcome::LeftOut,
            };
            let what = if fate == Fate::LeftOut {
                let shown = self.book.files[file].text.get(span.clone()).unwrap_or_default();
                if !has_words(shown) {
                    continue;
                }
                let shown: String = shown.lines().next().unwrap_or_default().trim().chars().take(60).collect();
                format!("{what}: \"{shown}\"")
            } else {
                what
            };
            self.tell(file, &span, outcome, what, None, None);
        }
        for it in self.book.diagnostics.clone() {
            let Diagnostic { code, file, line, span, message, hint, .. } = it;
            let outcome = match code {
                // These are told as what became of the text.
                "left-out" | "missing-resolution" | "broken-table" => continue,
                "missing-cause" | "front-matter" => Outcome::Unclear,
                _ => Outcome::LeftOut,
            };
            let source = self.book.files.iter().find(|it| it.path == file);
            let last_line = source.map_or(line, |it| it.position(span.end.saturating_sub(1).max(span.start)).0);
            let file = if file == "kb.toml" { "kb.toml".into() } else { file };
            self.report.push(Reported { file, line, last_line, outcome, what: message, id: None, hint });
        }
    }

    /// Proves that nothing was lost in silence: every line with words in it is in
    /// an entry or in the report.
    fn report_lines(&mut self) {
        for file in 0..self.book.files.len() {
            let source = self.book.files[file].clone();
            let starts: Vec<usize> =
                [0].into_iter().chain(source.text.match_indices('\n').map(|it| it.0 + 1)).collect();
            let line_of = |at: usize| starts.partition_point(|it| *it <= at).saturating_sub(1);
            let mut covered = vec![false; starts.len()];
            let spans = self.book.seen.iter().filter(|it| it.file == file).map(|it| it.span.clone());
            let found = self.book.diagnostics.iter().filter(|it| it.file == source.path && it.code != "no-entries");
            for span in spans.chain(found.map(|it| it.span.clone())) {
                let (first, last) = (line_of(span.start), line_of(span.end.saturating_sub(1).max(span.start)));
                covered[first..=last].fill(true);
            }
            let mut open: Option<usize> = None;
            let mut in_comment = false;
            for (n, covered) in covered.iter().enumerate() {
                let end = starts.get(n + 1).copied().unwrap_or(source.text.len());
                let line = &source.text[starts[n]..end];
                let is_remark = in_comment || line.trim_start().starts_with("<!--");
                in_comment = is_remark && !line.contains("-->");
                let is_lost = !covered && !is_remark && has_words(line);
                match (is_lost, open) {
                    (true, None) => open = Some(n),
                    (false, Some(first)) if *covered || !line.trim().is_empty() => {
                        self.lost(file, starts[first]..starts[n]);
                        open = None;
                    }
                    _ => {}
                }
            }
            if let Some(first) = open {
                self.lost(file, starts[first]..source.text.len());
            }
        }
    }

    fn lost(&mut self, file: usize, span: std::ops::Range<usize>) {
        let text = &self.book.files[file].text[span.clone()];
        let shown: String = text.lines().next().unwrap_or_default().trim().chars().take(60).collect();
        let end = span.start + text.trim_end().len();
        self.tell(file, &(span.start..end), Outcome::LeftOut, format!("this was not read: \"{shown}\""), None, None);
    }

    /// Reads what is to be written, so that whoever has it need not find out
    /// that it cannot be built.
    fn report_read_again(&mut self, files: &[BuiltFile], kb: &Sources) {
        let mut sources = kb.clone();
        for it in files {
            sources.add(it.path.clone(), it.bytes.clone());
        }
        let mut book = Book::read(&sources);
        book.check();
        for it in book.diagnostics.into_iter().filter(|it| it.severity == super::diagnostic::Severity::Error) {
            let Diagnostic { file, line, message, hint, id, .. } = it;
            self.report.push(Reported {
                file,
                line,
                last_line: line,
                outcome: Outcome::Unclear,
                what: message,
                id,
                hint,
            });
        }
    }
}

/// Takes out texts that hold marks and no words.
fn without_empty(draft: &mut Draft) {
    let says = |it: &String| !text::plain(it).trim().is_empty();
    for texts in [&mut draft.description, &mut draft.causes, &mut draft.after] {
        texts.retain(|it| says(&it.value));
    }
    draft.steps.retain(|it| says(&it.value.text));
    for it in &mut draft.steps {
        it.value.notes.retain(|it| says(&it.value.text));
    }
}

/// Gives entries the ids that the compiler will give them, and others where two
/// would be the same.
fn name_entries(drafts: &mut [Draft]) {
    // How often each was wanted: a page may say the same thousands of times.
    let mut wanted: BTreeMap<String, usize> = BTreeMap::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for it in drafts {
        let words = slug(&text::plain(&it.symptom));
        let base = if words.is_empty() { format!("{}-entry", it.area) } else { format!("{}-{words}", it.area) };
        let n = wanted.entry(base.clone()).or_insert(0);
        *n += 1;
        let mut id = if *n == 1 { base.clone() } else { format!("{base}-{n}") };
        while !taken.insert(id.clone()) {
            *n += 1;
            id = format!("{base}-{n}");
        }
        it.id = id;
    }
}

/// The ids of the entries that would be read otherwise than they are.
fn misread(drafts: &[Draft], files: &[BuiltFile], kb: &Sources) -> BTreeSet<String> {
    let mut sources = Sources::default();
    if let Some(config) = kb.get("kb.toml") {
        sources.add("kb.toml", config.to_vec());
    }
    for it in files {
        sources.add(it.path.clone(), it.bytes.clone());
    }
    let read = Book::read(&sources);
    let read: BTreeMap<&str, &Draft> = read.drafts.iter().map(|it| (it.id.as_str(), it)).collect();
    let words = |it: &Draft| {
        let steps = it.steps.iter().map(|it| text::plain(&it.value.text)).collect::<Vec<_>>();
        let causes = it.causes.iter().map(|it| text::plain(&it.value)).collect::<Vec<_>>();
        (text::plain(&it.symptom), causes, steps, it.description.len(), it.after.len())
    };
    let is_misread = |it: &&Draft| read.get(it.id.as_str()).is_none_or(|read| words(read) != words(it));
    drafts.iter().filter(is_misread).map(|it| it.id.clone()).collect()
}

/// Whether a line says something: more than marks.
fn has_words(line: &str) -> bool {
    let mut line = line.trim();
    if line.starts_with("```") || line.starts_with("~~~") || line.starts_with(":::") {
        return false;
    }
    // A tag alone on its line says nothing that the report does not say elsewhere.
    while let Some(rest) = line.strip_prefix('<').and_then(|it| it.split_once('>')) {
        line = rest.1.trim_start();
    }
    line.chars().any(char::is_alphanumeric)
}

/// Every text of an entry, to be changed.
fn texts(draft: &mut Draft) -> impl Iterator<Item = &mut String> {
    let Draft { symptom, description, causes, steps, after, .. } = draft;
    let steps = steps
        .iter_mut()
        .flat_map(|it| [&mut it.value.text].into_iter().chain(it.value.notes.iter_mut().map(|it| &mut it.value.text)));
    let texts = description.iter_mut().chain(causes.iter_mut()).chain(after.iter_mut()).map(|it| &mut it.value);
    [symptom].into_iter().chain(texts).chain(steps)
}

/// A rich text without those of its links that `is_lost` names.
fn without_links(rich: &str, mut is_lost: impl FnMut(&str) -> bool) -> String {
    let mut out = String::new();
    let mut open: Vec<bool> = Vec::new();
    for piece in text::pieces(rich) {
        match piece {
            Piece::Text(it) => out.push_str(it),
            Piece::Open(Style::Link, href) => {
                let lost = is_lost(href);
                open.push(!lost);
                if !lost {
                    out.push(text::LINK);
                    out.push_str(href);
                    out.push(text::LINK_TEXT);
                }
            }
            Piece::Open(style, _) => {
                open.push(true);
                out.push(match style {
                    Style::Strong => text::STRONG,
                    Style::Emphasis => text::EMPHASIS,
                    Style::Key => text::KEY,
                    Style::Code | Style::Link => text::CODE,
                });
            }
            Piece::Close => {
                if open.pop().unwrap_or(true) {
                    out.push(text::CLOSE);
                }
            }
        }
    }
    out
}
