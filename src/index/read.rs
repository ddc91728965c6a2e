//! Bytes to contents, in place: opening checks every byte once, after that
//! nothing can fail and only what is asked for is decoded.

use std::ops::Range;

use super::bytes::{Cursor, u32_at};
use super::dictionary::{Dictionary, Walk};
use super::format::{BODY, Error, Kind, MAGIC, SECTIONS, Section, VERSION, checksum, phrase_hash};
use super::model::{
    Area, Contact, Fields, Folding, Link, Note, NoteKind, Posting, Resolution, Step, StepKind, Strength, Suffix,
    Summary, TITLE_WEIGHT_STEP, Title,
};

/// An open knowledge base.
pub struct Index {
    bytes: Vec<u8>,
    sections: [Range<usize>; SECTIONS],
    meta: Meta,
    folding: Folding,
    /// Area of each entry: the filter asks for it at every posting.
    area_of: Vec<u16>,
    titles: Vec<Title>,
    /// Hash of each phrase and where its set of targets starts, by hash.
    phrases: Vec<(u32, u32)>,
}

struct Meta {
    lang: String,
    audience: String,
    title: String,
    way_on_heading: String,
    way_on_text: String,
    areas: Vec<Area>,
    contacts: Vec<Contact>,
    links: Vec<Link>,
    moved: Vec<(String, String)>,
}

impl Index {
    /// Opens compiled bytes. Refuses what is truncated, damaged or of another
    /// version; what it accepts it can read to the last byte.
    pub fn open(bytes: Vec<u8>) -> Result<Self, Error> {
        let damaged = |name| Error(Kind::Section(name));
        if bytes.get(..MAGIC.len()) != Some(&MAGIC[..]) {
            return Err(Error(Kind::NotAnIndex));
        }
        let found = u32_at(&bytes, 8).ok_or(Error(Kind::NotAnIndex))?;
        if found != VERSION {
            return Err(Error(Kind::Version { found }));
        }
        let expected = u32_at(&bytes, 12).ok_or(Error(Kind::NotAnIndex))? as usize;
        if bytes.len() != expected || expected < BODY + 4 * SECTIONS {
            return Err(Error(Kind::Length { found: bytes.len(), expected }));
        }
        if checksum(&bytes[BODY..]).to_le_bytes() != bytes[16..BODY] {
            return Err(Error(Kind::Checksum));
        }
        let sections = section_ranges(&bytes).ok_or(damaged("section table"))?;
        let meta = read_meta(Cursor(&bytes[sections[Section::Meta as usize].clone()])).ok_or(damaged("head"))?;
        let folding =
            read_folding(Cursor(&bytes[sections[Section::Folding as usize].clone()])).ok_or(damaged("folding"))?;
        let mut index =
            Self { bytes, sections, meta, folding, area_of: Vec::new(), titles: Vec::new(), phrases: Vec::new() };
        index.check_entries().ok_or(damaged("entries"))?;
        index.titles = index.read_titles().ok_or(damaged("titles"))?;
        index.check_terms().ok_or(damaged("terms"))?;
        index.phrases = index.read_phrases().ok_or(damaged("phrases"))?;
        Ok(index)
    }

    /// BCP 47 tag of the language of the texts.
    pub fn lang(&self) -> &str {
        &self.meta.lang
    }

    /// Whom this build is for.
    pub fn audience(&self) -> &str {
        &self.meta.audience
    }

    /// Title of the knowledge base.
    pub fn title(&self) -> &str {
        &self.meta.title
    }

    /// Heading and lead of the part that shows the way on.
    pub fn way_on(&self) -> (&str, &str) {
        (&self.meta.way_on_heading, &self.meta.way_on_text)
    }

    /// Areas in display order.
    pub fn areas(&self) -> &[Area] {
        &self.meta.areas
    }

    /// Position of the area with this id.
    pub fn area(&self, id: &str) -> Option<usize> {
        self.meta.areas.iter().position(|it| it.id == id)
    }

    /// Contacts.
    pub fn contacts(&self) -> &[Contact] {
        &self.meta.contacts
    }

    /// Onward links.
    pub fn links(&self) -> &[Link] {
        &self.meta.links
    }

