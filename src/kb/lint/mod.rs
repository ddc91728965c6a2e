//! What is wrong with a knowledge base beyond what can be read of it, in three
//! circles, by what each has to know:
//!
//! - one file ([`Book::check_file`]): fast enough for each key press;
//! - all files ([`Book::check`]): what a build needs, in time that grows with
//!   the number of entries alone;
//! - all files and the search over them ([`Book::lint`], which is the circle
//!   before and [`Book::prove`]): a search for each symptom and each alias.
//!
//! Knows no files and no clock, and asks nobody but the search of this project.

mod entry;
mod personal;
mod search;
mod similar;
mod whole;

use std::collections::BTreeSet;
use std::ops::Range;

pub(super) use entry::all_texts;

use super::diagnostic::{Diagnostic, Severity};
use super::parse::{Book, Draft, Place};
use super::prepare::Reading;
use super::source::{Source, Sources, is_markdown};
use super::translation;

/// The code of what only a comparison with an earlier state can find.
const MOVED_ID: &str = "moved-id";

impl Book {
    /// Checks everything, and whether what authors wrote can be found. Adds to
    /// the diagnostics, which stand in the order of the files afterwards.
    pub fn lint(&mut self) {
        self.check();
        self.prove();
    }

    /// Checks what [`Book::check`] leaves out: whether what authors wrote can be
    /// found, and what was allowed in vain. Once, and after that.
    pub fn prove(&mut self) {
        // What cannot be built cannot be searched.
        if !self.has_errors() {
            let mut found = Vec::new();
            for it in [&*self].into_iter().chain(&self.translations) {
                it.check_search(&mut found);
            }
            self.diagnostics.append(&mut found);
        }
        self.apply_allowances();
        self.report_unused(|code| code != MOVED_ID);
        self.sort();
    }

    /// Checks what a build needs: all but the searches of [`Book::lint`].
    pub fn check(&mut self) {
        let mut found = Vec::new();
        self.check_audiences(self.drafts.iter(), &mut found);
        self.check_config_ids(&mut found);
        for (it, n_of_original) in self.with_own_files() {
            it.check_entries(self, &mut found);
            it.check_vocabulary(&mut found);
            it.check_personal(n_of_original, &mut found);
            it.check_similar(&mut found);
        }
        self.diagnostics.append(&mut found);
        self.apply_allowances();
        self.sort();
    }

