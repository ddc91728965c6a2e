//! What the compiler says about a knowledge base.

use std::ops::Range;

use serde::Serialize;

use super::source::Source;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The knowledge base can be built; an author should look.
    Warning,
    /// The knowledge base cannot be built.
    Error,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Stable name of the kind of finding, such as `missing-resolution`; all
    /// of them are in [`CODES`](super::CODES).
    pub code: &'static str,
    /// Path of the file, relative to the knowledge base.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The line in which it ends.
    pub end_line: usize,
    /// The column behind its last character.
    pub end_column: usize,
    /// Where in the file, in bytes, not counting a byte order mark.
    pub span: Range<usize>,
    /// Lower case, no full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The entry it is about.
    pub id: Option<String>,
    /// A change that does it, where one is safe to make without asking.
    pub fix: Option<Fix>,
}

/// A change to the file of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// Line of what is replaced, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The line in which it ends.
    pub end_line: usize,
    /// The column behind its last character.
    pub end_column: usize,
    /// What is replaced, in bytes as in the finding; empty where text is added.
    pub span: Range<usize>,
    /// What stands there afterwards.
    pub text: String,
}

impl Diagnostic {
    /// A finding that keeps the knowledge base from being built.
    pub(super) fn error(code: &'static str, source: &Source, span: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, source, span, message.into())
    }

    /// A finding that an author should look at.
    pub(super) fn warning(code: &'static str, source: &Source, span: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, source, span, message.into())
    }

    fn new(severity: Severity, code: &'static str, source: &Source, span: Range<usize>, message: String) -> Self {
        // The parser counts a line's end to the row before it, and the spaces at its ends to a cell.
        let text = source.text.get(span.clone()).unwrap_or_default();
        let spaces = text.len() - text.trim_start().len();
        let span = if text.trim().is_empty() { span } else { span.start + spaces..span.start + text.trim_end().len() };
        let (line, column) = source.position(span.start);
        let (end_line, end_column) = source.position(span.end);
        let file = source.path.clone();
        Self {
            severity,
            code,
            file,
            line,
            column,
            end_line,
            end_column,
            span,
            message,
            hint: None,
            id: None,
            fix: None,
        }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(super) fn about(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Adds what would do it, where there is something.
    pub(super) fn fixed_by(mut self, fix: Option<Fix>) -> Self {
        self.fix = fix;
        self
    }
}

impl Fix {
    pub(super) fn new(source: &Source, span: Range<usize>, text: impl Into<String>) -> Self {
        let (line, column) = source.position(span.start);
        let (end_line, end_column) = source.position(span.end);
        Self { line, column, end_line, end_column, span, text: text.into() }
    }
}

/// "; did you mean …": the known name that is nearest to a name that is not known.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    near(name, known).min().map(|(_, it)| format!("did you mean \"{it}\"?"))
}

/// The known name that is near to a name that is not known, if there is one only
/// and the difference can be a slip: in a short name each letter may be meant.
pub(super) fn only_near<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut found = near(name, known);
    let (edits, first) = found.next()?;
    let is_slip = edits <= MAX_SLIPS && name.len() >= MIN_SLIP_BYTES && first.len() >= MIN_SLIP_BYTES;
    (is_slip && found.next().is_none()).then_some(first)
}

/// Most letters in which a slip differs: two neighbours that changed places are two.
const MAX_SLIPS: usize = 2;

/// Longest name that is compared: comparing takes the square of it, and an id
/// made of a symptom without an end is no slip for another.
const MAX_NEAR_BYTES: usize = 200;

/// Shortest name in which a slip is corrected.
const MIN_SLIP_BYTES: usize = 4;

/// The known names that differ in every third letter at most, and by how many.
fn near<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> impl Iterator<Item = (usize, &'a str)> {
    let known = known.filter(|it| it.len().max(name.len()) <= MAX_NEAR_BYTES);
    known.filter_map(|it| Some((edits_within(name, it, it.len().max(name.len()).div_ceil(3))?, it)))
}

/// Levenshtein distance in bytes: names are slugs.
pub(super) fn edits(a: &str, b: &str) -> usize {
    edits_within(a, b, usize::MAX).unwrap_or(usize::MAX)
}

/// The same up to a limit: most names are soon seen to be too far away.
fn edits_within(a: &str, b: &str, limit: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        let mut least = row[0];
        for (j, y) in b.bytes().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
            least = least.min(row[j + 1]);
        }
        if least > limit {
            return None;
        }
    }
    Some(row[b.len()]).filter(|it| *it <= limit)
}