    /// The symptoms and aliases, by entry.
    pub fn titles(&self) -> &[Title] {
        &self.titles
    }

    /// How text becomes terms.
    pub fn folding(&self) -> &Folding {
        &self.folding
    }

    /// Number of entries.
    pub fn n_entries(&self) -> u32 {
        self.area_of.len() as u32
    }

    /// Area of an entry. Area 0 for an entry that does not exist.
    pub fn area_of(&self, doc: u32) -> usize {
        self.area_of.get(doc as usize).copied().unwrap_or_default() as usize
    }

    /// The entry with this id, or with the id that this one moved to.
    pub fn find(&self, id: &str) -> Option<u32> {
        let id = self.meta.moved.iter().find(|(old, _)| old == id).map_or(id, |(_, new)| new);
        (0..self.n_entries()).find(|doc| self.summary_id(*doc) == Some(id))
    }

    /// The part of an entry that a list of results shows. Empty for an entry
    /// that does not exist.
    pub fn summary(&self, doc: u32) -> Summary {
        self.try_summary(doc).unwrap_or_default()
    }

    /// The part of an entry that is needed once it is open. Empty for an entry
    /// that does not exist.
    pub fn resolution(&self, doc: u32) -> Resolution {
        self.try_resolution(doc).unwrap_or_default()
    }

