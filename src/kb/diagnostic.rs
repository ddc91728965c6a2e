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
    /// Stable name of the kind of finding, such as `missing-resolution`.
    pub code: &'static str,
    /// Path of the file, relative to the knowledge base.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Where in the file, in bytes.
    pub span: Range<usize>,
    /// Lower case, no full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The entry it is about.
    pub id: Option<String>,
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
        let (line, column) = source.position(span.start);
        Self { severity, code, file: source.path.clone(), line, column, span, message, hint: None, id: None }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(super) fn about(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }
}

/// "; did you mean …": the known name that is nearest to a name that is not known.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    known
        .map(|it| (edits(name, it), it))
        .filter(|(edits, it)| *edits <= it.len().max(name.len()).div_ceil(3))
        .min()
        .map(|(_, it)| format!("did you mean \"{it}\"?"))
}

/// Levenshtein distance in bytes: names are slugs.
fn edits(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.bytes().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