    /// All ids that links may be made of: those of the entries, and those that
    /// have moved.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let entries = self.drafts.iter().map(|it| it.id.as_str());
        entries.chain(self.config.moved.iter().map(|it| it.0.as_str()))
    }

    /// Paths of the Markdown files of all languages, as they stand in findings.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.with_own_files().flat_map(|(it, n)| it.files.iter().skip(n).map(|it| it.path.as_str()))
    }

    /// Checks that no id of an earlier state is gone: deep links are made of them.
    pub fn lint_against(&mut self, old_ids: &BTreeSet<String>) {
        let moved: BTreeSet<&str> = self.config.moved.iter().map(|it| it.0.as_str()).collect();
        let mut found = Vec::new();
        for id in old_ids {
            if self.draft(id).is_none() && !moved.contains(id.as_str()) {
                let it = Diagnostic::error(
                    MOVED_ID,
                    &self.config.source,
                    0..0,
                    format!("the id \"{id}\" is gone, and links to it break"),
                );
                let it = it.hint(format!("add \"{id}\" = \"NEW-ID\" to [moved] in kb.toml"));
                found.push(it.about(id.clone()));
            }
        }
        self.diagnostics.append(&mut found);
        self.apply_allowances();
        self.report_unused(|code| code == MOVED_ID);
        self.sort();
    }

    /// What there is to say about one file, for whoever edits it: reads it from
    /// `sources` and checks it against this book, which may be of a moment ago.
    /// Takes time by the size of that file, not of the book.
    ///
    /// Says what [`Book::check`] says about the file, but for what needs all
    /// entries read again: symptoms that are like others, and ids that another
    /// file has taken since. `kb.toml` and `vocabulary.toml` change what all
    /// files mean; for them read the whole book.
    ///
    /// ```
    /// use unstuck::kb::{Book, Sources};
    ///
    /// let mut sources = Sources::default();
    /// sources.add("a.md", b"# A\n\n| Symptom | Fix |\n|---|---|\n| One | Look at [the other](#a-two) |\n| Two | Ask |\n".to_vec());
    /// let book = Book::read(&sources);
    /// assert!(book.check_file(&sources, "a.md").is_empty());
    ///
    /// sources.add("a.md", b"# A\n\n| Symptom | Fix |\n|---|---|\n| One | Look at [the other](#a-two) |\n".to_vec());
    /// assert_eq!(book.check_file(&sources, "a.md")[0].code, "unknown-link");
    /// ```
    pub fn check_file(&self, sources: &Sources, path: &str) -> Vec<Diagnostic> {
        let Some(source) = sources.text(path) else { return Vec::new() };
        let (lang, folder) = match path.split_once('/') {
            Some((lang, _)) => (Some(lang), format!("{lang}/")),
            None => (None, String::new()),
        };
        let Some(around) = lang.map_or(Some(self), |it| self.in_language(it)) else { return Vec::new() };
        let mut file = Self { config: around.config.clone(), ..Self::default() };
        if !is_markdown(path) {
            return Vec::new();
        }
        file.read_file(sources, &source, &folder, Reading::Authored);
        file.index_ids();
        let mut found = Vec::new();
        if lang.is_some() {
            self.check_translated(&file, &mut found);
            for it in &file.drafts {
                if let Some(original) = self.draft(&it.id) {
                    found.extend(translation::follow(self, original, &mut it.clone(), &source));
                }
            }
        } else {
            file.check_areas(&mut found);
            file.check_ids(&mut found);
            file.check_names(&mut found);
            file.check_taken(self, path, &mut found);
            file.check_audiences(file.drafts.iter(), &mut found);
        }
        file.check_entries_of_file(self, path, &mut found);
        file.check_personal(0, &mut found);
        file.diagnostics.append(&mut found);
        file.diagnostics.retain(|it| it.file == path);
        file.config.allow.clone_from(&self.config.allow);
        file.apply_allowances();
        file.sort();
        file.diagnostics
    }

    /// The book and its translations, each with how many of its files are the original's.
    fn with_own_files(&self) -> impl Iterator<Item = (&Self, usize)> {
        [(self, 0)].into_iter().chain(self.translations.iter().map(|it| (it, self.files.len())))
    }

    /// Takes out what is allowed, and notes what allowed it.
    pub(super) fn apply_allowances(&mut self) {
        let allow = &mut self.config.allow;
        self.diagnostics.retain(|it| {
            let mut is_allowed = false;
            for allowance in allow.iter_mut().filter(|allowance| allowance.covers(it)) {
                allowance.is_used = true;
                is_allowed = true;
            }
            !is_allowed
        });
    }

    /// Reports the allowances that no finding needs, of some codes.
    fn report_unused(&mut self, is_asked: impl Fn(&str) -> bool) {
        let unused = self.config.allow.iter().filter(|it| !it.is_used && is_asked(it.code.get_ref()));
        // With errors not everything is looked for, and an unknown code is one by itself.
        if self.diagnostics.iter().any(|it| it.severity == Severity::Error) {
            return;
        }
        for it in unused {
            let message = format!("nothing to allow: no finding {} about \"{}\"", it.code.get_ref(), it.id.get_ref());
            let found = Diagnostic::warning("unused-allowance", &self.config.source, it.code.span(), message);
            self.diagnostics.push(found.hint("take it out, or correct its id: that of the entry, or the file's path"));
        }
    }

    fn sort(&mut self) {
        self.diagnostics.sort_by(|a, b| (&a.file, a.span.start).cmp(&(&b.file, b.span.start)));
    }

    /// The source and the place of an entry's symptom.
    fn at(&self, draft: &Draft) -> (&Source, Range<usize>) {
        (&self.files[draft.place.file], draft.place.span.clone())
    }

    /// File and line of a place.
    pub(super) fn where_is(&self, place: &Place) -> String {
        let source = &self.files[place.file];
        format!("{} line {}", source.path, source.position(place.span.start).0)
    }
}
