//! Contents to bytes. What is written here is read in `read.rs`.

use std::collections::{BTreeMap, BTreeSet};

use super::bytes::{put_str, put_strs, put_varint};
use super::dictionary;
use super::format::{BODY, MAGIC, MAX_TARGET_TERMS, SECTIONS, VERSION, block_name, checksum, phrase_bits, phrase_hash};
use super::model::{Contents, Entry, Folding, Note, NoteKind, Resolution, StepKind, Strength, TITLE_WEIGHT_STEP, Term};

/// From how many bytes of resolutions on they are written apart: below, one
/// more request costs a page more than what it could save.
const SPLIT_FROM: usize = 96 * 1024;

/// What a block holds before the next one begins, in bytes.
const BLOCK_BYTES: usize = 24 * 1024;

/// A compiled knowledge base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The index: everything a list of results needs.
    pub index: Vec<u8>,
    /// Of a large knowledge base, the resolutions: file names and contents.
    pub blocks: Vec<(String, Vec<u8>)>,
}

/// A knowledge base in one file. The same contents give the same bytes.
pub fn write(contents: &Contents) -> Vec<u8> {
    write_with(contents, &[], &resolutions(&contents.entries).concat())
}

/// A knowledge base as pages load it: in one file, or where it is large with
/// the resolutions in blocks.
pub fn write_for_pages(contents: &Contents) -> Written {
    let resolutions = resolutions(&contents.entries);
    if resolutions.iter().map(Vec::len).sum::<usize>() < SPLIT_FROM {
        return Written { index: write(contents), blocks: Vec::new() };
    }
    let mut table = Vec::new();
    let mut blocks = Vec::new();
    let mut rest = resolutions.as_slice();
    while !rest.is_empty() {
        let mut bytes = 0;
        let n = rest.iter().take_while(|it| {
            let has_room = bytes < BLOCK_BYTES;
            bytes += it.len();
            has_room
        });
        let (block, behind) = rest.split_at(n.count());
        let body = block.concat();
        let sum = checksum(&body);
        table.extend_from_slice(&sum.to_le_bytes());
        put_varint(&mut table, block.len() as u32);
        blocks.push((block_name(sum), with_head(body)));
        rest = behind;
    }
    Written { index: write_with(contents, &table, &[]), blocks }
}

fn write_with(contents: &Contents, blocks: &[u8], resolutions: &[u8]) -> Vec<u8> {
    let [terms, postings] = dictionary::write(contents.terms.iter().map(|it| (it.text.clone(), postings(it))));
    let (phrases, targets) = relations(contents);
    let sections: [Vec<u8>; SECTIONS] = [
        meta(contents),
        folding(&contents.folding),
        terms,
        postings,
        phrases,
        targets,
        titles(contents),
        summaries(&contents.entries),
        blocks.to_vec(),
        resolutions.to_vec(),
    ];
    let mut body = Vec::new();
    let mut start = BODY + 4 * SECTIONS;
    for it in &sections {
        put_u32(&mut body, start);
        start += it.len();
    }
    body.extend(sections.into_iter().flatten());
    with_head(body)
}

fn with_head(body: Vec<u8>) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    put_u32(&mut out, VERSION as usize);
    put_u32(&mut out, BODY + body.len());
    out.extend_from_slice(&checksum(&body).to_le_bytes());
    out.extend(body);
    out
}

fn put_u32(out: &mut Vec<u8>, value: usize) {
    out.extend_from_slice(&(value as u32).to_le_bytes());
}

fn meta(contents: &Contents) -> Vec<u8> {
    let mut out = Vec::new();
    for it in [&contents.lang, &contents.audience, &contents.title, &contents.way_on_heading, &contents.way_on_text] {
        put_str(&mut out, it);
    }
    put_varint(&mut out, contents.areas.len() as u32);
    for it in &contents.areas {
        put_str(&mut out, &it.id);
        put_str(&mut out, &it.title);
    }
    put_varint(&mut out, contents.contacts.len() as u32);
    for it in &contents.contacts {
        for text in [&it.id, &it.label, &it.href, &it.text] {
            put_str(&mut out, text);
        }
    }
    put_varint(&mut out, contents.links.len() as u32);
    for it in &contents.links {
        for text in [&it.id, &it.label, &it.href, &it.text] {
            put_str(&mut out, text);
        }
    }
    put_varint(&mut out, contents.moved.len() as u32);
    for (old, new) in &contents.moved {
        put_str(&mut out, old);
        put_str(&mut out, new);
    }
    out
}

fn folding(folding: &Folding) -> Vec<u8> {
    let mut out = Vec::new();
    put_varint(&mut out, folding.map.len() as u32);
    let mut last = 0;
    for (from, to) in &folding.map {
        put_varint(&mut out, *from as u32 - last);
        put_str(&mut out, to);
        last = *from as u32;
    }
    put_varint(&mut out, folding.suffixes.len() as u32);
    for it in &folding.suffixes {
        put_str(&mut out, &it.ending);
        put_str(&mut out, &it.replacement);
        put_varint(&mut out, it.min_stem as u32);
    }
    put_strs(&mut out, &folding.stop_words);
    out
}

