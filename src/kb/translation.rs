//! The same knowledge base in another language: a folder named for it, with the
//! same file names. A translation words things and decides nothing: ids, order,
//! audiences, kinds of steps and addresses are the original's. An entry that it
//! does not have, or that no longer follows the original, is the original's.

use std::collections::{BTreeMap, BTreeSet};

use super::audience::Marked;
use super::config::Vocabulary;
use super::diagnostic::Diagnostic;
use super::lint::all_texts;
use super::parse::{Book, Draft, DraftNote, DraftStep};
use super::prepare::Reading;
use super::source::{Source, Sources};
use crate::index::text;

impl Book {
    /// Reads the translation into a language; what is wrong with it is among its
    /// diagnostics.
    pub(super) fn read_translation(&self, sources: &Sources, lang: &str) -> Self {
        let folder = format!("{lang}/");
        let mut found = Vec::new();
        let mut words = Self {
            config: self.config.translated(sources, lang, &mut found),
            vocabulary: Vocabulary::read(sources, &format!("{folder}vocabulary.toml"), &mut found),
            files: self.files.clone(),
            ..Self::default()
        };
        for source in sources.markdown(&folder) {
            words.read_file(sources, &source, &folder, Reading::Authored);
        }
        self.check_translated(&words, &mut found);
        let titles: BTreeMap<String, String> = words.areas.iter().map(|it| (it.id.clone(), it.title.clone())).collect();
        words.diagnostics.extend(found);

        let mut book = Self { areas: self.areas.clone(), ..words };
        let words = std::mem::take(&mut book.drafts);
        let mut named: BTreeMap<&str, &String> = BTreeMap::new();
        for it in &words {
            if let (Some(original), Some(title)) = (self.draft(&it.id), titles.get(&it.area)) {
                named.entry(&original.area).or_insert(title);
            }
        }
        for area in &mut book.areas {
            if let Some(title) = named.get(area.id.as_str()) {
                area.title.clone_from(title);
            }
        }
        let mut by_id: BTreeMap<String, Draft> = BTreeMap::new();
        for it in words {
            by_id.entry(it.id.clone()).or_insert(it);
        }
        for it in &self.pictures {
            if !book.pictures.contains(it) {
                book.pictures.push(it.clone());
            }
        }
        for original in &self.drafts {
            let draft = by_id.remove(&original.id).and_then(|mut words| {
                let source = &book.files[words.place.file];
                match follow(self, original, &mut words, source) {
                    None => {
                        // The error messages of a product stay what they are, also where the help is translated.
                        if words.symptom != original.symptom {
                            words.also.push(text::plain(&original.symptom));
                        }
                        Some(words)
                    }
                    Some(found) => {
                        book.diagnostics.push(found);
                        None
                    }
                }
            });
            book.drafts.push(draft.unwrap_or_else(|| {
                let lang = if original.lang.is_empty() { &self.config.lang } else { &original.lang };
                let own: Vec<String> = self.vocabulary.of(&original.id).cloned().collect();
                let also = original.also.iter().cloned().chain(own).collect();
                Draft { lang: lang.clone(), also, ..original.clone() }
            }));
        }
        book.index_ids();
        book
    }

    /// Reports what the translation has and the original does not.
    pub(super) fn check_translated(&self, words: &Self, found: &mut Vec<Diagnostic>) {
        let mut seen = BTreeSet::new();
        for it in &words.drafts {
            let source = &words.files[it.place.file];
            let Some(original) = self.draft(&it.id) else {
                let message = format!("a translation of an entry that does not exist, \"{}\"", it.id);
                let fault = Diagnostic::error("unknown-entry", source, it.place.span.clone(), message);
                let hint = self.nearest_id(&it.id, found).unwrap_or_else(|| {
                    "give it the id of what it translates: a column Id, or {#ID} behind the heading".into()
                });
                found.push(fault.hint(hint));
                continue;
            };
            if !seen.insert(&it.id) {
                let message = format!("\"{}\" is translated twice", it.id);
                let fault = Diagnostic::error("duplicate-id", source, it.place.span.clone(), message);
                found.push(fault.hint(format!("it translates {}", self.where_is(&original.place))));
            }
        }
    }
}

/// Takes from the original all that is not wording. Or what there is to say
/// where that does not fit: the marks of the original then have no place in the
/// translation, and what is for a narrower circle could be told to a wider one.
pub(super) fn follow(book: &Book, original: &Draft, words: &mut Draft, source: &Source) -> Option<Diagnostic> {
    let what = follow_all(original, words).err()?;
    let message = format!("this no longer follows the original: {what}");
    let found = Diagnostic::warning("translation-behind", source, words.place.span.clone(), message);
    let hint = format!("until it does, the original is shown: {}", book.where_is(&original.place));
    Some(found.hint(hint).about(original.id.clone()))
}

/// The same, or what does not fit.
fn follow_all(original: &Draft, words: &mut Draft) -> Result<(), String> {
    let missing = numbers(original).difference(&numbers(words)).next().cloned();
    if let Some(it) = missing {
        return Err(format!("the number {it} is missing"));
    }
    words.area.clone_from(&original.area);
    words.contact.clone_from(&original.contact);
    words.lang = String::new();
    (words.audience, words.guide) = (original.audience, original.guide);
    follow_texts("paragraphs before the steps", &original.description, &mut words.description)?;
    follow_texts("causes", &original.causes, &mut words.causes)?;
    follow_texts("paragraphs after the steps", &original.after, &mut words.after)?;
    same_number("steps", original.steps.len(), words.steps.len())?;
    for (from, to) in original.steps.iter().zip(&mut words.steps) {
        to.audience = from.audience;
        to.value.kind = from.value.kind.clone();
        follow_notes(&from.value, &mut to.value)?;
    }
    Ok(())
}

fn follow_texts(what: &str, original: &[Marked<String>], words: &mut [Marked<String>]) -> Result<(), String> {
    // Where nothing is marked, a translator may need a sentence more.
    if original.iter().any(|it| it.audience.is_some()) {
        same_number(what, original.len(), words.len())?;
    }
    for (at, it) in words.iter_mut().enumerate() {
        it.audience = original.get(at).and_then(|it| it.audience);
    }
    Ok(())
}

fn follow_notes(original: &DraftStep, words: &mut DraftStep) -> Result<(), String> {
    same_number("notes of a step", original.notes.len(), words.notes.len())?;
    for (from, to) in original.notes.iter().zip(&mut words.notes) {
        to.audience = from.audience;
        let DraftNote { kind, .. } = &from.value;
        to.value.kind = *kind;
        if to.value.src.is_empty() && !from.value.src.is_empty() {
            return Err(format!("the picture {} is missing", from.value.src));
        }
    }
    Ok(())
}

fn same_number(what: &str, expected: usize, found: usize) -> Result<(), String> {
    if expected == found { Ok(()) } else { Err(format!("expected {expected} {what}, found {found}")) }
}

/// All numbers of an entry, as digits. Codes, minutes and years are the same in
/// every language; where one is changed, its translations have to be.
fn numbers(draft: &Draft) -> BTreeSet<String> {
    all_texts(draft)
        .flat_map(|it| it.split(|it: char| !it.is_ascii_digit()))
        .filter(|it| !it.is_empty())
        .map(String::from)
        .collect()
}
