//! What a compiled knowledge base holds, as plain data.
//!
//! Texts are *rich*: control characters stand for the few inline marks, see
//! [`super::text`].

use serde::Serialize;

/// A whole knowledge base in one language for one audience.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Contents {
    /// BCP 47 tag of the language the texts are in.
    pub lang: String,
    /// `customer`, `agent` or `staff`.
    pub audience: String,
    /// Title of the knowledge base.
    pub title: String,
    /// Heading of the part that shows the way on when nothing matches.
    pub way_on_heading: String,
    /// Lead of that part.
    pub way_on_text: String,
    /// In display order.
    pub areas: Vec<Area>,
    /// First whom to reach where nothing else is said, then by id.
    pub contacts: Vec<Contact>,
    /// Onward links, in display order.
    pub links: Vec<Link>,
    /// Entries by area, in the order they were written.
    pub entries: Vec<Entry>,
    /// Ids of the entries that most people look for, for pages around the
    /// widget. Part of the JSON form alone.
    pub popular: Vec<String>,
    /// Old id and new id of entries that moved, so that deep links stay alive.
    pub moved: Vec<(String, String)>,
    /// How text and queries become terms. Not part of the JSON form.
    #[serde(skip)]
    pub folding: Folding,
    /// Terms in ascending byte order, each once. Not part of the JSON form.
    #[serde(skip)]
    pub terms: Vec<Term>,
    /// The symptoms and aliases, by entry; the symptom comes first. Not part of
    /// the JSON form.
    #[serde(skip)]
    pub titles: Vec<Title>,
    /// By ascending phrase, each once. Not part of the JSON form.
    #[serde(skip)]
    pub relations: Vec<Relation>,
}

/// A group of entries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Area {
    /// Slug of the title.
    pub id: String,
    /// As shown.
    pub title: String,
}

/// Whom to reach.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// As used in `{escalate ID}`.
    pub id: String,
    /// As shown.
    pub label: String,
    /// `mailto:`, `tel:`, `https:` or relative; empty where there is none.
    pub href: String,
    /// When to reach them.
    pub text: String,
}

/// An onward link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Name of the link in the configuration.
    pub id: String,
    /// As shown.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// What is there.
    pub text: String,
}

/// One problem: symptom, causes, steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Public: deep links are made of it.
    pub id: String,
    /// BCP 47 tag of the language it is in where that is not the language of
    /// the contents: nobody has translated it. Else empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub lang: String,
    /// Index into [`Contents::areas`].
    pub area: usize,
    /// What the person sees; rich text.
    pub symptom: String,
    /// Likely causes; rich text.
    pub causes: Vec<String>,
    /// What to do about it.
    #[serde(flatten)]
    pub resolution: Resolution,
}

/// The part of an entry that a list of results shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// See [`Entry::id`].
    pub id: String,
    /// See [`Entry::lang`].
    pub lang: String,
    /// See [`Entry::area`].
    pub area: usize,
    /// See [`Entry::symptom`].
    pub symptom: String,
    /// See [`Entry::causes`].
    pub causes: Vec<String>,
}

/// The part of an entry that is needed once it is open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Resolution {
    /// Whether the steps are a guide: long, ordered, with notes.
    pub guide: bool,
    /// Paragraphs before the steps; rich text.
    pub description: Vec<String>,
    /// In order.
    pub steps: Vec<Step>,
    /// Paragraphs after the steps; rich text.
    pub after: Vec<String>,
    /// Index into [`Contents::contacts`]: whom to reach when the steps fail.
    pub contact: Option<usize>,
}

/// One step of a resolution.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What kind of step it is.
    pub kind: StepKind,
    /// What to do; rich text.
    pub text: String,
    /// What stands under the step.
    pub notes: Vec<Note>,
}

