//! HTML in Markdown. Tables and lists become their Markdown forms, as their
//! cells may hold Markdown: a parser of HTML pages would read `<T>` in code as a
//! tag, and give entities back as what they stand for.
//!
//! In a text that was found elsewhere other harmless tags become Markdown too,
//! and all others become text.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{CodeSpans, Out, Reading, closes, fence};

/// No tag is longer: what is, is text with a `<` in it.
const MAX_TAG_BYTES: usize = 4000;

/// Lists in lists are indented no further: the parser refuses them long before,
/// and a page of nothing but opened lists would become the square of its size.
const MAX_LIST_DEPTH: usize = 40;

/// Cells that span more columns than this are a mistake.
const MAX_SPAN: usize = 50;

/// Tags that only group or place what is in them.
const WRAPPERS: [&str; 34] = [
    "div",
    "span",
    "p",
    "center",
    "section",
    "article",
    "details",
    "font",
    "main",
    "header",
    "footer",
    "nav",
    "figure",
    "figcaption",
    "small",
    "big",
    "u",
    "ins",
    "abbr",
    "cite",
    "mark",
    "sup",
    "sub",
    "dl",
    "dd",
    "tbody",
    "thead",
    "tfoot",
    "colgroup",
    "col",
    "label",
    "picture",
    "source",
    "wbr",
];

/// Names that HTML knows, beyond those above: written in a text they are HTML,
/// where another name in angle brackets is a place to fill in.
const OTHERS: [&str; 44] = [
    "a",
    "b",
    "i",
    "em",
    "strong",
    "code",
    "tt",
    "samp",
    "pre",
    "kbd",
    "br",
    "hr",
    "img",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "td",
    "th",
    "caption",
    "summary",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "dt",
    "blockquote",
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "button",
    "svg",
    "video",
    "audio",
    "link",
    "meta",
    "base",
];

/// Whether HTML knows a tag of this name.
pub fn is_html(name: &str) -> bool {
    WRAPPERS.contains(&name) || OTHERS.contains(&name)
}

/// A tag in a text.
#[derive(Clone, Debug)]
struct Tag<'a> {
    /// Lower case.
    name: String,
    is_end: bool,
    attributes: &'a str,
    span: Range<usize>,
}

impl Tag<'_> {
    /// The value of an attribute.
    fn get(&self, name: &str) -> Option<&str> {
        let lower = self.attributes.to_ascii_lowercase();
        let mut from = 0;
        while let Some(found) = lower[from..].find(name) {
            let at = from + found;
            let rest = self.attributes[at + name.len()..].trim_start();
            let starts = at == 0 || lower.as_bytes()[at - 1].is_ascii_whitespace();
            if starts && let Some(value) = rest.strip_prefix('=').map(str::trim_start) {
                return Some(match value.chars().next() {
                    Some(quote @ ('"' | '\'')) => value[1..].split(quote).next().unwrap_or_default(),
                    _ => value.split([' ', '\t', '\n', '>', '/']).next().unwrap_or_default(),
                });
            }
            from = at + name.len();
        }
        None
    }

    fn number(&self, name: &str) -> usize {
        self.get(name).and_then(|it| it.trim().parse().ok()).unwrap_or(1).clamp(1, MAX_SPAN)
    }
}

/// The tag that begins at `at`, if one does.
fn tag(text: &str, at: usize) -> Option<Tag<'_>> {
    let rest = text.get(at..)?.strip_prefix('<')?;
    let (is_end, rest) = match rest.strip_prefix('/') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let n = rest.bytes().take_while(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.' | b':')).count();
    if n == 0 || !rest.starts_with(|it: char| it.is_ascii_alphabetic()) {
        return None;
    }
    let (name, behind) = rest.split_at(n);
    if !behind.starts_with(['>', '/', ' ', '\t', '\n', '\r']) || name.contains(':') {
        return None;
    }
    let mut quote = None;
    for (place, char) in behind.char_indices() {
        if place > MAX_TAG_BYTES {
            return None;
        }
        match (quote, char) {
            (None, '>') => {
                let attributes = &behind[..place];
                let end = at + 1 + usize::from(is_end) + n + place + 1;
                return Some(Tag { name: name.to_ascii_lowercase(), is_end, attributes, span: at..end });
            }
            (None, '<') => return None,
            (None, '"' | '\'') => quote = Some(char),
            (Some(open), it) if it == open => quote = None,
            _ => {}
        }
    }
    None
}

