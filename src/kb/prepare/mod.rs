//! Markdown as people write it, made into Markdown that a parser reads as they
//! meant it: HTML tables become tables of pipes, a table need not stand between
//! blank lines, callouts become quotes, and what belongs to a site generator is
//! taken out and said.
//!
//! Knows no entries: what a table or a text means is the business of `parse`.
//! Every byte of the outcome knows where it comes from, so that findings point
//! into the author's own text.

mod lines;
mod tags;

use std::collections::BTreeMap;
use std::ops::Range;

/// How a text is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reading {
    /// Written for us: what is unclear is an error that its author can repair.
    #[default]
    Authored,
    /// Found somewhere, to be imported: as much as can be is understood, the
    /// rest becomes text, and all of that is reported.
    Found,
}

/// A text made ready.
#[derive(Clone, Debug, Default)]
pub struct Prepared {
    pub text: String,
    maps: Vec<Map>,
    /// What was taken out or changed in meaning, with its place in the source.
    pub notes: Vec<Note>,
}

/// Something that an author should know of.
#[derive(Clone, Debug)]
pub struct Note {
    pub span: Range<usize>,
    pub message: String,
    /// Whether something that a reader would have seen is gone.
    pub is_lost: bool,
}

impl Prepared {
    /// Where a byte comes from in the source.
    pub fn origin(&self, at: usize) -> usize {
        self.maps.iter().rev().fold(at, |at, map| map.origin(at))
    }

    /// Where a range comes from.
    pub fn span(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.origin(span.start);
        // The end is behind the last byte; what follows that may come from elsewhere.
        let end = if span.end > span.start { self.origin(span.end - 1) + 1 } else { start };
        start..end.max(start)
    }
}

/// Whether a tag is no HTML but a name in angle brackets, such as `<namespace>`.
pub fn is_place_to_fill_in(tag: &str) -> bool {
    let name = tag.trim_start_matches('<').trim_end_matches('>');
    let is_name = name.chars().all(|it| it.is_alphanumeric() || matches!(it, '-' | '_' | '.' | ' '));
    is_name && !tags::is_html(&name.to_ascii_lowercase())
}

/// Makes a text ready for the parser.
pub fn prepare(text: &str, reading: Reading) -> Prepared {
    let mut tags = Out::default();
    tags::rewrite(text, reading, &mut tags);
    let mut lines = Out::default();
    lines::rewrite(&tags.text, reading, &mut lines);
    let first = tags.map.clone();
    let mut notes = tags.notes;
    notes.extend(lines.notes.into_iter().map(|it| Note {
        span: first.origin(it.span.start)..first.origin(it.span.end).max(first.origin(it.span.start)),
        ..it
    }));
    notes.sort_by_key(|it| it.span.start);
    Prepared { text: lines.text, maps: vec![tags.map, lines.map], notes }
}

/// From places in an outcome to places in what it was made of.
#[derive(Clone, Debug, Default)]
struct Map {
    /// Start in the outcome, start in the source, and whether it is a copy.
    pieces: Vec<(usize, usize, bool)>,
}

impl Map {
    fn origin(&self, at: usize) -> usize {
        let after = self.pieces.partition_point(|it| it.0 <= at);
        let Some((start, source, is_copy)) = after.checked_sub(1).and_then(|it| self.pieces.get(it)) else { return at };
        if *is_copy { source + (at - start) } else { *source }
    }
}

/// An outcome that is being written.
#[derive(Default)]
struct Out {
    text: String,
    map: Map,
    notes: Vec<Note>,
}

impl Out {
    /// Copies a part of the source.
    fn copy(&mut self, source: &str, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let follows = self
            .map
            .pieces
            .last()
            .is_some_and(|(start, from, is_copy)| *is_copy && from + (self.text.len() - start) == range.start);
        if !follows {
            self.map.pieces.push((self.text.len(), range.start, true));
        }
        self.text.push_str(&source[range]);
    }

    /// Writes what is not in the source; it stands for what is at `at`.
    fn put(&mut self, text: &str, at: usize) {
        if !text.is_empty() {
            self.map.pieces.push((self.text.len(), at, false));
            self.text.push_str(text);
        }
    }

    /// Ends the line, and leaves a blank one unless there is one.
    fn blank_line(&mut self, prefix: &str, at: usize) {
        if self.text.is_empty() || self.text.ends_with("\n\n") {
            return;
        }
        if !self.text.ends_with('\n') {
            self.put("\n", at);
        }
        self.put(prefix, at);
        self.put("\n", at);
    }

    /// Notes what was taken out or reads as something else now.
    fn note(&mut self, span: Range<usize>, is_lost: bool, message: impl Into<String>) {
        self.notes.push(Note { span, message: message.into(), is_lost });
    }
}

/// Where the code spans of a text can end: the runs of backticks, found once.
/// Looking for the end from each of them would read a long paragraph without an
/// end once for each.
#[derive(Debug, Default)]
struct CodeSpans {
    /// Where the runs of each length begin.
    runs: BTreeMap<usize, Vec<usize>>,
    /// The line breaks that end a paragraph.
    breaks: Vec<usize>,
}

impl CodeSpans {
    fn new(text: &str) -> Self {
        let mut spans = Self::default();
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(n) = text[at..].find(['`', '\n']) {
            at += n;
            if bytes[at] == b'`' {
                let run = bytes[at..].iter().take_while(|it| **it == b'`').count();
                spans.runs.entry(run).or_default().push(at);
                at += run;
            } else {
                at += 1;
                if bytes[at..].starts_with(b"\n") || bytes[at..].starts_with(b"\r\n") {
                    spans.breaks.push(at - 1);
                }
            }
        }
        spans
    }

    /// Where a code span ends that begins at `at` with so many backticks; `None`
    /// where it is not closed in its paragraph.
    fn end(&self, at: usize, ticks: usize) -> Option<usize> {
        let runs = self.runs.get(&ticks)?;
        let inner = at + ticks;
        let close = *runs.get(runs.partition_point(|it| *it < inner))?;
        let paragraph_end = self.breaks.get(self.breaks.partition_point(|it| *it < inner));
        paragraph_end.is_none_or(|it| *it > close).then_some(close + ticks)
    }
}

/// The mark that opens a fence of code on a line, behind white space, quotes
/// and list marks.
fn fence(line: &str) -> Option<(char, usize)> {
    let mut rest = line.trim_start_matches([' ', '\t', '>']);
    // A fence may begin right behind the mark of a list.
    if let Some(after) = rest.strip_prefix(['-', '*', '+']).and_then(|it| it.strip_prefix(' ')) {
        rest = after.trim_start();
    } else {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0
            && let Some(after) = rest[digits..].strip_prefix(['.', ')']).and_then(|it| it.strip_prefix(' '))
        {
            rest = after.trim_start();
        }
    }
    let mark = rest.chars().next().filter(|it| matches!(it, '`' | '~'))?;
    let n = rest.chars().take_while(|it| *it == mark).count();
    // Behind backticks on the same line no other may follow: that is a code span.
    (n >= 3 && (mark == '~' || !rest[n..].contains('`'))).then_some((mark, n))
}

/// Whether a line closes the fence that `open` opened.
fn closes(line: &str, open: (char, usize)) -> bool {
    let rest = line.trim_start_matches([' ', '\t', '>']).trim_end();
    rest.chars().count() >= open.1 && rest.chars().all(|it| it == open.0)
}
