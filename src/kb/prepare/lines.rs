//! What is decided line by line: where tables begin and end, callouts, and what
//! belongs to a site generator.

use std::ops::Range;

use super::{CodeSpans, Out, Reading, closes, fence};

/// Callouts that the parser knows itself.
const KNOWN_CALLOUTS: [&str; 5] = ["note", "tip", "important", "warning", "caution"];

/// Names of callouts that warn.
const WARNINGS: [&str; 8] = ["warning", "caution", "danger", "important", "error", "bug", "attention", "critical"];

/// A line without its end, and where it stands.
#[derive(Clone, Debug)]
struct Line<'a> {
    text: &'a str,
    /// With its end.
    span: Range<usize>,
}

/// Rewrites a whole file.
pub fn rewrite(text: &str, reading: Reading, out: &mut Out) {
    let mut lines = Vec::new();
    let mut at = 0;
    for it in text.split_inclusive('\n') {
        lines.push(Line { text: it.trim_end_matches(['\n', '\r']), span: at..at + it.len() });
        at += it.len();
    }
    let last_close = lines.iter().rposition(|it| {
        let mark = it.text.trim();
        mark.len() >= 3 && mark.bytes().all(|it| it == b':')
    });
    let code = CodeSpans::new(text);
    let mut rewriter = Rewriter { text, code, lines, last_close, reading, out, callouts: Vec::new(), n_notes: 0 };
    let mut at = rewriter.front_matter();
    let mut open_fence = None;
    while at < rewriter.lines.len() {
        let line = rewriter.lines[at].clone();
        if let Some(open) = open_fence {
            if closes(line.text, open) {
                open_fence = None;
            }
            rewriter.copy(&line);
            at += 1;
        } else if let Some(open) = fence(line.text) {
            open_fence = Some(open);
            rewriter.copy(&line);
            at += 1;
        } else if let Some(next) = rewriter.callout(at) {
            at = next;
        } else if let Some(next) = rewriter.table(at) {
            at = next;
        } else {
            rewriter.line(&line);
            at += 1;
        }
    }
}

struct Rewriter<'a, 'o> {
    text: &'a str,
    code: CodeSpans,
    lines: Vec<Line<'a>>,
    /// The last line that closes a block of colons.
    last_close: Option<usize>,
    reading: Reading,
    out: &'o mut Out,
    /// The blocks that are open; whether they are callouts, and not tabs or the like.
    callouts: Vec<bool>,
    /// How many of them are callouts.
    n_notes: usize,
}

impl Rewriter<'_, '_> {
    /// Copies the settings at the head; the number of their lines.
    fn front_matter(&mut self) -> usize {
        let Some(mark) = self.lines.first().map(|it| it.text.trim_end()).filter(|it| matches!(*it, "---" | "+++"))
        else {
            return 0;
        };
        let end = self.lines.iter().skip(1).position(|it| it.text.trim_end() == mark);
        let Some(end) = end.map(|it| it + 2) else { return 0 };
        let end_byte = self.lines[end - 1].span.end;
        self.out.copy(self.text, 0..end_byte);
        end
    }