/// Rewrites a whole file.
pub fn rewrite(text: &str, reading: Reading, out: &mut Out) {
    let rewriter = Rewriter {
        text,
        code: CodeSpans::new(text),
        last_table_end: text.rfind("</table"),
        unclosed: BTreeSet::new(),
        reading,
        out,
        lists: Vec::new(),
        hrefs: Vec::new(),
        in_row: false,
        components: Vec::new(),
    };
    rewriter.page();
}

struct Rewriter<'a, 'o> {
    text: &'a str,
    code: CodeSpans,
    last_table_end: Option<usize>,
    /// The ends of tags that do not come any more: one that is missing is not
    /// looked for again from each tag that it would close.
    unclosed: BTreeSet<String>,
    reading: Reading,
    out: &'o mut Out,
    /// The lists that are open; whether they are numbered.
    lists: Vec<bool>,
    /// The targets of the links that are open.
    hrefs: Vec<String>,
    /// Whether this line is a row of a table, which must stay one line.
    in_row: bool,
    /// How far what is in each open component is indented, once that is known:
    /// four spaces would make code of it.
    components: Vec<Option<usize>>,
}

impl Rewriter<'_, '_> {
    fn page(mut self) {
        let text = self.text;
        let mut at = 0;
        let mut open_fence = None;
        let mut line_start = true;
        while at < text.len() {
            if line_start {
                line_start = false;
                at += self.indent(&text[at..]);
                let line = text[at..].lines().next().unwrap_or_default();
                let end = text[at..].find('\n').map_or(text.len(), |it| at + it + 1);
                let content = line.trim_start_matches([' ', '\t', '>']);
                self.in_row = content.starts_with('|') || content.matches('|').count() > 1;
                let is_code = if let Some(open) = open_fence {
                    if closes(line, open) {
                        open_fence = None;
                    }
                    true
                } else {
                    open_fence = fence(line);
                    open_fence.is_some()
                };
                if is_code {
                    self.out.copy(text, at..end);
                    at = end;
                    line_start = true;
                    continue;
                }
            }
            match text.as_bytes()[at] {
                b'`' => {
                    let run = text[at..].bytes().take_while(|it| *it == b'`').count();
                    let end = self.code.end(at, run).unwrap_or(at + run);
                    self.out.copy(text, at..end);
                    at = end;
                }
                b'\\' => {
                    let end = text[at + 1..].chars().next().map_or(at + 1, |it| at + 1 + it.len_utf8());
                    // A line that ends in a backslash goes on as a line.
                    let end = if text[at + 1..].starts_with(['\n', '\r']) { at + 1 } else { end };
                    self.out.copy(text, at..end);
                    at = end;
                }
                b'<' => at = self.angle(at),
                b'\n' => {
                    if self.lists.is_empty() {
                        self.out.copy(text, at..at + 1);
                        line_start = true;
                        at += 1;
                    } else {
                        // Inside an HTML list a line break is white space.
                        self.out.put(" ", at);
                        at += 1;
                        at += text[at..].bytes().take_while(|it| matches!(it, b' ' | b'\t' | b'\r' | b'\n')).count();
                    }
                }
                _ => {
                    let end = text[at..].find(['`', '<', '\n', '\\']).map_or(text.len(), |it| at + it);
                    self.out.copy(text, at..end);
                    at = end;
                }
            }
        }
    }

    /// How much of the white space at the head of a line a component adds.
    fn indent(&mut self, rest: &str) -> usize {
        let Some(known) = self.components.last_mut() else { return 0 };
        let own = rest.bytes().take_while(|it| matches!(it, b' ' | b'\t')).count();
        if rest[own..].starts_with(['\n', '\r']) || rest.len() == own {
            return 0;
        }
        own.min(*known.get_or_insert(own))
    }