    /// The terms from the first that is not before `from`, in byte order.
    pub fn terms_from(&self, from: &str) -> Terms<'_> {
        Terms(self.terms().walk_from(from.as_bytes()))
    }

    /// The postings of a term.
    pub fn postings(&self, term: &str) -> Option<Postings<'_>> {
        self.terms().get(term.as_bytes()).map(Postings::new)
    }

    /// What a phrase stands for. Nothing where it stands for itself alone.
    pub fn related(&self, phrase: &str) -> Vec<Target<'_>> {
        let Ok(at) = self.phrases.binary_search_by_key(&phrase_hash(phrase), |it| it.0) else { return Vec::new() };
        let mut cursor = Cursor(&self.section(Section::Targets)[self.phrases[at].1 as usize..]);
        cursor.list(|it| self.target(it)).unwrap_or_default()
    }

    fn target<'a>(&'a self, cursor: &mut Cursor<'_>) -> Option<Target<'a>> {
        let head = cursor.u8()?;
        let strength = match head & 3 {
            0 => Strength::Related,
            1 => Strength::Suggested,
            2 => Strength::Same,
            _ => return None,
        };
        let mut terms = Vec::new();
        for _ in 0..head >> 2 {
            let (term, payload) = self.terms().nth(cursor.size()?)?;
            terms.push((term, Postings::new(payload)));
        }
        Some(Target { strength, terms })
    }

    fn terms(&self) -> Dictionary<'_> {
        self.dictionary([Section::TermBlocks, Section::Terms, Section::Postings])
    }

    fn dictionary(&self, sections: [Section; 3]) -> Dictionary<'_> {
        let [blocks, keys, payloads] = sections.map(|it| self.section(it));
        Dictionary { blocks, keys, payloads }
    }

    fn section(&self, section: Section) -> &[u8] {
        &self.bytes[self.sections[section as usize].clone()]
    }

    fn doc(&self, doc: u32, section: Section) -> Option<Cursor<'_>> {
        let column = usize::from(section == Section::Resolutions);
        let start = u32_at(self.section(Section::Docs), 8 * doc as usize + 4 * column)?;
        Some(Cursor(self.section(section).get(start as usize..)?))
    }

    fn summary_id(&self, doc: u32) -> Option<&str> {
        let mut cursor = self.doc(doc, Section::Summaries)?;
        cursor.varint()?;
        cursor.str()
    }

    fn try_summary(&self, doc: u32) -> Option<Summary> {
        let mut cursor = self.doc(doc, Section::Summaries)?;
        Some(Summary {
            area: cursor.size()?,
            id: cursor.string()?,
            symptom: cursor.string()?,
            causes: cursor.strings()?,
        })
    }

    fn try_resolution(&self, doc: u32) -> Option<Resolution> {
        let mut cursor = self.doc(doc, Section::Resolutions)?;
        let guide = cursor.u8()? != 0;
        let contact = match cursor.size()? {
            0 => None,
            it => Some(self.checked_contact(it - 1)?),
        };
        Some(Resolution {
            guide,
            contact,
            description: cursor.strings()?,
            after: cursor.strings()?,
            steps: cursor.list(|it| self.step(it))?,
        })
    }

    fn step(&self, cursor: &mut Cursor<'_>) -> Option<Step> {
        let kind = match cursor.u8()? {
            0 => StepKind::Do,
            1 => StepKind::Wait { minutes: cursor.varint()? },
            2 => StepKind::Check,
            3 => StepKind::Escalate { contact: self.checked_contact(cursor.size()?)? },
            4 => StepKind::Info,
            _ => return None,
        };
        Some(Step { kind, text: cursor.string()?, notes: cursor.list(read_note)? })
    }

    fn checked_contact(&self, contact: usize) -> Option<usize> {
        (contact < self.meta.contacts.len()).then_some(contact)
    }

    /// Reads every entry once, so that no later look at one can fail.
    fn check_entries(&mut self) -> Option<()> {
        let docs = self.section(Section::Docs).len();
        if !docs.is_multiple_of(8) {
            return None;
        }
        let mut area_of = Vec::with_capacity(docs / 8);
        for doc in 0..(docs / 8) as u32 {
            let area = self.try_summary(doc)?.area;
            if area >= self.meta.areas.len() {
                return None;
            }
            self.try_resolution(doc)?;
            area_of.push(u16::try_from(area).ok()?);
        }
        self.area_of = area_of;
        Some(())
    }

    fn read_titles(&self) -> Option<Vec<Title>> {
        let mut cursor = Cursor(self.section(Section::Titles));
        let mut titles = Vec::new();
        let mut doc = 0u32;
        while !cursor.0.is_empty() {
            doc = doc.checked_add(cursor.varint()?).filter(|it| *it < self.n_entries())?;
            // A weight is a sum over a few words, and is divided by; a larger one would overflow sums.
            let weight = cursor.varint().filter(|it| (1..1 << 12).contains(it))? * TITLE_WEIGHT_STEP;
            titles.push(Title { doc, weight });
        }
        Some(titles)
    }

    /// Walks every term once.
    fn check_terms(&self) -> Option<()> {
        let (n_titles, n_entries) = (self.titles.len() as u32, self.n_entries());
        self.terms().check(|it| Postings::new(it).is_sound(n_titles, n_entries))
    }

    /// The hash of each phrase, and where its set of targets stands.
    fn read_phrases(&self) -> Option<Vec<(u32, u32)>> {
        let n_terms = self.terms().len()?;
        let targets = self.section(Section::Targets);
        let mut sets = Vec::new();
        let mut cursor = Cursor(targets);
        while !cursor.0.is_empty() {
            sets.push((targets.len() - cursor.0.len()) as u32);
            for _ in 0..cursor.varint()? {
                let head = cursor.u8().filter(|it| it & 3 < 3)?;
                for _ in 0..head >> 2 {
                    cursor.size().filter(|it| *it < n_terms)?;
                }
            }
        }
        let mut cursor = Cursor(self.section(Section::Phrases));
        let mut next = 0u32;
        let mut hashes = cursor.list(|it| {
            let hash = next.checked_add(it.varint()?)?;
            next = hash.checked_add(1)?;
            Some((hash, 0))
        })?;
        for it in &mut hashes {
            it.1 = *sets.get(cursor.size()?)?;
        }
        cursor.0.is_empty().then_some(hashes)
    }
}

/// Walks the terms in byte order.
pub struct Terms<'a>(Walk<'a>);

impl<'a> Terms<'a> {
    /// The next term and its postings; `None` after the last.
    #[expect(
        clippy::should_implement_trait,
        reason = "the term is borrowed from the walk, which `Iterator` cannot say"
    )]
    pub fn next(&mut self) -> Option<(&str, Postings<'a>)> {
        let postings = Postings::new(self.0.next()?);
        Some((self.0.key(), postings))
    }
}

/// Where a term occurs.
#[derive(Clone)]
pub struct Postings<'a> {
    cursor: Cursor<'a>,
    n_entries: u32,
}

impl<'a> Postings<'a> {
    fn new(payload: &'a [u8]) -> Self {
        let mut cursor = Cursor(payload);
        let n_entries = cursor.varint().unwrap_or_default();
        Self { cursor, n_entries }
    }