    /// The mark of the callouts that are open.
    fn prefix(&self) -> &'static str {
        if self.n_notes > 0 { "> " } else { "" }
    }

    fn enter(&mut self, is_note: bool) {
        self.callouts.push(is_note);
        self.n_notes += usize::from(is_note);
    }

    fn leave(&mut self) {
        self.n_notes -= usize::from(self.callouts.pop() == Some(true));
    }

    fn copy(&mut self, line: &Line<'_>) {
        let prefix = self.prefix();
        self.out.put(prefix, line.span.start);
        self.out.copy(self.text, line.span.clone());
    }

    /// A line that is no table, without what belongs to a site generator.
    fn line(&mut self, line: &Line<'_>) {
        let trimmed = line.text.trim();
        let is_module = (trimmed.starts_with("import ")
            && (trimmed.contains(" from ") || trimmed.starts_with("import '") || trimmed.starts_with("import \"")))
            && trimmed.contains(['\'', '"'])
            || trimmed.starts_with("export const ")
            || trimmed.starts_with("export default ");
        if is_module {
            self.out.note(line.span.clone(), true, format!("the script {:?} is left out", shown(trimmed)));
            self.out.put("\n", line.span.start);
            return;
        }
        let prefix = self.prefix();
        self.out.put(prefix, line.span.start);
        self.without_templates(line.span.clone());
    }

    /// Copies a range of one line but for the marks of templates.
    fn without_templates(&mut self, range: Range<usize>) {
        let text = self.text;
        let mut start = range.start;
        let mut at = range.start;
        let mut taken = false;
        let whole = text[range.clone()].trim();
        let is_inside =
            !(whole.starts_with("[!INCLUDE") && whole.ends_with(']') && whole.matches("[!INCLUDE").count() == 1);
        let mut unclosed = Vec::new();
        while at < range.end {
            let rest = &text[at..range.end];
            if rest.starts_with('`') {
                let run = rest.bytes().take_while(|it| *it == b'`').count();
                at = self.code.end(at, run).filter(|it| *it <= range.end).unwrap_or(at + run);
                continue;
            }
            if let Some(escaped) = rest.strip_prefix('\\') {
                at += 1 + escaped.chars().next().map_or(0, char::len_utf8);
                continue;
            }
            if let Some((n, instead)) = template(rest, is_inside, &mut unclosed) {
                let mark = &rest[..n];
                self.out.copy(text, start..at);
                self.out.put(&instead, at);
                let what = if instead.is_empty() { "is left out" } else { "is kept as text" };
                let is_lost = instead.is_empty() && !mark.starts_with("{:");
                self.out.note(at..at + n, is_lost, format!("the template mark {:?} {what}", shown(mark)));
                at += n;
                start = at;
                taken = true;
                continue;
            }
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
        self.out.copy(text, start..range.end);
        // A line that held nothing else ends its paragraph.
        if taken && text[range.clone()].ends_with('\n') {
            let line_start = self.out.text[..self.out.text.len() - 1].rfind('\n').map_or(0, |it| it + 1);
            if self.out.text[line_start..].trim().is_empty() {
                self.out.put("\n", range.end.saturating_sub(1));
            }
        }
    }

    /// A callout that begins on a line; the line behind what was read of it.
    fn callout(&mut self, at: usize) -> Option<usize> {
        let line = self.lines[at].clone();
        let trimmed = line.text.trim();
        if let Some(rest) = trimmed.strip_prefix(":::") {
            let rest = rest.trim_start_matches(':').trim();
            if rest.is_empty() || rest.ends_with("-end") {
                self.leave();
                self.out.put("\n", line.span.start);
                return Some(at + 1);
            }
            if rest.starts_with("image ")
                || rest.starts_with("row")
                || rest.starts_with("column")
                || rest.contains(":::")
            {
                self.out.note(line.span.clone(), false, format!("the mark {:?} is left out", shown(trimmed)));
                self.out.put("\n", line.span.start);
                return Some(at + 1);
            }
            if self.last_close.is_none_or(|it| it <= at) {
                self.out.note(line.span.clone(), false, format!("the mark {:?} is left out", shown(trimmed)));
                self.out.put("\n", line.span.start);
                return Some(at + 1);
            }
            let name = name(rest.trim_start_matches('{'));
            let title = rest[name.len()..].trim().trim_matches(['[', ']', '{', '}', '"', ' ']).to_owned();
            let is_note = !["moniker", "zone", "tabs", "tab", "code", "details"].contains(&name.as_str());
            self.enter(is_note);
            self.open(&line, &name, &title, is_note);
            return Some(at + 1);
        }
        let mark = ["!!! ", "??? ", "???+ ", "=== "].into_iter().find(|it| trimmed.starts_with(it));
        if let Some(mark) = mark {
            let rest = &trimmed[mark.len()..];
            let is_note = mark != "=== ";
            if !is_note && !rest.starts_with('"') {
                return None;
            }
            let name = name(rest);
            let title = rest[name.len()..].trim().trim_matches('"').to_owned();
            let indent = line.text.len() - line.text.trim_start().len();
            self.enter(is_note);
            self.open(&line, &name, &title, is_note);
            let mut next = at + 1;
            while let Some(line) = self.lines.get(next).cloned() {
                let own = line.text.len() - line.text.trim_start().len();
                if line.text.trim().is_empty() {
                    self.copy(&line);
                } else if own >= indent + 4 || (own > indent && line.text[indent..].starts_with('\t')) {
                    let prefix = self.prefix();
                    self.out.put(prefix, line.span.start);
                    let cut = line.text.bytes().take(indent + 4).take_while(|it| matches!(it, b' ' | b'\t')).count();
                    self.without_templates(line.span.start + cut..line.span.end);
                } else {
                    break;
                }
                next += 1;
            }
            self.leave();
            self.out.put("\n", line.span.end);
            return Some(next);
        }
        // `> [!INFO]`, `> [!div class="…"]`: kinds that the parser does not know.
        let quoted = trimmed.strip_prefix('>').map(str::trim_start);
        if let Some(kind) = quoted.and_then(|it| it.strip_prefix("[!")).and_then(|it| it.strip_suffix(']')) {
            if KNOWN_CALLOUTS.contains(&kind.to_ascii_lowercase().as_str()) {
                return None;
            }
            let kind = name(kind).to_ascii_lowercase();
            let known = if WARNINGS.contains(&kind.as_str()) { "WARNING" } else { "NOTE" };
            let indent = line.text.len() - line.text.trim_start().len();
            self.out.put(&format!("{}> [!{known}]\n", &line.text[..indent]), line.span.start);
            return Some(at + 1);
        }
        None
    }

    /// Writes the head of a callout.
    fn open(&mut self, line: &Line<'_>, name: &str, title: &str, is_note: bool) {
        let at = line.span.start;
        let indent = &line.text[..line.text.len() - line.text.trim_start().len()];
        if !is_note {
            self.out.blank_line("", at);
            if !title.is_empty() {
                self.out.put(&format!("**{}**\n\n", title.replace('*', "")), at);
            }
            return;
        }
        let known = if WARNINGS.contains(&name.to_ascii_lowercase().as_str()) { "WARNING" } else { "NOTE" };
        self.out.blank_line("", at);
        self.out.put(&format!("{indent}> [!{known}]\n"), at);
        if !title.is_empty() {
            self.out.put(&format!("{indent}> {title}\n"), at);
        }
    }

    /// A table that begins on a line, up to the line behind it.
    fn table(&mut self, at: usize) -> Option<usize> {
        let head = self.lines[at].clone();
        let (prefix, first) = split_prefix(head.text);
        if !first.contains('|') {
            return None;
        }
        let second = self.lines.get(at + 1)?.clone();
        let has_delimiter = is_delimiter(bare(second.text));
        // A head that is shorter than the line below it is made as long.
        let own = cells(first).len();
        let columns = if has_delimiter { own.max(cells(bare(second.text)).len()) } else { own };
        let is_lost = !has_delimiter && self.is_table_without_delimiter(at, columns);
        if !has_delimiter && !is_lost {
            return None;
        }
        if has_delimiter && own == 1 && !first.trim_start().starts_with('|') {
            return None;
        }
        // Below it, lines begin with what a list mark takes.
        let below: String = prefix.chars().map(|it| if matches!(it, '>' | '\t' | ' ') { it } else { ' ' }).collect();
        let quote: String = below.trim_end().into();
        let is_in_marker = prefix != below;
        let before = at.checked_sub(1).map_or("", |it| self.lines[it].text);
        if !is_in_marker && !bare(before).trim().is_empty() {
            let outer = self.prefix();
            self.out.blank_line(&format!("{outer}{quote}"), head.span.start);
        }
        self.row(&head, own, columns, true);
        if own < columns {
            let end = self.out.text.trim_end().len();
            self.out.text.truncate(end);
            let close = if first.trim_end().ends_with('|') { "" } else { " |" };
            self.out.put(&format!("{close}{}\n", " |".repeat(columns - own)), second.span.start);
        }
        let outer = self.prefix();
        self.out.put(&format!("{outer}{below}{}|\n", "|---".repeat(columns)), second.span.start);
        let mut next = at + 1 + usize::from(has_delimiter);
        while let Some(line) = self.lines.get(next).cloned() {
            let content = bare(line.text);
            if !content.contains('|') || content.trim().is_empty() || fence(line.text).is_some() {
                break;
            }
            // Two tables without a line between them.
            if self.lines.get(next + 1).is_some_and(|it| is_delimiter(bare(it.text)))
                && next > at + 2
                && cells(content).len() > 1
            {
                break;
            }
            let written = cells(content).len();
            // Without outer pipes, a row that begins with one begins with an empty cell.
            let is_open = !first.starts_with('|') && content.starts_with('|') && !content.trim_end().ends_with('|');
            if is_open && written + 1 == columns {
                self.out.put("| ", line.span.start);
            }
            self.row(&line, written, columns, false);
            next += 1;
        }
        let outer = self.prefix();
        if self.lines.get(next).is_some_and(|it| !it.text.trim_matches([' ', '\t', '>']).is_empty()) {
            let end = self.lines[next].span.start;
            if !self.out.text.ends_with('\n') {
                self.out.put("\n", end);
            }
            self.out.put(&format!("{outer}{quote}\n"), end);
        }
        Some(next)
    }

    /// Lines with pipes at both ends that all have as many cells, and no line
    /// below the first: a table that lost its second line.
    fn is_table_without_delimiter(&self, at: usize, columns: usize) -> bool {
        let is_row = |line: &Line<'_>| {
            let content = bare(line.text).trim();
            content.starts_with('|') && content.ends_with('|') && content.len() > 2 && cells(content).len() == columns
        };
        let is_first = at == 0 || !is_row(&self.lines[at - 1]);
        self.reading == Reading::Found
            && columns > 1
            && is_first
            && self.lines[at..].iter().take(2).take_while(|it| is_row(it)).count() == 2
    }

    /// A row, with the pipes of its code kept from ending cells where that gives
    /// it the width of the head.
    fn row(&mut self, line: &Line<'_>, written: usize, columns: usize, is_head: bool) {
        let outer = self.prefix();
        self.out.put(outer, line.span.start);
        let content = bare(line.text);
        // A cell that begins like the item of a list is still a cell.
        if !split_prefix(content).0.is_empty()
            && written == columns
            && columns > 1
            && !content.starts_with('|')
            && !is_head
        {
            self.out.put("| ", line.span.start);
        }
        let in_code = if written > columns { pipes_in_code(content) } else { Vec::new() };
        let offset = line.span.start + (line.text.len() - content.len());
        if in_code.is_empty() || written - in_code.len() > columns {
            self.without_templates(line.span.clone());
        } else {
            let mut start = line.span.start;
            for it in in_code {
                self.out.copy(self.text, start..offset + it);
                self.out.put("\\", offset + it);
                start = offset + it;
            }
            self.out.copy(self.text, start..line.span.end);
        }
        if !self.out.text.ends_with('\n') {
            self.out.put("\n", line.span.end);
        }
    }
}