    /// Reads what begins with `<`; where it ends.
    fn angle(&mut self, at: usize) -> usize {
        let text = self.text;
        if text[at..].starts_with("<!--") {
            let end = text[at..].find("-->").map_or(text.len(), |it| at + it + 3);
            self.out.copy(text, at..end);
            return end;
        }
        let Some(tag) = tag(text, at) else {
            self.out.copy(text, at..at + 1);
            return at + 1;
        };
        let end = tag.span.end;
        match (tag.name.as_str(), tag.is_end) {
            ("table", false) => return self.table(&tag),
            ("ul" | "ol", _) if self.in_row => return end,
            ("li", is_end) if self.in_row => {
                if !is_end {
                    self.out.put("<br>", at);
                }
                return end;
            }
            ("ul" | "ol", false) => {
                if self.lists.is_empty() {
                    self.out.blank_line("", at);
                }
                self.lists.push(tag.name == "ol");
                return end;
            }
            ("ul" | "ol", true) => {
                if self.lists.pop().is_some() && self.lists.is_empty() {
                    self.out.put("\n\n", at);
                }
                return end;
            }
            ("li", false) if !self.lists.is_empty() => {
                let indent = "   ".repeat((self.lists.len() - 1).min(MAX_LIST_DEPTH));
                let mark = if self.lists.last() == Some(&true) { "1. " } else { "-  " };
                if !self.out.text.ends_with('\n') && !self.out.text.is_empty() {
                    self.out.put("\n", at);
                }
                self.out.put(&format!("{indent}{mark}"), at);
                return end;
            }
            ("li", true) => return end,
            _ => {}
        }
        if self.reading == Reading::Authored {
            self.out.copy(text, tag.span);
            return end;
        }
        self.found(&tag, self.in_row)
    }

    /// A tag of a text that was found: Markdown, nothing, or text. `in_cell`:
    /// everything must stay on one line. Where it ends.
    fn found(&mut self, tag: &Tag<'_>, in_cell: bool) -> usize {
        let (at, end) = (tag.span.start, tag.span.end);
        match (tag.name.as_str(), tag.is_end) {
            ("br" | "kbd", _) => self.out.copy(self.text, tag.span.clone()),
            ("b" | "strong", is_end) => self.mark("**", is_end, at),
            ("i" | "em", is_end) => self.mark("*", is_end, at),
            ("code" | "tt" | "samp", false) => return self.code(tag),
            ("pre", false) if in_cell => return self.code(tag),
            ("pre", false) => return self.pre(tag),
            ("code" | "tt" | "samp" | "pre", true) => {}
            ("a", false) => {
                if let Some(href) = tag.get("href").filter(|it| !it.trim().is_empty()) {
                    self.hrefs.push(href.trim().replace([' ', '\n', '\t'], "%20"));
                    self.out.put("[", at);
                } else {
                    self.hrefs.push(String::new());
                }
            }
            ("a", true) => {
                if let Some(href) = self.hrefs.pop().filter(|it| !it.is_empty()) {
                    self.out.put(&format!("](<{href}>)"), at);
                }
            }
            ("img", _) => {
                let alt = tag.get("alt").unwrap_or_default().replace(['[', ']', '\n'], " ");
                let src = tag.get("src").unwrap_or_default().trim().replace([' ', '\n'], "%20");
                if !src.is_empty() {
                    self.out.put(&format!("![{alt}](<{src}>)"), at);
                }
            }
            ("summary" | "dt", is_end) if !in_cell => {
                if is_end {
                    self.trim();
                    self.out.put("**\n\n", at);
                } else {
                    self.out.blank_line("", at);
                    self.out.put("**", at);
                    return end + spaces(&self.text[end..]);
                }
            }
            (name @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6"), is_end) if !in_cell => {
                if is_end {
                    self.out.put("\n\n", at);
                } else {
                    self.out.blank_line("", at);
                    let level = usize::from(name.as_bytes()[1] - b'0');
                    self.out.put(&format!("{} ", "#".repeat(level)), at);
                    return end + spaces(&self.text[end..]);
                }
            }
            ("hr", _) => self.out.put("\n\n", at),
            (
                "p" | "div" | "li" | "tr" | "blockquote" | "section" | "ul" | "ol" | "dd" | "dt" | "summary"
                | "details",
                _,
            ) if in_cell => {
                self.out.put("<br>", at);
            }
            ("td" | "th" | "table", _) if in_cell => self.out.put(" ", at),
            // A paragraph of its own, unless there is nothing in it.
            ("p" | "div" | "details" | "blockquote" | "section" | "dd", _) => {
                let starts_line = self.out.text.ends_with('\n') || self.out.text.is_empty();
                if !starts_line {
                    self.out.blank_line("", at);
                } else if !tag.is_end {
                    self.out.blank_line("", at);
                    return end + spaces(&self.text[end..]);
                }
            }
            (name, _) if WRAPPERS.contains(&name) || ["td", "th", "tr", "li", "table", "caption"].contains(&name) => {}
            (name, _) if !OTHERS.contains(&name) && is_component(&self.text[tag.span.clone()]) => {
                let shown = first_line(&self.text[tag.span.clone()]);
                let is_alone = self.text[tag.span.clone()].ends_with("/>");
                if is_alone {
                    self.out.note(tag.span.clone(), true, format!("the component {shown:?} is left out"));
                } else if tag.is_end {
                    self.components.pop();
                } else {
                    self.out.note(
                        tag.span.clone(),
                        false,
                        format!("of the component {shown:?} the text alone is kept"),
                    );
                    self.components.push(None);
                }
                // What it shows at its head is what it is about.
                if let Some(title) = tag.get("title").filter(|it| !it.trim().is_empty() && !in_cell) {
                    self.out.blank_line("", at);
                    self.out.put(&format!("**{}**\n\n", title.trim()), at);
                }
            }
            (name, _) => {
                // What is no HTML at all is a place to fill in, such as <namespace>.
                if OTHERS.contains(&name) {
                    let shown = first_line(&self.text[tag.span.clone()]);
                    self.out.note(tag.span.clone(), false, format!("the HTML {shown:?} is kept as text"));
                }
                self.out.put("&lt;", at);
                self.out.copy(self.text, at + 1..end);
            }
        }
        end
    }

