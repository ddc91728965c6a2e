//! Bytes to contents, in place: opening checks every byte once, after that
//! nothing can fail and only what is asked for is decoded.

use std::ops::Range;
use std::sync::OnceLock;

use super::bytes::{Cursor, u32_at};
use super::dictionary::{self, Dictionary, Walk};
use super::format::{
    BODY, Error, Kind, MAGIC, MAX_FOLDED_BYTES, MAX_PHRASE_BITS, MAX_SUFFIXES, MAX_TARGET_TERMS, SECTIONS, Section,
    VERSION, block_name, checksum, phrase_hash,
};
use super::model::{
    Area, Contact, Fields, Folding, Link, Note, NoteKind, Resolution, Step, StepKind, Strength, Suffix, Summary,
    TITLE_WEIGHT_STEP, Title,
};
use super::sketch::{Sketch, Sketches};

/// An open knowledge base.
pub struct Index {
    bytes: Vec<u8>,
    sections: [Range<usize>; SECTIONS],
    meta: Meta,
    folding: Folding,
    /// Per entry: what is asked for at every posting.
    entries: Vec<Facts>,
    /// How long entries are on average.
    mean_len: u32,
    titles: Vec<Title>,
    /// Hash of each phrase and where its set of targets starts, by hash.
    phrases: Vec<(u32, u32)>,
    /// Of how many bits the hashes are.
    phrase_bits: u8,
    term_blocks: Vec<dictionary::Block>,
    /// Per term: where its postings start; and where the last end.
    postings: Vec<u32>,
    /// Made while the terms are read: the first misspelt word would have to read
    /// all of them again.
    sketches: Sketches,
    /// Where the resolutions stand, by their first entry.
    blocks: Vec<Block>,
}

/// What is known of an entry once the index is open.
#[derive(Clone, Copy, Default)]
struct Facts {
    /// Where its summary starts.
    summary: u32,
    area: u16,
    /// How long it is: the terms outside its titles, and what its symptom weighs.
    len: u16,
    /// Whether its symptom is its only title.
    is_bare: bool,
}