/// Entries with the same fields stand together: then the fields are written
/// once, and the gaps are small.
fn postings(term: &Term) -> Vec<u8> {
    let mut by_fields: BTreeMap<u8, Vec<u32>> = BTreeMap::new();
    for it in &term.postings {
        by_fields.entry(it.fields.0).or_default().push(it.doc);
    }
    let mut out = Vec::new();
    let n_titles = term.titles.len() as u32;
    let first = if n_titles > 0 { n_titles } else { by_fields.values().next().map_or(0, |it| it.len() as u32) };
    put_varint(&mut out, n_titles << 1 | u32::from(term.n_entries != first));
    if term.n_entries != first {
        put_varint(&mut out, term.n_entries);
    }
    put_gaps(&mut out, &term.titles);
    for (fields, docs) in by_fields {
        out.push(fields);
        put_varint(&mut out, docs.len() as u32);
        put_gaps(&mut out, &docs);
    }
    out
}

fn put_gaps(out: &mut Vec<u8>, ascending: &[u32]) {
    let mut next = 0;
    for it in ascending {
        put_varint(out, it - next);
        next = it + 1;
    }
}

fn titles(contents: &Contents) -> Vec<u8> {
    let mut out = Vec::new();
    let mut last = 0;
    for it in &contents.titles {
        put_varint(&mut out, it.doc - last);
        put_varint(&mut out, it.weight / TITLE_WEIGHT_STEP);
        last = it.doc;
    }
    out
}

/// Phrases of one group of synonyms stand for the same set of targets, which
/// is written once.
fn relations(contents: &Contents) -> (Vec<u8>, Vec<u8>) {
    let position = |term: &str| contents.terms.binary_search_by(|it| it.text.as_str().cmp(term)).ok();
    let bits = phrase_bits(contents.relations.len());
    let mut by_hash: BTreeMap<u32, BTreeSet<(Vec<u32>, Strength)>> = BTreeMap::new();
    for it in &contents.relations {
        // Two phrases of one hash stand for what both do.
        let targets = by_hash.entry(phrase_hash(&it.from, bits)).or_default();
        for (terms, strength) in &it.to {
            let terms: Option<Vec<u32>> =
                terms.split(' ').filter(|it| !it.is_empty()).map(|it| position(it).map(|it| it as u32)).collect();
            // The compiler refuses phrases of so many words.
            targets.extend(terms.filter(|it| it.len() <= MAX_TARGET_TERMS).map(|it| (it, *strength)));
        }
    }
    let mut sets: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
    let (mut gaps, mut numbers, mut targets) = (Vec::new(), Vec::new(), Vec::new());
    let mut next = 0;
    for (hash, set) in &by_hash {
        put_varint(&mut gaps, hash - next);
        next = hash + 1;
        let mut bytes = Vec::new();
        put_varint(&mut bytes, set.len() as u32);
        for (terms, strength) in set {
            bytes.push((terms.len() as u8) << 2 | *strength as u8);
            for it in terms {
                put_varint(&mut bytes, *it);
            }
        }
        let number = sets.len() as u32;
        let number = *sets.entry(bytes).or_insert_with_key(|bytes| {
            targets.extend_from_slice(bytes);
            number
        });
        put_varint(&mut numbers, number);
    }
    let mut phrases = vec![bits];
    put_varint(&mut phrases, by_hash.len() as u32);
    phrases.extend(gaps);
    phrases.extend(numbers);
    (phrases, targets)
}

fn summaries(entries: &[Entry]) -> Vec<u8> {
    let mut out = Vec::new();
    for it in entries {
        let is_other = !it.lang.is_empty();
        put_varint(&mut out, (it.area as u32) << 1 | u32::from(is_other));
        if is_other {
            put_str(&mut out, &it.lang);
        }
        put_str(&mut out, &it.id);
        put_str(&mut out, &it.symptom);
        put_strs(&mut out, &it.causes);
    }
    out
}

/// Per entry its resolution, with its length before it.
fn resolutions(entries: &[Entry]) -> Vec<Vec<u8>> {
    let resolution = |it: &Entry| {
        let mut bytes = Vec::new();
        put_resolution(&mut bytes, &it.resolution);
        let mut out = Vec::new();
        put_varint(&mut out, bytes.len() as u32);
        out.extend(bytes);
        out
    };
    entries.iter().map(resolution).collect()
}

fn put_resolution(out: &mut Vec<u8>, it: &Resolution) {
    out.push(u8::from(it.guide));
    put_varint(out, it.contact.map_or(0, |contact| contact as u32 + 1));
    put_strs(out, &it.description);
    put_strs(out, &it.after);
    put_varint(out, it.steps.len() as u32);
    for step in &it.steps {
        let (kind, argument) = match step.kind {
            StepKind::Do => (0, None),
            StepKind::Wait { minutes } => (1, Some(minutes)),
            StepKind::Check => (2, None),
            StepKind::Escalate { contact } => (3, Some(contact as u32)),
            StepKind::Info => (4, None),
        };
        out.push(kind);
        if let Some(argument) = argument {
            put_varint(out, argument);
        }
        put_str(out, &step.text);
        put_varint(out, step.notes.len() as u32);
        for note in &step.notes {
            put_note(out, note);
        }
    }
}

fn put_note(out: &mut Vec<u8>, note: &Note) {
    out.push(match note.kind {
        NoteKind::Note => 0,
        NoteKind::Warning => 1,
        NoteKind::Item => 2,
        NoteKind::Picture => 3,
        NoteKind::Code => 4,
    });
    put_str(out, &note.text);
    if note.kind == NoteKind::Picture {
        put_str(out, &note.src);
        put_str(out, &note.alt);
    }
}