/// The kinds of steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// An action.
    #[default]
    Do,
    /// Wait, then look again.
    Wait {
        /// How long.
        minutes: u32,
    },
    /// Look at something.
    Check,
    /// Hand over.
    Escalate {
        /// Index into [`Contents::contacts`].
        contact: usize,
    },
    /// Nothing to do: this is expected.
    Info,
}

/// Something that stands under a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Note {
    /// What it is.
    pub kind: NoteKind,
    /// Rich text; of a picture its caption.
    pub text: String,
    /// Of a picture: its file, relative to the knowledge base. Else empty.
    pub src: String,
    /// Of a picture: what it shows, for who cannot see it. Empty where the
    /// caption says it, and for all else.
    pub alt: String,
}

/// The kinds of notes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteKind {
    /// A remark.
    #[default]
    Note,
    /// Something to know before acting.
    Warning,
    /// A part of the step.
    Item,
    /// A picture.
    Picture,
    /// Preformatted text.
    Code,
}

/// How text becomes terms. Written by the compiler for the characters that
/// occur, so that the page needs no Unicode tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folding {
    /// A character outside ASCII and what stands for it, in ascending order:
    /// nothing (an accent), a space (punctuation) or folded characters.
    pub map: Vec<(char, String)>,
    /// Suffix rules, tried in order; the first that fits is applied.
    pub suffixes: Vec<Suffix>,
    /// Folded words that say little, in ascending order.
    pub stop_words: Vec<String>,
}

/// One rule of light stemming.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suffix {
    /// The ending a word must have.
    pub ending: String,
    /// What stands in its place.
    pub replacement: String,
    /// How many bytes must be left before the ending.
    pub min_stem: usize,
}

/// A term and the entries it occurs in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Term {
    /// Folded and stemmed.
    pub text: String,
    /// In which titles, ascending: positions in [`Contents::titles`].
    pub titles: Vec<u32>,
    /// In which other fields, by ascending entry.
    pub postings: Vec<Posting>,
    /// In how many entries, in any field.
    pub n_entries: u32,
}

/// That a term occurs in an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Posting {
    /// Index of the entry.
    pub doc: u32,
    /// In which of its fields.
    pub fields: Fields,
}

/// A field of an entry other than its titles, as the search weighs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Field {
    /// Why it happens.
    Cause = 0,
    /// What to do, with all that stands around it.
    Resolution = 1,
    /// The title of its area.
    Area = 2,
}

/// Title weights are written in steps, which halves what they take. Finer ones
/// put the right entry first no more often on either set of queries, and among
/// the first three for two more of 270 on the second.
pub const TITLE_WEIGHT_STEP: u32 = 16;

/// One way to say what is wrong: the symptom of an entry or an alias of it.
/// Words that stand together in one title say more than the same words in two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Title {
    /// Index of the entry.
    pub doc: u32,
    /// How telling its words are, all together: the sum of their
    /// `search::rarity`, to the nearest multiple of [`TITLE_WEIGHT_STEP`].
    pub weight: u32,
}

/// A phrase that people type, and the terms that it stands for. One that stands
/// for nothing says little about a problem; one that stands for no term in
/// particular, an empty target, asks for something to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relation {
    /// Terms with a space between them.
    pub from: String,
    /// Terms of the index with a space between them, all of which an entry
    /// must have, and how surely they are meant.
    pub to: Vec<(String, Strength)>,
}

/// How surely one phrase stands for another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Strength {
    /// It may be meant.
    #[default]
    Related = 0,
    /// It suggests the other, and not the reverse.
    Suggested = 1,
    /// Both mean the same.
    Same = 2,
}

/// A set of [`Field`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fields(pub u8);

impl Fields {
    /// How many sets there are.
    pub const SETS: usize = 8;

    /// Adds a field.
    pub fn insert(&mut self, field: Field) {
        self.0 |= 1 << field as u8;
    }

    /// Whether a field is in the set.
    pub fn contains(self, field: Field) -> bool {
        self.0 & (1 << field as u8) != 0
    }
}
