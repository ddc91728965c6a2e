//! Findings that need the whole knowledge base.

use std::collections::{BTreeMap, BTreeSet};

use super::audience::{Audience, visible};
use super::diagnostic::{Diagnostic, nearest};
use super::marks::Kind;
use super::parse::{Book, Draft};
use crate::index::text::{self, Piece, Style};
use crate::index::{self, Index};
use crate::search::{self, fold};

impl Book {
    /// Checks what one file alone cannot show, and whether what authors wrote
    /// can be found. Adds to the diagnostics, which stand in the order of the
    /// files afterwards.
    pub fn lint(&mut self) {
        let mut found = Vec::new();
        self.check_audiences(&mut found);
        self.check_moved(&mut found);
        for it in [&*self].into_iter().chain(&self.translations) {
            it.check_links(&mut found);
            it.check_vocabulary(&mut found);
        }
        // What cannot be built cannot be searched.
        if !self.has_errors() && found.is_empty() {
            for it in [&*self].into_iter().chain(&self.translations) {
                it.check_search(&mut found);
            }
        }
        self.diagnostics.extend(found);
        self.apply_allowances();
        self.diagnostics.sort_by(|a, b| (&a.file, a.span.start).cmp(&(&b.file, b.span.start)));
    }

    /// The same but for what can be found: whoever only wants to know whether it
    /// can be built need not wait for that.
    pub(super) fn lint_without_search(&mut self) {
        let mut found = Vec::new();
        self.check_audiences(&mut found);
        self.check_links(&mut found);
        self.diagnostics.extend(found);
    }

    /// Checks that no id of an earlier state is gone: deep links are made of them.
    pub fn lint_against(&mut self, old_ids: &BTreeSet<String>) {
        let source = &self.config.source;
        for id in old_ids {
            let exists = self.drafts.iter().any(|it| it.id == *id);
            if !exists && !self.config.moved.iter().any(|(old, _)| old == id) {
                let it = Diagnostic::error(
                    "moved-id",
                    source,
                    0..0,
                    format!("the id \"{id}\" is gone, and links to it break"),
                );
                let it = it.hint(format!("add \"{id}\" = \"NEW-ID\" to [moved] in kb.toml"));
                self.diagnostics.push(it.about(id.clone()));
            }
        }
        self.apply_allowances();
    }

    fn at(&self, draft: &Draft) -> (&super::source::Source, std::ops::Range<usize>) {
        (&self.files[draft.place.file], draft.place.span.clone())
    }

    /// `#entry-id` must name an entry.
    fn check_links(&self, found: &mut Vec<Diagnostic>) {
        for draft in self.drafts.iter().filter(|it| it.lang.is_empty()) {
            for rich in all_texts(draft) {
                for piece in text::pieces(rich) {
                    let Piece::Open(Style::Link, href) = piece else { continue };
                    let Some(id) = href.strip_prefix('#') else { continue };
                    if !self.drafts.iter().any(|it| it.id == id) {
                        let (source, span) = self.at(draft);
                        let mut it =
                            Diagnostic::error("unknown-link", source, span, format!("no entry \"{id}\" to link to"));
                        it.hint = nearest(id, self.drafts.iter().map(|it| it.id.as_str()));
                        found.push(it.about(draft.id.clone()));
                    }
                }
            }
        }
    }

    /// Every entry has a resolution for every audience that sees it, and hands
    /// over to nobody whom that audience may not know.
    fn check_audiences(&self, found: &mut Vec<Diagnostic>) {
        for draft in &self.drafts {
            for audience in Audience::ALL.into_iter().filter(|it| *it >= draft.audience) {
                let (source, span) = self.at(draft);
                let steps = visible(&draft.steps, audience);
                // A hand-over stands in for steps that are left out, if there is somebody.
                if self.steps(draft, audience, &self.contacts(audience)).is_empty() {
                    let message =
                        format!("\"{}\" has no resolution for the audience {audience}", text::plain(&draft.symptom));
                    let it = Diagnostic::error("missing-resolution", source, span.clone(), message);
                    found.push(
                        it.hint(format!("add a step for them: {{audience {audience}}} Contact support"))
                            .about(draft.id.clone()),
                    );
                }
                for step in steps {
                    let Kind::Escalate { contact } = &step.kind else { continue };
                    let Some(known) = self.config.contacts.iter().find(|it| it.id == *contact) else { continue };
                    if known.audience > audience {
                        let message = format!(
                            "the audience {audience} is handed over to \"{contact}\", who is for {} only",
                            known.audience
                        );
                        found.push(
                            Diagnostic::error("contact-audience", source, span.clone(), message)
                                .about(draft.id.clone()),
                        );
                    }
                }
            }
        }
    }

