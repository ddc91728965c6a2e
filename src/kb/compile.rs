//! Drafts to contents for one audience, and contents to files.

use std::collections::{BTreeMap, BTreeSet};

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::audience::{Audience, Marked, visible, visible_or_left_out};
use super::html;
use super::json;
use super::lexicon;
use super::marks::Kind;
use super::parse::{Book, Draft, DraftStep};
use super::terms::{self, Aliases};
use crate::index::{
    self, Area, Contact, Contents, Entry, Link, Note, Resolution, Step, StepKind, Strength, VERSION, Written,
};
use crate::search::LARGE_FROM;

/// What to say of a knowledge base without an entry, which is built by nobody.
pub const NO_ENTRY: &str =
    "there is no entry: write a table with the columns Symptom, Likely cause, What to do into a file that ends in .md";

/// The files of a build, for one audience.
#[derive(Clone, Debug, Default)]
pub struct Build {
    /// In the order in which they must be published: the manifest comes last,
    /// so that a page that loads in between finds what its manifest names.
    pub files: Vec<BuiltFile>,
}

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltFile {
    /// Relative to the output folder.
    pub path: String,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// A page that needs nothing else.
#[derive(Clone, Debug)]
pub struct SingleFile {
    /// All of it.
    pub html: String,
    /// What its policy allows: the script's hash, as a source of `script-src`
    /// but for the quotes.
    pub script_hash: String,
}

impl Book {
    /// Everything that readers of this audience may see, with its terms.
    pub fn contents(&self, audience: Audience) -> Contents {
        let drafts: Vec<&Draft> = self.drafts_for(audience).collect();
        let used: BTreeSet<&str> = drafts.iter().map(|it| it.area.as_str()).collect();
        let areas: Vec<Area> = self
            .areas
            .iter()
            .filter(|area| used.contains(area.id.as_str()))
            .map(|it| Area { id: it.id.clone(), title: it.title.clone() })
            .collect();
        let contacts = self.contacts(audience);
        let links = self
            .config
            .links
            .iter()
            .filter(|it| it.audience <= audience)
            .map(|it| Link { id: it.id.clone(), label: it.label.clone(), href: it.href.clone(), text: it.text.clone() })
            .collect();
        let places: BTreeMap<&str, usize> =
            areas.iter().enumerate().rev().map(|(at, it)| (it.id.as_str(), at)).collect();
        let entries: Vec<Entry> = drafts
            .iter()
            .map(|it| Entry {
                id: it.id.clone(),
                lang: it.lang.clone(),
                area: places.get(it.area.as_str()).copied().unwrap_or_default(),
                symptom: it.symptom.clone(),
                causes: texts(&it.causes, audience),
                resolution: Resolution {
                    guide: it.guide,
                    description: texts(&it.description, audience),
                    steps: self.steps(it, audience, &contacts),
                    after: texts(&it.after, audience),
                    contact: self.contact(it, &contacts),
                },
            })
            .collect();
        let mut contents = Contents {
            lang: self.config.lang.clone(),
            audience: audience.name().into(),
            title: self.config.title.clone(),
            way_on_heading: self.config.way_on_heading.clone(),
            way_on_text: self.config.way_on_text.clone(),
            areas,
            contacts,
            links,
            entries,
            popular: {
                let ids = self.config.popular.iter().map(|it| &it.0);
                ids.filter(|id| drafts.iter().any(|it| it.id == **id)).cloned().collect()
            },
            moved: self.config.moved.clone(),
            ..Contents::default()
        };
        complete(&mut contents, &self.aliases(&drafts), &self.vocabulary.synonyms);
        contents
    }

    /// The files for one audience, in all its languages. The same book gives the
    /// same bytes.
    pub fn build(&self, audience: Audience) -> Build {
        let all: Vec<&Self> = [self].into_iter().chain(&self.translations).collect();
        let contents: Vec<Contents> = all.iter().map(|it| it.contents(audience)).collect();
        Self::build_of(&all.into_iter().zip(&contents).collect::<Vec<_>>(), audience)
    }

    /// The same in the language of this book alone.
    pub fn build_alone(&self, audience: Audience) -> Build {
        Self::build_of(&[(self, &self.contents(audience))], audience)
    }

    /// One page for one audience with everything in it: `script` is the
    /// widget's standalone script.
    pub fn single_file(&self, audience: Audience, script: &str) -> SingleFile {
        let contents = self.contents_with_pictures(audience);
        let files = Self::build_of(&[(self, &contents)], audience).files;
        let fetched = files.iter().filter(|it| it.path.ends_with(".bin") || it.path.ends_with(".json"));
        let embedded: Vec<(&str, String)> =
            fetched.map(|it| (it.path.as_str(), BASE64_STANDARD.encode(&it.bytes))).collect();
        let script_hash = integrity(script.as_bytes());
        SingleFile { html: html::single(&contents, script, &script_hash, &embedded), script_hash }
    }

    /// What readers of this audience may see, with the pictures inside it: for
    /// who shows it where no file lies beside it.
    pub fn contents_with_pictures(&self, audience: Audience) -> Contents {
        let mut contents = self.contents(audience);
        let notes = contents.entries.iter_mut().flat_map(|it| &mut it.resolution.steps).flat_map(|it| &mut it.notes);
        for note in notes {
            if let Some((path, bytes)) = self.pictures.iter().find(|(path, _)| *path == note.src) {
                note.src = data_url(path, bytes);
            }
        }
        contents
    }

    /// The files of some languages; the first is that of pages in any other.
    fn build_of(books: &[(&Self, &Contents)], audience: Audience) -> Build {
        let mut files: Vec<BuiltFile> = Vec::new();
        let mut languages = serde_json::Map::new();
        for (at, (book, contents)) in books.iter().enumerate() {
            // Pages that know of no languages ask for the name without one.
            let stem = if at == 0 { audience.name().into() } else { format!("{audience}.{}", contents.lang) };
            languages.insert(contents.lang.clone(), book.add_edition(contents, audience, &stem, &mut files));
        }
        if let Some((_, contents)) = books.first() {
            let manifest = json!({
                "format": VERSION,
                "audience": audience.name(),
                "title": contents.title,
                "default": contents.lang,
                "languages": languages,
            });
            files.push(text_file(format!("{audience}.json"), format!("{manifest:#}\n")));
        }
        Build { files }
    }

    /// Adds the files of one language, named by `stem`; what the manifest says of them.
    fn add_edition(
        &self,
        contents: &Contents,
        audience: Audience,
        stem: &str,
        files: &mut Vec<BuiltFile>,
    ) -> serde_json::Value {
        let Written { index, blocks } = index::write_for_pages(contents);
        let digest = Sha256::digest(&index);
        let name = format!("{}.bin", hex(&digest[..8]));
        let edition = json!({
            "file": name,
            "bytes": index.len(),
            "sha256": hex(&digest),
            "integrity": integrity(&index),
            "entries": contents.entries.len(),
            "blocks": blocks.iter().map(|(file, bytes)| (file.clone(), integrity(bytes).into())).collect::<serde_json::Map<_, _>>(),
        });
        let drafts: Vec<&Draft> = self.drafts_for(audience).collect();
        let json = json::write(contents, &self.aliases(&drafts), &self.vocabulary.synonyms);
        let notes = contents.entries.iter().flat_map(|it| &it.resolution.steps).flat_map(|it| &it.notes);
        let shown: Vec<&str> = notes.map(|it| it.src.as_str()).collect();
        for (path, bytes) in self.pictures.iter().filter(|(path, _)| shown.contains(&path.as_str())) {
            if !files.iter().any(|it| it.path == *path) {
                files.push(BuiltFile { path: path.clone(), bytes: bytes.clone() });
            }
        }
        files.extend(blocks.into_iter().map(|(path, bytes)| BuiltFile { path, bytes }));
        files.push(BuiltFile { path: name, bytes: index });
        files.push(text_file(format!("{stem}.entries.json"), json));
        files.push(text_file(format!("{stem}.html"), html::page(contents)));
        for area in 0..contents.areas.len() {
            let path = format!("{}/{}.html", stem.replace('.', "/"), contents.areas[area].id);
            files.push(text_file(path, html::fragment(contents, area)));
        }
        edition
    }

    /// The entries that an audience has.
    fn drafts_for(&self, audience: Audience) -> impl Iterator<Item = &Draft> {
        self.drafts.iter().filter(move |it| it.audience <= audience)
    }

    /// Whether it answers nothing: then nothing is built, see [`NO_ENTRY`].
    pub fn is_empty(&self) -> bool {
        self.drafts.is_empty()
    }

    /// Whom an audience may know; first whom to reach where nothing else is said.
    pub(super) fn contacts(&self, audience: Audience) -> Vec<Contact> {
        let mut known: Vec<_> = self.config.contacts.iter().filter(|it| it.audience <= audience).collect();
        known.sort_by_key(|it| self.config.contact.as_ref() != Some(&it.id));
        known
            .into_iter()
            .map(|it| Contact {
                id: it.id.clone(),
                label: it.label.clone(),
                href: it.href.clone(),
                text: it.text.clone(),
            })
            .collect()
    }

    /// Whom to reach about an entry, of those whom its readers may know.
    fn contact(&self, draft: &Draft, contacts: &[Contact]) -> Option<usize> {
        let named = draft.contact.as_deref().or(self.config.contact.as_deref());
        named.and_then(|id| contacts.iter().position(|it| it.id == id))
    }

    /// The steps that an audience sees. Where steps for a narrower circle are
    /// left out and nothing is worded for this one, a hand-over stands in their
    /// place, so that no resolution ends in nothing.
    pub(super) fn steps(&self, draft: &Draft, audience: Audience, contacts: &[Contact]) -> Vec<Step> {
        let position = |id: &str| contacts.iter().position(|it| it.id == id);
        let contact = self.contact(draft, contacts);
        let mut steps: Vec<Step> = Vec::new();
        for it in visible_or_left_out(&draft.steps, audience) {
            if let Some(it) = it {
                steps.push(step(it, audience, &position));
            } else if let Some(contact) = contact {
                let kind = StepKind::Escalate { contact };
                // They are reached once, and take it from there.
                if steps.last().is_none_or(|it| it.kind != kind) {
                    let text = self.config.left_out.replace("{contact}", &contacts[contact].label);
                    steps.push(Step { kind, text, notes: Vec::new() });
                }
            }
        }
        steps
    }

    fn aliases(&self, drafts: &[&Draft]) -> Aliases {
        drafts.iter().map(|it| self.vocabulary.of(&it.id).chain(&it.also).cloned().collect()).collect()
    }
}

/// Adds by what the entries are found: how text is folded, the terms, and what
/// stands for them in the words of others.
pub(super) fn complete(contents: &mut Contents, aliases: &Aliases, synonyms: &[Vec<String>]) {
    let titles = contents.areas.iter().map(|it| it.title.as_str());
    let texts = terms::texts(&contents.entries, titles, aliases);
    contents.folding = terms::folding(&contents.lang, texts.into_iter());
    (contents.terms, contents.titles) = terms::terms(contents, aliases);
    // Only words of symptoms are worth a relation: aliases are other
    // people's words already, and each relation costs the page bytes.
    let doc_at = |at: usize| contents.titles.get(at).map(|it| it.doc);
    let is_symptom = |at: usize| at == 0 || doc_at(at) != doc_at(at - 1);
    let has_no_alias = |at: usize| doc_at(at) != doc_at(at + 1);
    let in_symptoms = |term: &str, strength: Strength, phrase_words: usize| {
        let at = contents.terms.binary_search_by(|it| it.text.as_str().cmp(term));
        // Loosely related words, and phrases, are for entries whose authors
        // wrote no aliases: beside these they cost bytes, and find little more.
        let is_close = strength > Strength::Related && phrase_words == 1;
        let serves = |title: &u32| is_symptom(*title as usize) && (is_close || has_no_alias(*title as usize));
        at.is_ok_and(|at| contents.terms[at].titles.iter().any(serves))
    };
    let mut relations = lexicon::relations(&contents.lang, &contents.folding, synonyms, in_symptoms);
    if contents.entries.len() as u32 >= LARGE_FROM {
        // The search asks there only for what it does not know otherwise.
        let is_known = |it: &str| contents.terms.binary_search_by(|term| term.text.as_str().cmp(it)).is_ok();
        relations.retain(|it| it.to.iter().all(|it| it.0.is_empty()) || !it.from.split(' ').all(is_known));
    }
    contents.relations = relations;
}

fn texts(items: &[Marked<String>], audience: Audience) -> Vec<String> {
    visible(items, audience).into_iter().cloned().collect()
}

fn step(draft: &DraftStep, audience: Audience, contact: &impl Fn(&str) -> Option<usize>) -> Step {
    Step {
        kind: match &draft.kind {
            Kind::Do => StepKind::Do,
            Kind::Wait { minutes } => StepKind::Wait { minutes: *minutes },
            Kind::Check => StepKind::Check,
            // The linter reports a contact that this audience may not know.
            Kind::Escalate { contact: id } => {
                contact(id).map_or(StepKind::Do, |contact| StepKind::Escalate { contact })
            }
            Kind::Info => StepKind::Info,
        },
        text: draft.text.clone(),
        notes: visible(&draft.notes, audience)
            .into_iter()
            .map(|it| Note { kind: it.kind, text: it.text.clone(), src: it.src.clone(), alt: it.alt.clone() })
            .collect(),
    }
}

fn text_file(path: String, text: String) -> BuiltFile {
    BuiltFile { path, bytes: text.into_bytes() }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

/// A picture as an address that holds it.
fn data_url(path: &str, bytes: &[u8]) -> String {
    let kind = match path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "svg" => "svg+xml",
        "jpg" | "jpeg" => "jpeg",
        "gif" => "gif",
        "webp" => "webp",
        "avif" => "avif",
        _ => "png",
    };
    format!("data:image/{kind};base64,{}", BASE64_STANDARD.encode(bytes))
}

/// What a page compares the bytes with that it gets.
fn integrity(bytes: &[u8]) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(bytes)))
}