    /// In how many entries the term occurs.
    pub fn n_entries(&self) -> u32 {
        self.n_entries
    }

    /// Calls `title` with each title that has the term, then `posting` with
    /// each entry that has it in other fields.
    pub fn for_each(&self, mut title: impl FnMut(u32), mut posting: impl FnMut(Posting)) {
        let mut cursor = self.cursor;
        let _ = gaps(&mut cursor, &mut title);
        while let Some(fields) = cursor.u8() {
            let fields = Fields(fields);
            if gaps(&mut cursor, &mut |doc| posting(Posting { doc, fields })).is_none() {
                return;
            }
        }
    }

    /// Whether everything can be read and names titles and entries that exist.
    fn is_sound(&self, n_titles: u32, n_entries: u32) -> bool {
        let mut cursor = self.cursor;
        let mut exist = true;
        let mut all = gaps(&mut cursor, &mut |it| exist &= it < n_titles);
        while let Some(_fields) = cursor.u8() {
            all = all.and(gaps(&mut cursor, &mut |it| exist &= it < n_entries));
        }
        all.is_some() && exist && self.n_entries <= n_entries
    }
}

/// Reads ascending numbers from their gaps.
fn gaps(cursor: &mut Cursor<'_>, each: &mut impl FnMut(u32)) -> Option<()> {
    let mut next = 0u32;
    for _ in 0..cursor.varint()? {
        let it = next.checked_add(cursor.varint()?)?;
        each(it);
        next = it.checked_add(1)?;
    }
    Some(())
}

/// Terms that a phrase stands for, all of which an entry must have.
pub struct Target<'a> {
    /// How surely they are meant.
    pub strength: Strength,
    /// The terms and where they occur.
    pub terms: Vec<(String, Postings<'a>)>,
}

fn section_ranges(bytes: &[u8]) -> Option<[Range<usize>; SECTIONS]> {
    let mut ranges: [Range<usize>; SECTIONS] = Default::default();
    let mut expected = BODY + 4 * SECTIONS;
    for (i, range) in ranges.iter_mut().enumerate() {
        let start = u32_at(bytes, BODY + 4 * i)? as usize;
        let end = if i + 1 == SECTIONS { bytes.len() } else { u32_at(bytes, BODY + 4 * (i + 1))? as usize };
        if start != expected || end < start || end > bytes.len() {
            return None;
        }
        expected = end;
        *range = start..end;
    }
    Some(ranges)
}

fn read_meta(mut it: Cursor<'_>) -> Option<Meta> {
    let meta = Meta {
        lang: it.string()?,
        audience: it.string()?,
        title: it.string()?,
        way_on_heading: it.string()?,
        way_on_text: it.string()?,
        areas: it.list(|it| Some(Area { id: it.string()?, title: it.string()? }))?,
        contacts: it.list(|it| {
            Some(Contact { id: it.string()?, label: it.string()?, href: it.string()?, text: it.string()? })
        })?,
        links: it
            .list(|it| Some(Link { id: it.string()?, label: it.string()?, href: it.string()?, text: it.string()? }))?,
        moved: it.list(|it| Some((it.string()?, it.string()?)))?,
    };
    it.0.is_empty().then_some(meta)
}

fn read_folding(mut it: Cursor<'_>) -> Option<Folding> {
    let mut last = 0u32;
    let folding = Folding {
        map: it.list(|it| {
            last = last.checked_add(it.varint()?)?;
            Some((char::from_u32(last)?, it.string()?))
        })?,
        suffixes: it
            .list(|it| Some(Suffix { ending: it.string()?, replacement: it.string()?, min_stem: it.size()? }))?,
        stop_words: it.strings()?,
    };
    it.0.is_empty().then_some(folding)
}

fn read_note(it: &mut Cursor<'_>) -> Option<Note> {
    let kind = match it.u8()? {
        0 => NoteKind::Note,
        1 => NoteKind::Warning,
        2 => NoteKind::Item,
        3 => NoteKind::Picture,
        4 => NoteKind::Code,
        _ => return None,
    };
    Some(Note { kind, text: it.string()?, src: it.string()? })
}