/// A line behind white space and the marks of quotes.
fn bare(line: &str) -> &str {
    line.trim_start_matches([' ', '\t', '>', '\u{a0}'])
}

/// What stands before the text of a line: white space, quotes, marks of lists.
fn split_prefix(line: &str) -> (&str, &str) {
    let mut rest = bare(line);
    loop {
        let after = rest.strip_prefix(['-', '*', '+']).or_else(|| {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            rest[digits..].strip_prefix(['.', ')']).filter(|_| digits > 0)
        });
        match after.filter(|it| it.starts_with([' ', '\t'])) {
            Some(after) => rest = after.trim_start_matches([' ', '\t', '>']),
            None => break,
        }
    }
    line.split_at(line.len() - rest.len())
}

/// Whether a text is the second line of a table.
fn is_delimiter(text: &str) -> bool {
    let text = text.trim_matches([' ', '\t', '\u{a0}', '\r']);
    let is_cell = |it: &str| {
        let it = it.trim_matches([' ', '\t', '\u{a0}']);
        let dashes = it.trim_start_matches(':').trim_end_matches(':');
        !dashes.is_empty() && dashes.chars().all(|it| it == '-') && it.len() - dashes.len() <= 2
    };
    let inner = text.strip_prefix('|').unwrap_or(text);
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    text.contains('|') && inner.split('|').all(is_cell)
}

