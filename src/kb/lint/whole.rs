//! What one entry alone cannot show: ids, areas, and what configuration and
//! vocabulary say of entries.

use std::collections::{BTreeMap, BTreeSet};

use crate::index::text;
use crate::kb::audience::{Audience, visible};
use crate::kb::diagnostic::{Diagnostic, nearest};
use crate::kb::fix;
use crate::kb::letters::{disguise, hidden, hidden_setting, look_alike};
use crate::kb::lint::all_texts;
use crate::kb::marks::Kind;
use crate::kb::parse::{Book, Draft};

/// After so many findings no name is compared with all ids any more.
const MAX_FOUND_FOR_HINTS: usize = 200;

/// Longest id of an area in bytes: files have its name, with an ending, and
/// file systems take 255.
const MAX_AREA_BYTES: usize = 200;

/// Longest id of an entry in bytes. The longest of 12,441 real ones has a third;
/// it stands in addresses that people send to each other.
const MAX_ID_BYTES: usize = 1_000;

/// What is wrong with an id, where something is: letters and digits of any
/// script, and between them hyphens, dots and underscores.
fn fault_of_id(whose: &str, id: &str, most: usize) -> Option<String> {
    if id.len() > most {
        return Some(format!("the id of {whose} has {} bytes, expected at most {most}", id.len()));
    }
    if id.is_empty() {
        return Some(format!("{whose} has no id, as its title has no letter and no digit"));
    }
    let is_own = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '.');
    let wrong = id.chars().find(|it| !is_own(*it)).or_else(|| id.chars().next().filter(|it| *it == '.'))?;
    let shown: String = id.chars().take(60).collect();
    Some(format!("the id of {whose}, {shown:?}, holds {wrong:?}, expected letters, digits and hyphens"))
}

impl Book {
    /// Every area is listed, where areas are listed at all.
    pub(in crate::kb) fn check_areas(&self, found: &mut Vec<Diagnostic>) {
        let listed: BTreeSet<&str> = self.config.areas.iter().map(|it| it.0.as_str()).collect();
        if listed.is_empty() {
            return;
        }
        for it in self.areas.iter().filter(|it| !listed.contains(it.id.as_str())) {
            let source = &self.files[it.place.file];
            let hint = nearest(&it.id, listed.iter().copied())
                .unwrap_or_else(|| format!("add \"{}\" to `areas` in kb.toml", it.id));
            let mark = format!("{{#{}}}", it.id);
            let in_heading = source.text.get(it.place.span.clone()).is_some_and(|text| text.contains(&mark));
            let named = fix::setting(source, "area", &it.id).or_else(|| in_heading.then(|| it.place.span.clone()));
            let fix = named.and_then(|span| fix::rename(source, &span, &it.id, listed.iter().copied()));
            let message = format!("unknown area \"{}\"", it.id);
            let it = Diagnostic::error("unknown-area", source, it.place.span.clone(), message);
            found.push(it.hint(hint).fixed_by(fix));
        }
    }

    /// Every listed area has entries.
    pub(in crate::kb) fn check_empty_areas(&self, found: &mut Vec<Diagnostic>) {
        let used: BTreeSet<&str> = self.drafts.iter().map(|it| it.area.as_str()).collect();
        for (id, span) in self.config.areas.iter().filter(|it| !used.contains(it.0.as_str())) {
            let message = format!("area \"{id}\" has no entries");
            let it = Diagnostic::warning("empty-area", &self.config.source, span.clone(), message);
            found.push(it.hint("write a file for it or take it out of `areas`"));
        }
    }

    /// Ids are such as links and names of files can be made of, and titles hold
    /// nothing that cannot be seen.
    pub(in crate::kb) fn check_names(&self, found: &mut Vec<Diagnostic>) {
        for it in &self.areas {
            let source = &self.files[it.place.file];
            let report = |fault: String| {
                let it = Diagnostic::error("bad-id", source, it.place.span.clone(), fault);
                it.hint(
                    "give it an id in its heading, as in {#billing}, or with `area: billing` at the head of the file",
                )
            };
            found.extend(fault_of_id("the area", &it.id, MAX_AREA_BYTES).map(report));
            if let Some(hidden) = hidden(&it.title) {
                found.push(hidden_setting(source, it.place.span.clone(), hidden));
            }
            let disguised = look_alike(&it.title).or_else(|| look_alike(&it.id));
            found.extend(disguised.map(|word| disguise(source, it.place.span.clone(), word)));
        }
        for it in &self.drafts {
            let (source, span) = self.at(it);
            let report = |fault: String| {
                let found = Diagnostic::error("bad-id", source, span.clone(), fault).about(it.id.clone());
                found.hint("give it a short id of letters, digits and hyphens, as in {#card-declined}")
            };
            found.extend(fault_of_id("the entry", &it.id, MAX_ID_BYTES).map(report));
            let texts = all_texts(it).chain(it.also.iter().map(String::as_str)).chain([it.id.as_str()]);
            // Where a link leads is a text too.
            let disguised = texts.filter(|it| !it.is_ascii()).find_map(look_alike);
            found.extend(disguised.map(|word| disguise(source, span, word).about(it.id.clone())));
        }
    }