/// Resolutions of some entries.
struct Block {
    first: u32,
    n: u32,
    /// Checksum of the file that they are in.
    sum: u64,
    /// Once they are at hand: their bytes, and where each starts. Nothing for
    /// those in the index itself.
    loaded: OnceLock<(Vec<u8>, Vec<u32>)>,
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
        check_head(&bytes)?;
        let sections = section_ranges(&bytes).ok_or(damaged("section table"))?;
        let meta = read_meta(Cursor(&bytes[sections[Section::Meta as usize].clone()])).ok_or(damaged("head"))?;
        let folding =
            read_folding(Cursor(&bytes[sections[Section::Folding as usize].clone()])).ok_or(damaged("folding"))?;
        let mut index = Self {
            bytes,
            sections,
            meta,
            folding,
            entries: Vec::new(),
            mean_len: 1,
            titles: Vec::new(),
            phrases: Vec::new(),
            phrase_bits: 0,
            term_blocks: Vec::new(),
            postings: Vec::new(),
            sketches: Sketches::default(),
            blocks: Vec::new(),
        };
        index.entries = index.read_entries().ok_or(damaged("entries"))?;
        index.blocks = index.read_blocks().ok_or(damaged("resolutions"))?;
        index.read_titles().ok_or(damaged("titles"))?;
        index.read_terms().ok_or(damaged("terms"))?;
        (index.phrase_bits, index.phrases) = index.read_phrases().ok_or(damaged("phrases"))?;
        Ok(index)
    }

    /// Takes a block of resolutions in, see [`Index::block`]. Refuses what is
    /// damaged or belongs to another index.
    pub fn add_block(&self, bytes: Vec<u8>) -> Result<(), Error> {
        let sum = check_head(&bytes)?;
        let block = self.blocks.iter().find(|it| it.sum == sum && self.resolutions().is_empty());
        let block = block.ok_or(Error(Kind::Section("list of blocks")))?;
        let starts = self.check_resolutions(&bytes, BODY, block.n).ok_or(Error(Kind::Section("resolutions")))?;
        // Whoever was first brought the same bytes.
        let _ = block.loaded.set((bytes, starts));
        Ok(())
    }

    /// The file that an entry's resolution is in, where it is not at hand.
    pub fn block(&self, doc: u32) -> Option<String> {
        let block = self.block_of(doc)?;
        self.loaded(block).is_none().then(|| block_name(block.sum))
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
        self.entries.len() as u32
    }

    /// Area of an entry. Area 0 for an entry that does not exist.
    pub fn area_of(&self, doc: u32) -> usize {
        self.entries.get(doc as usize).map_or(0, |it| it.area.into())
    }

    /// Whether an entry has no alias.
    pub fn is_bare(&self, doc: u32) -> bool {
        self.entries.get(doc as usize).is_some_and(|it| it.is_bare)
    }

    /// How long an entry is: the terms outside its titles, and what its symptom
    /// weighs.
    pub fn len_of(&self, doc: u32) -> u32 {
        self.entries.get(doc as usize).map_or(0, |it| it.len.into())
    }

    /// The same on average, at least 1.
    pub fn mean_len(&self) -> u32 {
        self.mean_len
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

    /// The part of an entry that is needed once it is open. `None` where it is
    /// not at hand, see [`Index::block`].
    pub fn resolution(&self, doc: u32) -> Option<Resolution> {
        let block = self.block_of(doc)?;
        let (bytes, starts) = self.loaded(block)?;
        let start = *starts.get((doc - block.first) as usize)? as usize;
        // The block of an index in one file has no bytes of its own.
        let bytes = if bytes.is_empty() { self.resolutions() } else { bytes };
        self.read_resolution(&mut Cursor(bytes.get(start..)?))
    }

    /// A number that changes when the steps of an entry do, whether or not they
    /// are at hand.
    pub fn revision(&self, doc: u32) -> u32 {
        match self.block_of(doc) {
            Some(block) if block.sum > 0 => block.sum as u32,
            _ => {
                let steps = self.resolution(doc).map(|it| it.steps).unwrap_or_default();
                let texts: Vec<&str> = steps.iter().map(|it| it.text.as_str()).collect();
                checksum(texts.join("\n").as_bytes()) as u32
            }
        }
    }

    /// The terms from the first that is not before `from`, in byte order.
    pub fn terms_from(&self, from: &str) -> Terms<'_> {
        Terms(self.terms().walk_from(from.as_bytes()))
    }

    /// The position of a term among all, and its postings.
    pub fn term(&self, term: &str) -> Option<(u32, Postings<'_>)> {
        let (position, postings) = self.terms().get(term.as_bytes())?;
        Some((position as u32, Postings::new(postings)))
    }

    /// The term at a position. Empty where there is none.
    pub fn nth_term(&self, position: u32) -> String {
        self.terms().nth(position as usize).unwrap_or_default()
    }

    /// The postings of the term at a position. None where there is none.
    pub fn postings(&self, position: u32) -> Postings<'_> {
        let range = self.postings.get(position as usize..position as usize + 2);
        let bytes = range.and_then(|it| self.section(Section::Postings).get(it[0] as usize..it[1] as usize));
        Postings::new(bytes.unwrap_or_default())
    }

    /// What the terms of so many characters look like, with their positions.
    pub fn sketches(&self, len: usize) -> &[(Sketch, u32)] {
        self.sketches.of_len(len)
    }

    /// Whether a word says little about a problem, though it is no stop word.
    pub fn is_filler(&self, term: &str) -> bool {
        self.targets(term).first() == Some(&0)
    }

    /// What a phrase stands for. Nothing where it stands for itself alone.
    pub fn related(&self, phrase: &str) -> Vec<Target<'_>> {
        Cursor(self.targets(phrase)).list(|it| self.target(it)).unwrap_or_default()
    }

    /// Where the targets of a phrase begin; empty for a phrase that has none.
    fn targets(&self, phrase: &str) -> &[u8] {
        let at = self.phrases.binary_search_by_key(&phrase_hash(phrase, self.phrase_bits), |it| it.0);
        at.map_or(&[], |at| &self.section(Section::Targets)[self.phrases[at].1 as usize..])
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
            let term = cursor.varint()?;
            terms.push((term, self.postings(term)));
        }
        Some(Target { strength, terms })
    }

    fn terms(&self) -> Dictionary<'_> {
        let (keys, payloads) = (self.section(Section::Terms), self.section(Section::Postings));
        Dictionary { blocks: &self.term_blocks, keys, payloads }
    }

    fn section(&self, section: Section) -> &[u8] {
        &self.bytes[self.sections[section as usize].clone()]
    }

    fn resolutions(&self) -> &[u8] {
        self.section(Section::Resolutions)
    }

    fn block_of(&self, doc: u32) -> Option<&Block> {
        let at = self.blocks.partition_point(|it| it.first <= doc).checked_sub(1)?;
        self.blocks.get(at).filter(|it| doc - it.first < it.n)
    }

    /// What a block holds, once it is at hand. Entries with the same steps make
    /// blocks with the same bytes: the first of them has it for all.
    fn loaded(&self, block: &Block) -> Option<&(Vec<u8>, Vec<u32>)> {
        self.blocks.iter().find(|it| it.sum == block.sum)?.loaded.get()
    }

    fn summary_at(&self, doc: u32) -> Option<Cursor<'_>> {
        let start = self.entries.get(doc as usize)?.summary as usize;
        Some(Cursor(self.section(Section::Summaries).get(start..)?))
    }

    fn summary_id(&self, doc: u32) -> Option<&str> {
        let mut cursor = self.summary_at(doc)?;
        read_summary_head(&mut cursor)?;
        cursor.str()
    }

    fn try_summary(&self, doc: u32) -> Option<Summary> {
        let mut cursor = self.summary_at(doc)?;
        let (area, lang) = read_summary_head(&mut cursor)?;
        Some(Summary {
            area,
            lang: lang.into(),
            id: cursor.string()?,
            symptom: cursor.string()?,
            causes: cursor.strings()?,
        })
    }

    fn read_resolution(&self, cursor: &mut Cursor<'_>) -> Option<Resolution> {
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

    /// Reads every summary once, so that no later look at one can fail.
    fn read_entries(&self) -> Option<Vec<Facts>> {
        let section = self.section(Section::Summaries);
        let mut cursor = Cursor(section);
        let mut entries = Vec::new();
        while !cursor.0.is_empty() {
            let summary = (section.len() - cursor.0.len()) as u32;
            let (area, _) = read_summary_head(&mut cursor).filter(|it| it.0 < self.meta.areas.len())?;
            cursor.str()?;
            cursor.str()?;
            for _ in 0..cursor.varint()? {
                cursor.str()?;
            }
            entries.push(Facts { summary, area: area.try_into().ok()?, len: 0, is_bare: true });
        }
        Some(entries)
    }

    fn read_blocks(&self) -> Option<Vec<Block>> {
        let n_entries = self.n_entries();
        let section = self.section(Section::Blocks);
        if section.is_empty() {
            let starts = self.check_resolutions(self.resolutions(), 0, n_entries)?;
            return Some(vec![Block { first: 0, n: n_entries, sum: 0, loaded: (Vec::new(), starts).into() }]);
        }
        let mut cursor = Cursor(section);
        let mut blocks = Vec::new();
        let mut first = 0u32;
        while !cursor.0.is_empty() {
            let sum = u64::from_le_bytes(cursor.take(8)?.try_into().ok()?);
            let n = cursor.varint()?;
            blocks.push(Block { first, n, sum, loaded: OnceLock::new() });
            first = first.checked_add(n).filter(|it| *it <= n_entries)?;
        }
        (first == n_entries && self.resolutions().is_empty()).then_some(blocks)
    }

    /// Reads resolutions once, so that no later look at one can fail. Where each starts.
    fn check_resolutions(&self, bytes: &[u8], from: usize, n: u32) -> Option<Vec<u32>> {
        let mut cursor = Cursor(bytes.get(from..)?);
        let mut starts = Vec::new();
        for _ in 0..n {
            let len = cursor.size()?;
            starts.push((bytes.len() - cursor.0.len()) as u32);
            let mut one = Cursor(cursor.take(len)?);
            self.read_resolution(&mut one)?;
            if !one.0.is_empty() {
                return None;
            }
        }
        cursor.0.is_empty().then_some(starts)
    }

    fn read_titles(&mut self) -> Option<()> {
        let mut cursor = Cursor(&self.bytes[self.sections[Section::Titles as usize].clone()]);
        let mut doc = 0u32;
        while !cursor.0.is_empty() {
            let gap = cursor.varint_here()?;
            doc = doc.checked_add(gap).filter(|it| *it < self.entries.len() as u32)?;
            // A weight is a sum over a few words, and is divided by; a larger one would overflow sums.
            let steps = cursor.varint().filter(|it| (1..1 << 12).contains(it))?;
            let weight = steps * TITLE_WEIGHT_STEP;
            let entry = &mut self.entries[doc as usize];
            if gap == 0 && !self.titles.is_empty() {
                entry.is_bare = false;
            } else {
                entry.len += steps as u16;
            }
            self.titles.push(Title { doc, weight });
        }
        Some(())
    }

    /// Walks every term once, and counts those of each entry.
    fn read_terms(&mut self) -> Option<()> {
        let n_titles = self.titles.len() as u32;
        let mut n_terms = vec![0; self.entries.len()];
        let mut starts = Vec::new();
        let payloads = self.section(Section::Postings);
        let mut sketches = Sketches::default();
        let blocks = self.terms().check(|term, payload| {
            sketches.add(term, starts.len() as u32);
            starts.push(payload.start as u32);
            Postings::new(&payloads[payload]).check(n_titles, &mut n_terms).is_some()
        });
        starts.push(payloads.len() as u32);
        (self.postings, self.sketches, self.term_blocks) = (starts, sketches, blocks?);
        let mut sum = 0;
        for (entry, n) in self.entries.iter_mut().zip(n_terms) {
            entry.len = u16::try_from(n).unwrap_or(u16::MAX).saturating_add(entry.len);
            sum += u64::from(entry.len);
        }
        self.mean_len = (sum / self.entries.len().max(1) as u64).max(1) as u32;
        Some(())
    }

    /// The hash of each phrase, and where its set of targets stands.
    fn read_phrases(&self) -> Option<(u8, Vec<(u32, u32)>)> {
        let n_terms = self.postings.len().saturating_sub(1);
        let targets = self.section(Section::Targets);
        let mut sets = Vec::new();
        let mut cursor = Cursor(targets);
        while !cursor.0.is_empty() {
            sets.push((targets.len() - cursor.0.len()) as u32);
            for _ in 0..cursor.varint()? {
                let head = cursor.u8().filter(|it| it & 3 < 3 && usize::from(it >> 2) <= MAX_TARGET_TERMS)?;
                for _ in 0..head >> 2 {
                    cursor.size().filter(|it| *it < n_terms)?;
                }
            }
        }
        let mut cursor = Cursor(self.section(Section::Phrases));
        let bits = cursor.u8().filter(|it| *it <= MAX_PHRASE_BITS)?;
        let mut next = 0u32;
        let mut hashes = cursor.list(|it| {
            let hash = next.checked_add(it.varint()?)?;
            next = hash.checked_add(1)?;
            Some((hash, 0))
        })?;
        for it in &mut hashes {
            it.1 = *sets.get(cursor.size()?)?;
        }
        cursor.0.is_empty().then_some((bits, hashes))
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

/// Where a term occurs: walks the titles that have it, then the entries that
/// have it in other fields, by the set of these.
#[derive(Clone)]
pub struct Postings<'a> {
    cursor: Cursor<'a>,
    n_entries: u32,
    /// The fields of the present group; none for titles.
    fields: Option<Fields>,
    /// What is left of the group, and the least that the next one can be.
    left: u32,
    next: u32,
}

/// A place where a term occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A title: its position.
    Title(u32),
    /// Other fields of an entry.
    Entry(u32, Fields),
}

