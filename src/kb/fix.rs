//! Changes that are safe to make without asking an author: each leaves what a
//! reader of the Markdown sees as it is, or puts the one name in the place of a
//! slip that can have been meant. Finds them and applies them; writes nothing.

use std::ops::Range;

use super::diagnostic::{Fix, only_near};
use super::parse::Book;
use super::source::Source;

/// A file with its fixes made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// Path relative to the knowledge base.
    pub path: String,
    /// All of it, with the line ends and the byte order mark that it had.
    pub bytes: Vec<u8>,
    /// Positions in [`Book::diagnostics`] of what was fixed.
    pub made: Vec<usize>,
}

impl Book {
    /// The files that change when every fix is made that the findings carry.
    /// What overlaps with another fix waits for the next reading.
    pub fn fixed(&self) -> Vec<Fixed> {
        let mut paths: Vec<&str> =
            self.diagnostics.iter().filter(|it| it.fix.is_some()).map(|it| it.file.as_str()).collect();
        paths.sort_unstable();
        paths.dedup();
        paths.into_iter().filter_map(|path| self.fixed_file(path)).collect()
    }

    fn fixed_file(&self, path: &str) -> Option<Fixed> {
        let source = self.source(path)?;
        let findings = self.diagnostics.iter().enumerate().filter(|(_, it)| it.file == path);
        let mut fixes: Vec<(usize, &Fix)> = findings.filter_map(|(at, it)| Some((at, it.fix.as_ref()?))).collect();
        fixes.sort_by_key(|(_, it)| (it.span.start, it.span.end));
        let mut text = source.text.clone();
        let mut made = Vec::new();
        let mut first_changed = usize::MAX;
        // From last to first, so that the places before stay true.
        for (at, it) in fixes.into_iter().rev() {
            let is_apart = it.span.end <= first_changed && it.span.start < first_changed;
            if is_apart && text.get(it.span.clone()).is_some() {
                text.replace_range(it.span.clone(), &it.text);
                first_changed = it.span.start;
                made.push(at);
            }
        }
        made.reverse();
        (text != source.text).then(|| Fixed { path: path.into(), bytes: source.with_mark(&text), made })
    }
}

/// One known name in the place of one that is not known and near to no other.
/// Only where it stands once in the span: else it may be meant elsewhere.
pub(super) fn rename<'a>(
    source: &Source,
    span: &Range<usize>,
    name: &str,
    known: impl Iterator<Item = &'a str>,
) -> Option<Fix> {
    let new = only_near(name, known)?;
    let text = source.text.get(span.clone())?;
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_');
    let mut places = text.match_indices(name).filter(|(at, _)| {
        !text[..*at].ends_with(is_part) && !text[at + name.len()..].starts_with(is_part) && !name.is_empty()
    });
    let (at, _) = places.next()?;
    if places.next().is_some() {
        return None;
    }
    let start = span.start + at;
    Some(Fix::new(source, start..start + name.len(), new))
}

/// A row with as many cells as its header: empty cells added at its end, where
/// all that `needs` a text has one, or empty ones taken from its end.
pub(super) fn cells(
    source: &Source,
    row: &Range<usize>,
    n_written: usize,
    columns: usize,
    needs: &[usize],
) -> Option<Fix> {
    let row = trimmed(source, row)?;
    let text = &source.text[row.clone()];
    let pipes = pipes(text);
    let opens = pipes.first() == Some(&0);
    let closes = pipes.len() > usize::from(opens) && pipes.last() == Some(&(text.len() - 1));
    let written = pipes.len() + 1 - usize::from(opens) - usize::from(closes);
    // What is no row of pipes in the source was read in another way.
    if written != n_written || pipes.is_empty() {
        return None;
    }
    if written < columns {
        let end = if closes { "" } else { " |" };
        let added = format!("{end}{}", " |".repeat(columns - written));
        return needs.iter().all(|it| *it < written).then(|| Fix::new(source, row.end..row.end, added));
    }
    // The pipe that ends the last cell of the header's width.
    let end = row.start + *pipes.get(columns.checked_sub(1)? + usize::from(opens))? + 1;
    let surplus = source.text[end..row.end].chars().all(|it| it == '|' || it.is_whitespace());
    (surplus && end < row.end).then(|| Fix::new(source, end..row.end, ""))
}