    /// Opens or closes emphasis; it must not touch white space on its inside.
    fn mark(&mut self, mark: &str, is_end: bool, at: usize) {
        if is_end {
            let trimmed = self.out.text.trim_end_matches([' ', '\t']).len();
            if self.out.text[..trimmed].ends_with(mark) {
                // There was nothing in it.
                self.out.text.truncate(trimmed - mark.len());
                return;
            }
            let had_space = trimmed < self.out.text.len();
            self.out.text.truncate(trimmed);
            self.out.put(mark, at);
            if had_space {
                self.out.put(" ", at);
            }
        } else {
            self.out.put(mark, at);
        }
    }

    fn trim(&mut self) {
        let trimmed = self.out.text.trim_end_matches([' ', '\t', '\n', '\r']).len();
        self.out.text.truncate(trimmed);
    }

    /// How far behind `start` the end of a tag stands.
    fn closing(&mut self, start: usize, close: &str) -> Option<usize> {
        if self.unclosed.contains(close) {
            return None;
        }
        let found = find_ignoring_case(&self.text[start..], close);
        if found.is_none() {
            self.unclosed.insert(close.into());
        }
        found
    }

    /// Code between tags, on one line. Where it ends.
    fn code(&mut self, tag: &Tag<'_>) -> usize {
        let text = self.text;
        let start = tag.span.end;
        let close = format!("</{}>", tag.name);
        let Some(n) = self.closing(start, &close) else {
            return start;
        };
        let code = decoded(&plain_code(&text[start..start + n]));
        let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
        if !code.is_empty() {
            let ticks = "`".repeat(longest_run(&code) + 1);
            let space = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
            self.out.put(&ticks, tag.span.start);
            self.out.put(&format!("{space}{}{space}", code.replace('|', "\\|").replace("\\\\|", "\\|")), start);
            self.out.put(&ticks, start + n);
        }
        start + n + close.len()
    }

    /// Preformatted text. Where it ends.
    fn pre(&mut self, tag: &Tag<'_>) -> usize {
        let start = tag.span.end;
        let Some(n) = self.closing(start, "</pre>") else { return start };
        let code = decoded(&plain_code(&self.text[start..start + n]));
        let fence = "`".repeat(longest_run(&code).max(2) + 1);
        self.out.blank_line("", tag.span.start);
        self.out.put(&format!("{fence}\n{}\n{fence}\n\n", code.trim_matches('\n')), start);
        start + n + "</pre>".len()
    }