impl<'a> Postings<'a> {
    fn new(payload: &'a [u8]) -> Self {
        let mut cursor = Cursor(payload);
        let head = cursor.varint().unwrap_or_default();
        let left = head >> 1;
        let n_entries = match head {
            0 => {
                let mut first = cursor;
                first.u8().and_then(|_| first.varint())
            }
            _ if head & 1 == 1 => cursor.varint(),
            _ => Some(left),
        };
        Self { cursor, n_entries: n_entries.unwrap_or_default(), fields: None, left, next: 0 }
    }

    /// In how many entries the term occurs.
    pub fn n_entries(&self) -> u32 {
        self.n_entries
    }

    /// Reads all of it once, and counts the term for the entries that have it
    /// outside their titles. Not by the iterator: this is done to each of a
    /// million places before the first answer. Never as part of what calls it,
    /// which is compiled to be small.
    #[cfg_attr(all(target_family = "wasm", feature = "widget"), optimize(speed))]
    #[inline(never)]
    fn check(self, n_titles: u32, n_terms: &mut [u32]) -> Option<()> {
        let Self { mut cursor, mut left, n_entries, .. } = self;
        let mut next = 0u32;
        for _ in 0..left {
            next = next.checked_add(cursor.varint_here()?)?.checked_add(1)?;
        }
        if next > n_titles || n_entries as usize > n_terms.len() {
            return None;
        }
        while !cursor.0.is_empty() {
            cursor.u8().filter(|it| usize::from(*it) < Fields::SETS)?;
            left = cursor.varint()?;
            // As many gaps as there are bytes cannot overflow it.
            let mut doc = 0u64;
            for _ in 0..left {
                doc += u64::from(cursor.varint_here()?);
                *n_terms.get_mut(usize::try_from(doc).ok()?)? += 1;
                doc += 1;
            }
        }
        Some(())
    }
}