/// The line of dashes below the header of what should be a table, which begins
/// where the span does.
pub(super) fn delimiter(source: &Source, span: &Range<usize>) -> Option<Fix> {
    let start = trimmed(source, span)?.start;
    // Inside lists and quotes a line begins with more than spaces.
    let line_start = source.line_start(start);
    let indent = &source.text[line_start..start];
    if indent.len() > 3 || indent.contains(|it| it != ' ') {
        return None;
    }
    let is_row = |line: &str| line.trim_start().starts_with('|');
    let is_delimiter =
        |line: &str| line.contains('-') && line.trim().chars().all(|it| matches!(it, '|' | '-' | ':' | ' '));
    let above = source.text[..line_start].lines().next_back().unwrap_or_default();
    let mut lines = source.text[line_start..].split_inclusive('\n');
    let (head, next) = (lines.next()?, lines.next()?);
    let is_head = !is_row(above) && is_row(head) && is_row(next) && !is_delimiter(next);
    let inner = head.trim().trim_start_matches('|');
    let n = pipes(inner).len() + usize::from(!inner.ends_with('|'));
    let end_of_line = &head[head.trim_end_matches(['\r', '\n']).len()..];
    let at = line_start + head.len();
    is_head.then(|| Fix::new(source, at..at, format!("{indent}|{}{end_of_line}", "---|".repeat(n))))
}

/// A text without what cannot be seen, and with spaces for its tabs.
pub(super) fn without_controls(source: &Source, span: &Range<usize>) -> Option<Fix> {
    let text = source.text.get(span.clone())?;
    let is_unseen = |it: char| it.is_control() && !matches!(it, '\n' | '\r');
    let start = text.find(is_unseen)?;
    let end = text.rfind(is_unseen).map(|at| at + text[at..].chars().next().map_or(0, char::len_utf8))?;
    let seen: String = text[start..end]
        .chars()
        .filter_map(|it| if it == '\t' { Some(' ') } else { (!is_unseen(it)).then_some(it) })
        .collect();
    Some(Fix::new(source, span.start + start..span.start + end, seen))
}

/// A text without some characters.
pub(super) fn without(source: &Source, span: &Range<usize>, is_one: impl Fn(char) -> bool) -> Option<Fix> {
    let text = source.text.get(span.clone())?;
    let start = text.find(&is_one)?;
    let end = text.rfind(&is_one).map(|at| at + text[at..].chars().next().map_or(0, char::len_utf8))?;
    let rest: String = text[start..end].chars().filter(|it| !is_one(*it)).collect();
    Some(Fix::new(source, span.start + start..span.start + end, rest))
}

/// Where a setting of the front matter has its value.
pub(super) fn setting(source: &Source, key: &str, value: &str) -> Option<Range<usize>> {
    let mut at = 0;
    for (n, line) in source.text.split_inclusive('\n').enumerate() {
        let start = at;
        at += line.len();
        let is_ruler = line.trim_end() == "---";
        match (n, is_ruler) {
            (0, true) => continue,
            (0, false) | (_, true) => return None,
            _ => {}
        }
        let Some(rest) = line.strip_prefix(key).and_then(|it| it.strip_prefix(':')) else { continue };
        if rest.trim().trim_matches(['"', '\'']) == value {
            let value_at = start + line.rfind(value)?;
            return Some(value_at..value_at + value.len());
        }
    }
    None
}

/// A span without the white space at its ends.
fn trimmed(source: &Source, span: &Range<usize>) -> Option<Range<usize>> {
    let text = source.text.get(span.clone())?;
    let start = span.start + (text.len() - text.trim_start().len());
    Some(start..start + text.trim().len())
}

/// Places of the pipes that have no backslash, as GitHub splits.
fn pipes(line: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut escaped = false;
    for (at, char) in line.char_indices() {
        if char == '|' && !escaped {
            found.push(at);
        }
        escaped = char == '\\' && !escaped;
    }
    found
}