    fn check_vocabulary(&self, found: &mut Vec<Diagnostic>) {
        for (id, _) in &self.vocabulary.aliases {
            if !self.drafts.iter().any(|it| it.id == *id.get_ref()) {
                let message = format!("aliases for an entry that does not exist, \"{}\"", id.get_ref());
                let mut it = Diagnostic::error("unknown-entry", &self.vocabulary.source, id.span(), message);
                it.hint = nearest(id.get_ref(), self.drafts.iter().map(|it| it.id.as_str()));
                found.push(it);
            }
        }
    }

    fn check_moved(&self, found: &mut Vec<Diagnostic>) {
        for (id, span) in &self.config.popular {
            if !self.drafts.iter().any(|it| it.id == *id) {
                let message = format!("\"{id}\" is said to be popular, and does not exist");
                let mut it = Diagnostic::error("unknown-entry", &self.config.source, span.clone(), message);
                it.hint = nearest(id, self.drafts.iter().map(|it| it.id.as_str()));
                found.push(it);
            }
        }
        for (old, new) in &self.config.moved {
            let at = self.config.source.text.find(old.as_str()).unwrap_or_default();
            let span = at..at + old.len();
            if !self.drafts.iter().any(|it| it.id == *new) {
                let mut it = Diagnostic::error(
                    "unknown-entry",
                    &self.config.source,
                    span.clone(),
                    format!("\"{old}\" moved to \"{new}\", which does not exist"),
                );
                it.hint = nearest(new, self.drafts.iter().map(|it| it.id.as_str()));
                found.push(it);
            }
            if self.drafts.iter().any(|it| it.id == *old) {
                found.push(Diagnostic::warning(
                    "moved",
                    &self.config.source,
                    span,
                    format!("\"{old}\" is said to have moved, and exists"),
                ));
            }
        }
    }

    /// Asks the engine that the page runs: does a symptom find its entry first,
    /// and an alias its own?
    fn check_search(&self, found: &mut Vec<Diagnostic>) {
        let contents = self.contents(Audience::Staff);
        let folding = contents.folding.clone();
        let index = match Index::open(index::write(&contents)) {
            Ok(index) => index,
            Err(error) => unreachable!("what was just written can be read: {error}"),
        };
        let mut symptoms: BTreeMap<Vec<String>, &Draft> = BTreeMap::new();
        // What is in another language was checked in that.
        for draft in self.drafts.iter().filter(|it| it.lang.is_empty()) {
            let (source, span) = self.at(draft);
            let symptom = text::plain(&draft.symptom);
            let mut terms: Vec<String> = fold::words(&folding, &symptom).into_iter().map(|it| it.term).collect();
            terms.sort_unstable();
            if let Some(first) = symptoms.insert(terms, draft) {
                let (first_source, first_span) = self.at(first);
                let line = first_source.position(first_span.start).0;
                let it = Diagnostic::warning(
                    "duplicate-symptom",
                    source,
                    span,
                    format!("\"{symptom}\" says the same as another symptom"),
                );
                found.push(
                    it.hint(format!("it stands in {} line {line}; say what is different", first_source.path))
                        .about(draft.id.clone()),
                );
            } else if let Some(other) = other_first(&index, &symptom, &draft.id) {
                let it = Diagnostic::warning(
                    "symptom-finds-another",
                    source,
                    span,
                    format!("searching for \"{symptom}\" finds {other} first"),
                );
                found.push(
                    it.hint("word the symptom more clearly, or take the other's alias away").about(draft.id.clone()),
                );
            }
        }
        for (id, aliases) in &self.vocabulary.aliases {
            for alias in aliases {
                if let Some(other) = other_first(&index, alias.get_ref(), id.get_ref()) {
                    let message = format!("searching for \"{}\" finds {other} first", alias.get_ref());
                    let it = Diagnostic::warning("alias-finds-another", &self.vocabulary.source, alias.span(), message);
                    found.push(
                        it.hint(format!("it should find {}; make it clearer or take it away", id.get_ref()))
                            .about(id.get_ref().clone()),
                    );
                }
            }
        }
    }
}

/// What a search finds first, if it is not the entry with this id.
fn other_first(index: &Index, query: &str, id: &str) -> Option<String> {
    match search::run(index, query, None).hits.first() {
        Some(hit) => Some(index.summary(hit.doc).id).filter(|it| it != id).map(|it| format!("\"{it}\"")),
        None => Some("nothing".into()),
    }
}

/// Every text of an entry.
pub(super) fn all_texts(draft: &Draft) -> impl Iterator<Item = &str> {
    let steps = draft.steps.iter().flat_map(|it| {
        [it.value.text.as_str()].into_iter().chain(it.value.notes.iter().map(|it| it.value.text.as_str()))
    });
    let texts = [&draft.description, &draft.causes, &draft.after].into_iter().flatten().map(|it| it.value.as_str());
    [draft.symptom.as_str()].into_iter().chain(texts).chain(steps)
}
