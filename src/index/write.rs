//! Contents to bytes. What is written here is read in `read.rs`.

use super::bytes::{put_str, put_strs, put_varint};
use super::format::{BODY, MAGIC, SECTIONS, TERMS_PER_BLOCK, VERSION, checksum};
use super::model::{Contents, Entry, Folding, Note, NoteKind, Posting, Resolution, StepKind, Term};

/// The compiled form of a knowledge base. The same contents give the same bytes.
pub fn write(contents: &Contents) -> Vec<u8> {
    let (term_blocks, terms, postings) = terms(&contents.terms);
    let (docs, summaries, resolutions) = entries(&contents.entries);
    let sections: [Vec<u8>; SECTIONS] =
        [meta(contents), folding(&contents.folding), term_blocks, terms, postings, docs, summaries, resolutions];
    let mut body = Vec::new();
    let mut start = BODY + 4 * SECTIONS;
    for it in &sections {
        put_u32(&mut body, start);
        start += it.len();
    }
    body.extend(sections.into_iter().flatten());

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

fn terms(terms: &[Term]) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let (mut blocks, mut out, mut postings) = (Vec::new(), Vec::new(), Vec::new());
    let mut last: &[u8] = &[];
    for (i, term) in terms.iter().enumerate() {
        let text = term.text.as_bytes();
        if i % TERMS_PER_BLOCK == 0 {
            put_u32(&mut blocks, out.len());
            put_u32(&mut blocks, postings.len());
            last = &[];
        }
        let shared = last.iter().zip(text).take_while(|(a, b)| a == b).count();
        out.push(shared as u8);
        out.push((text.len() - shared) as u8);
        out.extend_from_slice(&text[shared..]);
        let start = postings.len();
        put_postings(&mut postings, &term.postings);
        put_varint(&mut out, (postings.len() - start) as u32);
        last = text;
    }
    (blocks, out, postings)
}

fn put_postings(out: &mut Vec<u8>, postings: &[Posting]) {
    let mut next = 0;
    for it in postings {
        put_varint(out, it.doc - next);
        out.push(it.fields.0);
        next = it.doc + 1;
    }
}

fn entries(entries: &[Entry]) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let (mut docs, mut summaries, mut resolutions) = (Vec::new(), Vec::new(), Vec::new());
    for it in entries {
        put_u32(&mut docs, summaries.len());
        put_u32(&mut docs, resolutions.len());
        put_varint(&mut summaries, it.area as u32);
        put_str(&mut summaries, &it.id);
        put_str(&mut summaries, &it.symptom);
        put_strs(&mut summaries, &it.causes);
        put_resolution(&mut resolutions, &it.resolution);
    }
    (docs, summaries, resolutions)
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
    put_str(out, &note.src);
}