/// The cells of a row as GitHub splits it: at every pipe without a backslash.
fn cells(text: &str) -> Vec<&str> {
    let text = text.trim();
    let text = text.strip_prefix('|').unwrap_or(text);
    let mut cells = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (at, char) in text.char_indices() {
        if char == '|' && !escaped {
            cells.push(&text[start..at]);
            start = at + 1;
        }
        escaped = char == '\\' && !escaped;
    }
    if !text[start..].trim().is_empty() || cells.is_empty() {
        cells.push(&text[start..]);
    }
    cells
}

/// The places of the pipes inside code spans that have no backslash.
fn pipes_in_code(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let code = CodeSpans::new(text);
    let mut at = 0;
    while let Some(n) = text[at..].find('`') {
        at += n;
        let run = text[at..].bytes().take_while(|it| *it == b'`').count();
        let Some(end) = code.end(at, run) else {
            at += run;
            continue;
        };
        let inner = &text[at..end];
        found.extend(inner.match_indices('|').map(|it| at + it.0).filter(|it| !text[..*it].ends_with('\\')));
        at = end;
    }
    found
}

/// The mark of a template at the head of a text: its length, and what is left of
/// it. `unclosed` are the ends that were looked for in vain on this line before.
fn template(text: &str, is_inside: bool, unclosed: &mut Vec<&'static str>) -> Option<(usize, String)> {
    let mut find = |text: &str, close: &'static str| {
        if unclosed.contains(&close) {
            return None;
        }
        let found = text.find(close);
        if found.is_none() {
            unclosed.push(close);
        }
        found
    };
    let pairs = [("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}")];
    for (open, close) in pairs {
        if let Some(rest) = text.strip_prefix(open)
            && let Some(n) = find(rest, close)
        {
            let inner = rest[..n].trim();
            let length = open.len() + n + close.len();
            // A reference to a page stands for its address.
            let target = ["ref ", "relref ", "link "].iter().find_map(|it| inner.strip_prefix(it));
            let left = target.map(|it| it.trim().trim_matches('"').replace(' ', "%20")).unwrap_or_default();
            return Some((length, left));
        }
    }
    // Attributes of kramdown: `{: .note}`, `{:target="_blank"}`.
    if let Some(rest) = text.strip_prefix("{:")
        && let Some(n) = rest.find(['{', '}'])
        && rest[n..].starts_with('}')
    {
        return Some((2 + n + 1, String::new()));
    }
    if let Some(rest) = text.strip_prefix("[!") {
        if let Some(tail) = rest.strip_prefix("INCLUDE") {
            let n = if tail.trim_start().starts_with('[') { find(tail, ")]")? + 2 } else { find(tail, "]")? + 1 };
            // Inside a sentence an include is most often the name of a product: its own name stays.
            let name = tail.trim_start().strip_prefix('[').and_then(|it| it.split_once(']')).map(|it| it.0);
            let left = name.filter(|_| is_inside).map(|it| it.replace('_', " ")).unwrap_or_default();
            return Some((2 + "INCLUDE".len() + n, left));
        }
        // Words of an interface as Adobe marks them.
        for name in ["DNL ", "UICONTROL "] {
            if let Some(tail) = rest.strip_prefix(name)
                && let Some(n) = find(tail, "]")
            {
                return Some((2 + name.len() + n + 1, tail[..n].into()));
            }
        }
    }
    None
}

/// The word at the head of a text.
fn name(text: &str) -> String {
    text.chars().take_while(|it| it.is_alphanumeric() || matches!(it, '-' | '_')).collect()
}

fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::{cells, is_delimiter, pipes_in_code};

    #[test]
    fn a_delimiter_is_told_from_a_row() {
        for it in ["|---|---|", "---|---", "|-|-|", "| :-- | --: |", "|---|", "|:-:|:-:|\u{a0}"] {
            assert!(is_delimiter(it), "{it}");
        }
        for it in ["---", "| a | - |", "||", "|", "a | b"] {
            assert!(!is_delimiter(it), "{it}");
        }
    }

    #[test]
    fn cells_are_counted_as_they_are_shown() {
        assert_eq!(cells("| a | b |"), [" a ", " b "]);
        assert_eq!(cells("a | b"), ["a ", " b"]);
        assert_eq!(cells(r"| a \| b | `c` |").len(), 2);
        assert_eq!(cells("| a | | |").len(), 3);
        assert_eq!(pipes_in_code("`a | b` | c"), [3]);
    }
}