    /// A table, as one of pipes. Where it ends.
    fn table(&mut self, tag: &Tag<'_>) -> usize {
        let (rows, end) = rows(self.text, &self.code, self.last_table_end, tag);
        let grid = grid(&rows);
        let n_columns = grid.iter().map(Vec::len).max().unwrap_or_default();
        if n_columns == 0 {
            return end;
        }
        // Inside a list or a quote, each line begins like the first.
        let line_start = self.text[..tag.span.start].rfind('\n').map_or(0, |it| it + 1);
        let before = &self.text[line_start..tag.span.start];
        let prefix: String = if before.trim_matches([' ', '\t', '>']).is_empty() {
            before.into()
        } else {
            before.chars().take_while(|it| matches!(it, ' ' | '\t' | '>')).collect()
        };
        if self.out.text.ends_with(&prefix) && before == prefix {
            let n = self.out.text.len() - prefix.len();
            self.out.text.truncate(n);
        }
        let lists = std::mem::take(&mut self.lists);
        let marker = if before == prefix { prefix.clone() } else { format!("{prefix}   ") };
        self.out.blank_line(prefix.trim_end(), tag.span.start);
        for (at, row) in grid.iter().enumerate() {
            self.out.put(&marker, tag.span.start);
            for column in 0..n_columns {
                let place = rows.get(at).map_or(tag.span.start, |it| it.start);
                self.out.put("| ", place);
                if let Some(Some(cell)) = row.get(column) {
                    self.cell(cell.clone());
                }
                self.out.put(" ", place);
            }
            let row_end = rows.get(at).and_then(|it| it.cells.last()).map_or(end, |it| it.range.end);
            self.out.put("|\n", row_end);
            if at == 0 {
                self.out.put(&format!("{marker}{}|\n", "|---".repeat(n_columns)), row_end);
            }
        }
        self.out.put(prefix.trim_end(), end);
        self.out.put("\n", end);
        self.lists = lists;
        end
    }

    /// The contents of a cell on one line.
    fn cell(&mut self, range: Range<usize>) {
        let text = self.text;
        let mut at = range.start;
        let mut line_start = true;
        while at < range.end {
            let rest = &text[at..range.end];
            if line_start {
                line_start = false;
                let line = rest.lines().next().unwrap_or_default();
                if let Some(open) = fence(line) {
                    at = self.fenced(at, range.end, open);
                    line_start = true;
                    continue;
                }
            }
            match rest.as_bytes()[0] {
                b'`' => {
                    let run = rest.bytes().take_while(|it| *it == b'`').count();
                    let end = self.code.end(at, run).filter(|it| *it <= range.end).unwrap_or(at + run);
                    self.piped(at..end);
                    at = end;
                }
                b'<' => at = self.cell_angle(at, range.end).min(range.end.max(at + 1)),
                b'\n' | b'\r' => {
                    let white = rest.bytes().take_while(|it| matches!(it, b' ' | b'\t' | b'\r' | b'\n')).count();
                    let breaks = rest[..white].matches('\n').count();
                    let next = rest[white..].trim_start();
                    let is_item = next.starts_with("- ") || next.starts_with("* ") || is_numbered(next);
                    self.out.put(if breaks > 1 || is_item { "<br>" } else { " " }, at);
                    at += white;
                    line_start = true;
                }
                _ => {
                    let end = rest.find(['`', '<', '\n', '\r']).map_or(range.end, |it| at + it);
                    self.piped(at..end);
                    at = end;
                }
            }
        }
    }

    fn cell_angle(&mut self, at: usize, end: usize) -> usize {
        let text = self.text;
        if text[at..end].starts_with("<!--") {
            return text[at..end].find("-->").map_or(end, |it| at + it + 3);
        }
        let Some(tag) = tag(text, at).filter(|it| it.span.end <= end) else {
            self.out.copy(text, at..at + 1);
            return at + 1;
        };
        let is_read = [
            "p", "div", "ul", "ol", "li", "b", "strong", "i", "em", "code", "tt", "samp", "pre", "a", "td", "th", "tr",
            "table",
        ]
        .contains(&tag.name.as_str())
            || WRAPPERS.contains(&tag.name.as_str());
        if self.reading == Reading::Authored && !is_read {
            self.piped(tag.span.clone());
            return tag.span.end;
        }
        self.found(&tag, true)
    }