    /// No id is there twice.
    pub(in crate::kb) fn check_ids(&self, found: &mut Vec<Diagnostic>) {
        let mut seen: BTreeMap<&str, &Draft> = BTreeMap::new();
        for it in &self.drafts {
            match seen.get(it.id.as_str()) {
                None => {
                    seen.insert(&it.id, it);
                }
                Some(first) => found.push(self.duplicate_id(it, &self.where_is(&first.place))),
            }
        }
    }

    /// No id is taken in another file of the book that this file is of.
    pub(super) fn check_taken(&self, book: &Self, path: &str, found: &mut Vec<Diagnostic>) {
        for it in &self.drafts {
            if let Some(other) = book.draft(&it.id)
                && book.files[other.place.file].path != path
            {
                found.push(self.duplicate_id(it, &book.where_is(&other.place)));
            }
        }
    }

    fn duplicate_id(&self, draft: &Draft, taken: &str) -> Diagnostic {
        let (source, span) = self.at(draft);
        Diagnostic::error("duplicate-id", source, span, format!("duplicate id \"{}\"", draft.id))
            .hint(format!("it is taken in {taken}; give one of them an id of its own"))
            .about(draft.id.clone())
    }

    /// Every entry has a resolution for every audience that sees it, and hands
    /// over to nobody whom that audience may not know.
    pub(super) fn check_audiences<'a>(&self, drafts: impl Iterator<Item = &'a Draft>, found: &mut Vec<Diagnostic>) {
        let contacts = Audience::ALL.map(|it| self.contacts(it));
        for draft in drafts {
            for (audience, contacts) in Audience::ALL.into_iter().zip(&contacts).filter(|it| it.0 >= draft.audience) {
                let (source, span) = self.at(draft);
                // A hand-over stands in for steps that are left out, if there is somebody.
                if self.steps(draft, audience, contacts).is_empty() {
                    let message =
                        format!("\"{}\" has no resolution for the audience {audience}", text::plain(&draft.symptom));
                    let it = Diagnostic::error("missing-resolution", source, span.clone(), message);
                    found.push(
                        it.hint(format!("add a step for them: {{audience {audience}}} Contact support"))
                            .about(draft.id.clone()),
                    );
                }
                for step in visible(&draft.steps, audience) {
                    let Kind::Escalate { contact } = &step.kind else { continue };
                    let Some(known) = self.config.contacts.iter().find(|it| it.id == *contact) else { continue };
                    if known.audience > audience {
                        let message = format!(
                            "the audience {audience} is handed over to \"{contact}\", who is for {} only",
                            known.audience
                        );
                        found.push(
                            Diagnostic::error("contact-audience", source, span.clone(), message)
                                .hint(format!(
                                    "mark the step with {{audience {}}}, or name another contact",
                                    known.audience
                                ))
                                .about(draft.id.clone()),
                        );
                    }
                }
            }
        }
    }

    pub(super) fn check_vocabulary(&self, found: &mut Vec<Diagnostic>) {
        for (id, _) in &self.vocabulary.aliases {
            if self.draft(id.get_ref()).is_none() {
                let message = format!("aliases for an entry that does not exist, \"{}\"", id.get_ref());
                let mut it = Diagnostic::error("unknown-entry", &self.vocabulary.source, id.span(), message);
                it.hint = self.nearest_id(id.get_ref(), found);
                found.push(it);
            }
        }
    }

    /// What `kb.toml` says of entries.
    pub(super) fn check_config_ids(&self, found: &mut Vec<Diagnostic>) {
        for (id, span) in &self.config.popular {
            if self.draft(id).is_none() {
                let message = format!("\"{id}\" is said to be popular, and does not exist");
                let mut it = Diagnostic::error("unknown-entry", &self.config.source, span.clone(), message);
                it.hint = self.nearest_id(id, found);
                found.push(it);
            }
        }
        for ((old, new), span) in self.config.moved.iter().zip(&self.config.moved_at) {
            if self.draft(new).is_none() {
                let mut it = Diagnostic::error(
                    "unknown-entry",
                    &self.config.source,
                    span.clone(),
                    format!("\"{old}\" moved to \"{new}\", which does not exist"),
                );
                it.hint = self.nearest_id(new, found);
                found.push(it);
            }
            if self.draft(old).is_some() {
                let it = Diagnostic::warning(
                    "moved",
                    &self.config.source,
                    span.clone(),
                    format!("\"{old}\" is said to have moved, and exists"),
                );
                found.push(it.hint("take it out of [moved], or give the entry its new id").about(old.clone()));
            }
        }
    }

    /// "did you mean …": of all entries. Not when a lot was found before: then it
    /// is no slip in a name, and comparing each with all would take minutes.
    pub(in crate::kb) fn nearest_id(&self, id: &str, found: &[Diagnostic]) -> Option<String> {
        if found.len() > MAX_FOUND_FOR_HINTS {
            return None;
        }
        nearest(id, self.drafts.iter().map(|it| it.id.as_str()))
    }
}