impl Iterator for Postings<'_> {
    type Item = Place;

    #[expect(clippy::inline_always, reason = "the loop over postings is most of a search in a large knowledge base")]
    #[inline(always)]
    fn next(&mut self) -> Option<Place> {
        while self.left == 0 {
            self.fields = Some(Fields(self.cursor.u8()?));
            self.left = self.cursor.varint()?;
            self.next = 0;
        }
        let it = self.next.checked_add(self.cursor.varint_here()?)?;
        self.next = it.checked_add(1)?;
        self.left -= 1;
        Some(match self.fields {
            None => Place::Title(it),
            Some(fields) => Place::Entry(it, fields),
        })
    }
}

/// Terms that a phrase stands for, all of which an entry must have.
pub struct Target<'a> {
    /// How surely they are meant.
    pub strength: Strength,
    /// Positions of the terms, and where these occur.
    pub terms: Vec<(u32, Postings<'a>)>,
}

/// The checksum of a file that is whole and of this version.
fn check_head(bytes: &[u8]) -> Result<u64, Error> {
    if bytes.get(..MAGIC.len()) != Some(&MAGIC[..]) {
        return Err(Error(Kind::NotAnIndex));
    }
    let found = u32_at(bytes, 8).ok_or(Error(Kind::NotAnIndex))?;
    if found != VERSION {
        return Err(Error(Kind::Version { found }));
    }
    let expected = u32_at(bytes, 12).ok_or(Error(Kind::NotAnIndex))? as usize;
    if bytes.len() != expected || expected < BODY {
        return Err(Error(Kind::Length { found: bytes.len(), expected }));
    }
    let sum = checksum(&bytes[BODY..]);
    if sum.to_le_bytes() != bytes[16..BODY] {
        return Err(Error(Kind::Checksum));
    }
    Ok(sum)
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
            Some((char::from_u32(last)?, folded(it)?))
        })?,
        suffixes: it.list(|it| Some(Suffix { ending: folded(it)?, replacement: folded(it)?, min_stem: it.size()? }))?,
        stop_words: it.strings()?,
    };
    (it.0.is_empty() && folding.suffixes.len() <= MAX_SUFFIXES).then_some(folding)
}

/// What stands for a character or an ending.
fn folded(it: &mut Cursor<'_>) -> Option<String> {
    it.string().filter(|it| it.len() <= MAX_FOLDED_BYTES)
}

/// The area of an entry, and its language where it has one of its own.
fn read_summary_head<'a>(cursor: &mut Cursor<'a>) -> Option<(usize, &'a str)> {
    let head = cursor.size()?;
    Some((head >> 1, if head & 1 == 1 { cursor.str()? } else { "" }))
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
    let text = it.string()?;
    let mut of_picture = || if kind == NoteKind::Picture { it.string() } else { Some(String::new()) };
    Some(Note { kind, text, src: of_picture()?, alt: of_picture()? })
}