    /// A block of code in a cell: a code span for each of its lines.
    fn fenced(&mut self, at: usize, end: usize, open: (char, usize)) -> usize {
        let mut place = at;
        for (n, line) in self.text[at..end].split_inclusive('\n').enumerate() {
            let start = place;
            place += line.len();
            let shown = line.trim();
            if n == 0 || shown.is_empty() {
                continue;
            }
            if closes(line, open) {
                break;
            }
            let ticks = "`".repeat(longest_run(shown) + 1);
            self.out.put(&format!("<br>{ticks}{}{ticks}", shown.replace('|', "\\|")), start);
        }
        self.out.put("<br>", place);
        place
    }

    /// A copy in which pipes do not end the cell.
    fn piped(&mut self, range: Range<usize>) {
        let mut start = range.start;
        for (n, char) in self.text[range.clone()].char_indices() {
            let at = range.start + n;
            if char == '|' && !self.text[..at].ends_with('\\') {
                self.out.copy(self.text, start..at);
                self.out.put("\\|", at);
                start = at + 1;
            } else if char == '\n' || char == '\r' {
                self.out.copy(self.text, start..at);
                self.out.put(" ", at);
                start = at + 1;
            }
        }
        self.out.copy(self.text, start..range.end);
    }
}

/// A row of an HTML table.
struct HtmlRow {
    start: usize,
    cells: Vec<HtmlCell>,
}

struct HtmlCell {
    range: Range<usize>,
    rows: usize,
    columns: usize,
}

/// The rows of the table that `open` opens, and where it ends.
fn rows(text: &str, code: &CodeSpans, last_end: Option<usize>, open: &Tag<'_>) -> (Vec<HtmlRow>, usize) {
    let mut rows: Vec<HtmlRow> = Vec::new();
    let mut cell: Option<HtmlCell> = None;
    let mut depth = 1usize;
    let mut at = open.span.end;
    let close = |rows: &mut Vec<HtmlRow>, cell: &mut Option<HtmlCell>, at: usize| {
        if let Some(mut it) = cell.take() {
            it.range.end = at;
            if rows.is_empty() {
                rows.push(HtmlRow { start: it.range.start, cells: Vec::new() });
            }
            if let Some(row) = rows.last_mut() {
                row.cells.push(it);
            }
        }
    };
    while at < text.len() {
        match text.as_bytes()[at] {
            b'`' => {
                let run = text[at..].bytes().take_while(|it| *it == b'`').count();
                at = code.end(at, run).unwrap_or(at + run);
            }
            b'<' => {
                if text[at..].starts_with("<!--") {
                    at = text[at..].find("-->").map_or(text.len(), |it| at + it + 3);
                    continue;
                }
                let Some(tag) = tag(text, at) else {
                    at += 1;
                    continue;
                };
                match (tag.name.as_str(), tag.is_end) {
                    ("table", false) => depth += 1,
                    ("table", true) => {
                        depth -= 1;
                        if depth == 0 {
                            close(&mut rows, &mut cell, at);
                            rows.retain(|it| !it.cells.is_empty());
                            return (rows, tag.span.end);
                        }
                    }
                    ("tr", false) if depth == 1 => {
                        close(&mut rows, &mut cell, at);
                        rows.push(HtmlRow { start: at, cells: Vec::new() });
                    }
                    ("td" | "th" | "caption", false) if depth == 1 => {
                        close(&mut rows, &mut cell, at);
                        cell = (tag.name != "caption").then(|| HtmlCell {
                            range: tag.span.end..tag.span.end,
                            rows: tag.number("rowspan"),
                            columns: tag.number("colspan"),
                        });
                    }
                    ("td" | "th" | "tr", true) if depth == 1 => close(&mut rows, &mut cell, at),
                    _ => {}
                }
                at = tag.span.end;
            }
            // A table that nobody closed ends before the next heading.
            b'\n' if text[at..].starts_with("\n#") && last_end.is_none_or(|it| it < at) => {
                close(&mut rows, &mut cell, at);
                break;
            }
            b'\n' => at += 1,
            _ => at += text[at..].find(['`', '<', '\n']).unwrap_or(text.len() - at),
        }
    }
    close(&mut rows, &mut cell, at.min(text.len()));
    rows.retain(|it| !it.cells.is_empty());
    (rows, at.min(text.len()))
}

