//! Bytes to contents, in place: opening checks every byte once, after that
//! nothing can fail and only what is asked for is decoded.

use std::ops::Range;

use super::bytes::{Cursor, u32_at};
use super::format::{BODY, Error, Kind, MAGIC, SECTIONS, Section, VERSION, checksum};
use super::model::{
    Area, Contact, Fields, Folding, Link, Note, NoteKind, Posting, Resolution, Step, StepKind, Suffix, Summary,
};

/// An open knowledge base.
pub struct Index {
    bytes: Vec<u8>,
    sections: [Range<usize>; SECTIONS],
    meta: Meta,
    folding: Folding,
    /// Area of each entry: the filter asks for it at every posting.
    area_of: Vec<u16>,
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
        let mut index = Self { bytes, sections, meta, folding, area_of: Vec::new() };
        index.check_entries().ok_or(damaged("entries"))?;
        index.check_terms().ok_or(damaged("terms"))?;
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
    pub fn terms_from(&self, from: &str) -> TermCursor<'_> {
        TermCursor::seek(self, from.as_bytes())
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

    /// Walks every term and posting once: terms ascend, blocks are where the
    /// table says, entries exist.
    fn check_terms(&self) -> Option<()> {
        let blocks = self.section(Section::TermBlocks);
        if !blocks.len().is_multiple_of(8) {
            return None;
        }
        let mut cursor = TermCursor::start(self);
        let mut last: Option<Vec<u8>> = None;
        let mut n = 0;
        while !cursor.is_done() {
            if n % super::format::TERMS_PER_BLOCK == 0 {
                let block = n / super::format::TERMS_PER_BLOCK;
                let at = (u32_at(blocks, 8 * block)?, u32_at(blocks, 8 * block + 4)?);
                if cursor.position() != (at.0 as usize, at.1 as usize) {
                    return None;
                }
            }
            let postings = cursor.advance()?;
            let term = cursor.term.clone();
            std::str::from_utf8(&term).ok()?;
            if last.as_ref().is_some_and(|it| *it >= term) {
                return None;
            }
            last = Some(term);
            if !postings.is_sound(self.n_entries()) {
                return None;
            }
            n += 1;
        }
        (blocks.len() / 8 == n.div_ceil(super::format::TERMS_PER_BLOCK)).then_some(())
    }
}

/// Walks the terms in byte order.
pub struct TermCursor<'a> {
    terms: &'a [u8],
    postings: &'a [u8],
    at: usize,
    postings_at: usize,
    term: Vec<u8>,
}

impl<'a> TermCursor<'a> {
    fn start(index: &'a Index) -> Self {
        Self {
            terms: index.section(Section::Terms),
            postings: index.section(Section::Postings),
            at: 0,
            postings_at: 0,
            term: Vec::new(),
        }
    }

    fn seek(index: &'a Index, from: &[u8]) -> Self {
        let blocks = index.section(Section::TermBlocks);
        let terms = index.section(Section::Terms);
        let start = |block: usize| u32_at(blocks, 8 * block).unwrap_or_default() as usize;
        // The first block whose first term is past `from`; the one before it may hold `from`.
        let (mut low, mut high) = (0, blocks.len() / 8);
        while low < high {
            let mid = usize::midpoint(low, high);
            let first = terms.get(start(mid) + 2..).unwrap_or_default();
            let len = terms.get(start(mid) + 1).copied().unwrap_or_default() as usize;
            if first.get(..len).unwrap_or_default() <= from {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        let mut cursor = Self::start(index);
        if let Some(block) = low.checked_sub(1) {
            cursor.at = start(block);
            cursor.postings_at = u32_at(blocks, 8 * block + 4).unwrap_or_default() as usize;
        }
        loop {
            let before = (cursor.at, cursor.postings_at, cursor.term.clone());
            if cursor.advance().is_none() {
                return cursor;
            }
            if cursor.term.as_slice() >= from {
                (cursor.at, cursor.postings_at, cursor.term) = before;
                return cursor;
            }
        }
    }

    /// The next term and its postings; `None` after the last.
    #[expect(
        clippy::should_implement_trait,
        reason = "the term is borrowed from the cursor, which `Iterator` cannot say"
    )]
    pub fn next(&mut self) -> Option<(&str, Postings<'a>)> {
        let postings = self.advance()?;
        Some((std::str::from_utf8(&self.term).unwrap_or_default(), postings))
    }

    fn is_done(&self) -> bool {
        self.at == self.terms.len()
    }

    fn position(&self) -> (usize, usize) {
        (self.at, self.postings_at)
    }

    fn advance(&mut self) -> Option<Postings<'a>> {
        let mut cursor = Cursor(self.terms.get(self.at..)?);
        let shared = cursor.u8()? as usize;
        let rest = cursor.u8()? as usize;
        let suffix = cursor.take(rest)?;
        let postings_len = cursor.size()?;
        let end = self.postings_at.checked_add(postings_len)?;
        let postings = self.postings.get(self.postings_at..end)?;
        if shared > self.term.len() {
            return None;
        }
        self.term.truncate(shared);
        self.term.extend_from_slice(suffix);
        self.at = self.terms.len() - cursor.0.len();
        self.postings_at = end;
        Some(Postings { cursor: Cursor(postings), next: 0 })
    }
}

/// The postings of a term, by ascending entry.
#[derive(Clone)]
pub struct Postings<'a> {
    cursor: Cursor<'a>,
    next: u32,
}

impl Postings<'_> {
    /// Whether every posting can be read and names an entry that exists.
    fn is_sound(&self, n_entries: u32) -> bool {
        let mut rest = self.clone();
        while !rest.cursor.0.is_empty() {
            match rest.next() {
                Some(it) if it.doc < n_entries => {}
                _ => return false,
            }
        }
        true
    }
}

impl Iterator for Postings<'_> {
    type Item = Posting;

    fn next(&mut self) -> Option<Posting> {
        let doc = self.next.checked_add(self.cursor.varint()?)?;
        let fields = Fields(self.cursor.u8()?);
        self.next = doc.checked_add(1)?;
        Some(Posting { doc, fields })
    }
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