/// The cells by row and column. What spans rows stands in each of them.
fn grid(rows: &[HtmlRow]) -> Vec<Vec<Option<Range<usize>>>> {
    let mut grid: Vec<Vec<Option<Range<usize>>>> = Vec::new();
    // What comes down from above, by column: for how many rows more.
    let mut down: Vec<Option<(usize, Range<usize>)>> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let mut line: Vec<Option<Range<usize>>> = Vec::new();
        let take_down = |line: &mut Vec<Option<Range<usize>>>, down: &mut Vec<Option<(usize, Range<usize>)>>| {
            while let Some(Some((left, range))) = down.get_mut(line.len()) {
                line.push(Some(range.clone()));
                *left -= 1;
                if *left == 0 {
                    down[line.len() - 1] = None;
                }
            }
        };
        for cell in &row.cells {
            take_down(&mut line, &mut down);
            // What spans a cause and a remedy is a remedy.
            let shown_at = if at == 0 || line.is_empty() { 0 } else { cell.columns - 1 };
            for n in 0..cell.columns {
                let range = (n == shown_at).then(|| cell.range.clone());
                if cell.rows > 1 {
                    down.resize(down.len().max(line.len() + 1), None);
                    down[line.len()] = Some((cell.rows - 1, cell.range.clone())).filter(|_| n == shown_at);
                }
                line.push(range);
            }
        }
        take_down(&mut line, &mut down);
        grid.push(line);
    }
    grid
}

/// Names of components that documentation sites know.
const COMPONENTS: [&str; 26] = [
    "Accordion",
    "AccordionGroup",
    "Admonition",
    "Callout",
    "Card",
    "CardGroup",
    "Caution",
    "Check",
    "CodeGroup",
    "Columns",
    "Danger",
    "Details",
    "Frame",
    "Info",
    "Note",
    "Snippet",
    "Step",
    "Steps",
    "Tab",
    "TabItem",
    "TabPanel",
    "Tabs",
    "Tip",
    "Warning",
    "Collapsible",
    "Hint",
];

/// Whether a tag is a component of a site, and not a place to fill in.
fn is_component(tag: &str) -> bool {
    let name = tag.trim_start_matches(['<', '/']);
    let end = name.find(|it: char| !it.is_ascii_alphanumeric()).unwrap_or(name.len());
    COMPONENTS.contains(&&name[..end])
        || tag.contains('=')
        || (tag.ends_with("/>") && name.starts_with(|it: char| it.is_ascii_uppercase()))
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(40).collect()
}

fn spaces(text: &str) -> usize {
    text.bytes().take_while(|it| matches!(it, b' ' | b'\t' | b'\r' | b'\n')).count()
}

fn is_numbered(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=2).contains(&digits) && (text[digits..].starts_with(". ") || text[digits..].starts_with(") "))
}

fn find_ignoring_case(text: &str, what: &str) -> Option<usize> {
    text.as_bytes().windows(what.len()).position(|it| it.eq_ignore_ascii_case(what.as_bytes()))
}

fn longest_run(text: &str) -> usize {
    text.split(|it| it != '`').map(str::len).max().unwrap_or_default()
}

/// Code without the tags in it.
fn plain_code(html: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < html.len() {
        match tag(html, at).filter(|it| is_html(&it.name)) {
            Some(tag) => {
                if tag.name == "br" {
                    out.push('\n');
                }
                at = tag.span.end;
            }
            None => {
                let char = html[at..].chars().next().unwrap_or_default();
                out.push(char);
                at += char.len_utf8().max(1);
            }
        }
    }
    out
}

/// The entities that people write in code. In Markdown code they stand for themselves.
fn decoded(text: &str) -> String {
    let mut out = text.to_owned();
    for (entity, char) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&nbsp;", " "),
        ("&#124;", "|"),
        ("&amp;", "&"),
    ] {
        out = out.replace(entity, char);
    }
    out
}
