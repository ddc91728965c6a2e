//! Markdown to blocks: what pulldown-cmark reads, as a small tree with places
//! in the source and with inline marks already written as rich text.

use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, Event, HeadingLevel, MetadataBlockKind, Options, Parser, Tag, TagEnd};

use super::config::unsafe_link;
use super::diagnostic::Diagnostic;
use super::fix;
use super::front_matter::{self, FrontMatter};
use super::letters::{is_control, is_invisible};
use super::marks;
use super::prepare::{self, Note, Prepared, Reading};
use super::source::Source;
use crate::index::text;

/// A line break that only wraps the source.
pub const SOFT_BREAK: char = '\n';
/// A line break that the author asked for (`<br>`, two spaces, a backslash).
pub const HARD_BREAK: char = '\u{b}';

/// Lists and quotes deeper than this are refused: nobody writes them, and
/// reading them goes one call deeper each.
const MAX_DEPTH: usize = 24;

/// So many marks stand in each other at most: what is bold, italic, a link and a
/// key is all of it. What is deeper keeps its words and loses the mark, as what
/// shows or writes a text goes one call deeper for each.
const MAX_MARKS: usize = 16;

/// A file, read.
#[derive(Debug, Default)]
pub struct Document {
    pub front: FrontMatter,
    pub blocks: Vec<Block>,
    /// What was taken out before reading or reads otherwise than it was written,
    /// for whoever imports it.
    pub notes: Vec<Note>,
}

#[derive(Clone, Debug)]
pub enum Block {
    Heading { level: u8, id: Option<String>, inline: Inline },
    Paragraph(Inline),
    List { ordered: bool, items: Vec<Item>, span: Range<usize> },
    Table(Table),
    Quote { warning: bool, blocks: Vec<Block>, span: Range<usize> },
    Code { text: String, span: Range<usize> },
}

/// A run of text with its marks.
#[derive(Clone, Debug, Default)]
pub struct Inline {
    /// Rich text with [`SOFT_BREAK`] and [`HARD_BREAK`].
    pub text: String,
    pub pictures: Vec<Picture>,
    pub span: Range<usize>,
    /// Where each line but the first begins in the source.
    pub breaks: Vec<usize>,
}

impl Inline {
    /// A text without pictures.
    pub fn of(text: impl Into<String>, span: Range<usize>) -> Self {
        Self { text: text.into(), span, ..Self::default() }
    }

    fn line_break(&mut self, mark: char, span: &Range<usize>) {
        // White space at the head is cut off in the end; gone at once, it is not
        // read again at each of a million breaks.
        if self.text.trim_start().is_empty() {
            self.text.clear();
            return;
        }
        self.breaks.push(span.end);
        self.text.push(mark);
    }

    /// The lines, with their places.
    pub fn lines(&self) -> Vec<(&str, Range<usize>)> {
        let mut lines = Vec::new();
        let mut start = self.span.start;
        for (at, text) in self.text.split([SOFT_BREAK, HARD_BREAK]).enumerate() {
            let next = self.breaks.get(at).copied().unwrap_or(self.span.end);
            lines.push((text, start..next.max(start)));
            start = next.max(start);
        }
        lines
    }

    /// Some of the lines.
    pub fn of_lines(lines: &[(&str, Range<usize>)]) -> Self {
        let text = lines.iter().map(|it| it.0).collect::<Vec<_>>().join("\n");
        let span = lines.first().map_or(0, |it| it.1.start)..lines.last().map_or(0, |it| it.1.end);
        Self { text, pictures: Vec::new(), span, breaks: lines.iter().skip(1).map(|it| it.1.start).collect() }
    }
}

#[derive(Clone, Debug)]
pub struct Picture {
    pub src: String,
    pub alt: String,
    /// What Markdown calls its title; empty where there is none.
    pub caption: String,
    pub span: Range<usize>,
}

#[derive(Clone, Debug)]
pub struct Item {
    pub blocks: Vec<Block>,
    pub span: Range<usize>,
}

#[derive(Clone, Debug)]
pub struct Table {
    pub head: Vec<Inline>,
    pub rows: Vec<Row>,
    pub span: Range<usize>,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub cells: Vec<Inline>,
    /// How many cells the author wrote. The parser pads and cuts rows to the
    /// width of the head, as GitHub does, which would lose text in silence.
    pub written: usize,
    pub span: Range<usize>,
}

impl Block {
    pub fn span(&self) -> Range<usize> {
        match self {
            Self::Heading { inline, .. } | Self::Paragraph(inline) => inline.span.clone(),
            Self::List { span, .. } | Self::Quote { span, .. } | Self::Code { span, .. } => span.clone(),
            Self::Table(table) => table.span.clone(),
        }
    }
}

/// Reads a file. Never fails: what cannot be read is in the diagnostics.
pub fn read(source: &Source, reading: Reading, diagnostics: &mut Vec<Diagnostic>) -> Document {
    let prepared = prepare::prepare(&source.text, reading);
    let mut notes: Vec<Note> = Vec::new();
    for it in &prepared.notes {
        match reading {
            Reading::Found => notes.push(it.clone()),
            Reading::Authored => {
                let found = Diagnostic::warning("template", source, it.span.clone(), it.message.clone());
                diagnostics.push(found.hint("it belongs to a site generator: take it out"));
            }
        }
    }
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
        | Options::ENABLE_GFM;
    let events = Parser::new_ext(&prepared.text, options).into_offset_iter().collect();
    let mut reader = Reader {
        source,
        prepared: &prepared,
        reading,
        events,
        at: 0,
        depth: 0,
        n_marks: 0,
        front: FrontMatter::default(),
        diagnostics,
        notes,
    };
    let mut blocks = Vec::new();
    while reader.at < reader.events.len() {
        reader.block(&mut blocks);
    }
    Document { front: reader.front, blocks, notes: reader.notes }
}

struct Reader<'a> {
    source: &'a Source,
    prepared: &'a Prepared,
    reading: Reading,
    /// With their places in the prepared text.
    events: Vec<(Event<'a>, Range<usize>)>,
    at: usize,
    depth: usize,
    /// How many marks are open in the text that is being read.
    n_marks: usize,
    front: FrontMatter,
    diagnostics: &'a mut Vec<Diagnostic>,
    notes: Vec<Note>,
}

impl<'a> Reader<'a> {
    /// The next event, with its place in the source.
    fn next(&mut self) -> Option<(Event<'a>, Range<usize>)> {
        let it = self.events.get(self.at).cloned();
        self.at += 1;
        it.map(|(event, span)| (event, self.prepared.span(&span)))
    }

    /// Reads the next block into `blocks`.
    fn block(&mut self, blocks: &mut Vec<Block>) {
        let Some((event, span)) = self.next() else { return };
        match event {
            Event::Start(Tag::Heading { level, id, classes, attrs }) => {
                let names = classes.iter().map(AsRef::as_ref);
                let names =
                    names.chain(attrs.iter().flat_map(|(key, value)| [Some(key.as_ref()), value.as_deref()]).flatten());
                let mark = format!("{{{}}}", names.collect::<Vec<_>>().join(" "));
                if self.reading == Reading::Authored && !marks::leftovers(&mark).is_empty() {
                    // The parser takes it for attributes of HTML, and nobody would see it.
                    let found = Diagnostic::error(
                        "unknown-mark",
                        self.source,
                        span.clone(),
                        format!("the mark \"{mark}\" has no effect on a heading"),
                    );
                    self.diagnostics.push(
                        found.hint("mark each step, or say `audience: staff` at the head of a file that is for staff"),
                    );
                }
                let inline = self.inline(span, |it| matches!(it, TagEnd::Heading(_)));
                self.check_settings(&inline);
                blocks.push(Block::Heading { level: number(level), id: id.map(|it| it.to_string()), inline });
            }
            Event::Start(Tag::Paragraph) => {
                let inline = self.inline(span, |it| it == TagEnd::Paragraph);
                self.check_settings(&inline);
                blocks.push(Block::Paragraph(inline));
            }
            Event::Start(Tag::List(first)) => {
                let items = self.items();
                blocks.push(Block::List { ordered: first.is_some(), items, span });
            }
            Event::Start(Tag::Table(_)) => {
                let table = self.table(span);
                blocks.push(Block::Table(table));
            }
            Event::Start(Tag::BlockQuote(kind)) => {
                let warning =
                    matches!(kind, Some(BlockQuoteKind::Warning | BlockQuoteKind::Caution | BlockQuoteKind::Important));
                let inner = self.blocks_until(|it| matches!(it, TagEnd::BlockQuote(_)));
                blocks.push(Block::Quote { warning, blocks: inner, span });
            }
            Event::Start(Tag::CodeBlock(_)) => {
                let mut text = self.verbatim(|it| it == TagEnd::CodeBlock);
                // What is copied into a terminal does what it says.
                self.report_hidden(&text, &span);
                text.retain(|it| !is_control(it) && !is_invisible(it));
                blocks.push(Block::Code { text, span });
            }
            Event::Start(Tag::MetadataBlock(MetadataBlockKind::YamlStyle)) => {
                let yaml = self.verbatim(|it| matches!(it, TagEnd::MetadataBlock(_)));
                if !self.front.span.is_empty() && self.reading == Reading::Authored {
                    // It may not take back what the first says, least of all for whom the file is.
                    if yaml.lines().any(|it| front_matter::is_audience_key(it.split(':').next().unwrap_or_default())) {
                        self.diagnostics.push(front_matter::lost_audience(self.source, &span));
                    }
                    let message = "lines between two rulers are settings, and have no effect a second time";
                    let found = Diagnostic::warning("left-out", self.source, span, message);
                    self.diagnostics.push(found.hint("leave a blank line below the first ruler, or take both out"));
                    return;
                }
                self.front = front_matter::read(self.source, &yaml, span, self.diagnostics);
            }
            Event::Start(Tag::MetadataBlock(MetadataBlockKind::PlusesStyle)) => {
                let toml = self.verbatim(|it| matches!(it, TagEnd::MetadataBlock(_)));
                let has_audience =
                    toml.lines().any(|it| front_matter::is_audience_key(it.split('=').next().unwrap_or_default()));
                if has_audience && self.reading == Reading::Authored {
                    let found = front_matter::lost_audience(self.source, &span);
                    self.diagnostics.push(found.hint("write the settings between two lines of `---`, as YAML"));
                }
                self.front = front_matter::read_lines(&toml, span);
            }
            Event::Start(Tag::HtmlBlock) => {
                let html = self.verbatim(|it| it == TagEnd::HtmlBlock);
                self.refuse_html(&html, span);
            }
            Event::Html(html) => self.refuse_html(&html, span),
            // A tight list item or a table cell holds its text without a paragraph.
            Event::Text(_)
            | Event::Code(_)
            | Event::InlineHtml(_)
            | Event::SoftBreak
            | Event::HardBreak
            | Event::Start(Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Image { .. } | Tag::Strikethrough) => {
                self.at -= 1;
                let inline = self.loose_inline(span);
                self.check_settings(&inline);
                blocks.push(Block::Paragraph(inline));
            }
            _ => {}
        }
    }

    /// A line that was to say for whom all of it is, and is text like any other.
    fn check_settings(&mut self, inline: &Inline) {
        if self.reading == Reading::Found || !inline.text.to_lowercase().contains("audience") {
            return;
        }
        for (line, span) in inline.lines() {
            let plain = text::plain(line).to_lowercase();
            if plain.contains([':', '=']) && marks::names_audience(&plain) && !plain.contains('{') {
                let message = format!("\"{}\" has no effect as a text", plain.trim());
                let found = Diagnostic::error("unknown-audience", self.source, span, message);
                self.diagnostics.push(found.hint(
                    "write it in the first lines of the file, between two lines of `---`; a step is marked with {audience staff}",
                ));
            }
        }
    }

    fn blocks_until(&mut self, is_end: impl Fn(TagEnd) -> bool) -> Vec<Block> {
        let mut blocks = Vec::new();
        self.depth += 1;
        while let Some((event, span)) = self.events.get(self.at) {
            if let Event::End(end) = event
                && is_end(*end)
            {
                self.at += 1;
                break;
            }
            if self.depth > MAX_DEPTH {
                let span = self.prepared.span(span);
                let message = format!("lists and quotes nest deeper than {MAX_DEPTH} levels");
                let found = Diagnostic::error("too-deep", self.source, span, message);
                self.diagnostics.push(found.hint("say it in fewer levels; a step has notes and one list"));
                // Nothing below is worth reading: end the file here.
                self.at = self.events.len();
                break;
            }
            self.block(&mut blocks);
        }
        self.depth -= 1;
        blocks
    }

    fn items(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        while let Some((event, span)) = self.next() {
            match event {
                Event::Start(Tag::Item) => {
                    let blocks = self.blocks_until(|it| it == TagEnd::Item);
                    items.push(Item { blocks, span });
                }
                _ => break,
            }
        }
        items
    }

    fn table(&mut self, span: Range<usize>) -> Table {
        let mut table = Table { head: Vec::new(), rows: Vec::new(), span };
        while let Some((event, span)) = self.next() {
            match event {
                Event::Start(Tag::TableHead) => table.head = self.cells(|it| it == TagEnd::TableHead),
                Event::Start(Tag::TableRow) => {
                    let line = self.events.get(self.at - 1).map(|it| it.1.clone()).unwrap_or_default();
                    let line = self.prepared.text.get(line).unwrap_or_default();
                    let written = cells_written(line);
                    let mut cells = self.cells(|it| it == TagEnd::TableRow);
                    if self.reading == Reading::Found {
                        cells.extend(surplus(line, cells.len()).into_iter().map(|text| Inline {
                            text,
                            span: span.clone(),
                            ..Inline::default()
                        }));
                    }
                    table.rows.push(Row { cells, written, span });
                }
                _ => break,
            }
        }
        table
    }

    fn cells(&mut self, is_end: impl Fn(TagEnd) -> bool) -> Vec<Inline> {
        let mut cells = Vec::new();
        while let Some((event, span)) = self.next() {
            match event {
                Event::Start(Tag::TableCell) => cells.push(self.inline(span, |it| it == TagEnd::TableCell)),
                Event::End(end) if is_end(end) => break,
                _ => {}
            }
        }
        cells
    }

    fn verbatim(&mut self, is_end: impl Fn(TagEnd) -> bool) -> String {
        let mut text = String::new();
        while let Some((event, _)) = self.next() {
            match event {
                Event::End(end) if is_end(end) => break,
                Event::Text(it) | Event::Html(it) | Event::InlineHtml(it) => text.push_str(&it),
                _ => {}
            }
        }
        text
    }

    /// Inline content up to the end of its block.
    fn inline(&mut self, span: Range<usize>, is_end: impl Fn(TagEnd) -> bool) -> Inline {
        let outer = std::mem::take(&mut self.n_marks);
        let mut inline = Inline { span, ..Inline::default() };
        while let Some((event, span)) = self.next() {
            if let Event::End(end) = event
                && is_end(end)
            {
                break;
            }
            self.piece(event, span, &mut inline);
        }
        self.n_marks = outer;
        inline.text = inline.text.trim().into();
        inline
    }

    /// Inline content that stands in a block of its own without saying so.
    fn loose_inline(&mut self, span: Range<usize>) -> Inline {
        self.n_marks = 0;
        let mut inline = Inline { span, ..Inline::default() };
        while let Some((event, span)) = self.events.get(self.at).cloned() {
            let span = self.prepared.span(&span);
            let is_block = match &event {
                Event::Start(tag) => !matches!(
                    tag,
                    Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Image { .. } | Tag::Strikethrough
                ),
                Event::End(end) => !matches!(
                    end,
                    TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Image | TagEnd::Strikethrough
                ),
                Event::Html(_) | Event::Rule => true,
                _ => false,
            };
            if is_block {
                break;
            }
            self.at += 1;
            inline.span.end = inline.span.end.max(span.end);
            self.piece(event, span, &mut inline);
        }
        inline.text = inline.text.trim().into();
        inline
    }

    fn open_mark(&mut self, mark: char, inline: &mut Inline) {
        self.n_marks += 1;
        if self.n_marks <= MAX_MARKS {
            inline.text.push(mark);
        }
    }

    fn close_mark(&mut self, inline: &mut Inline) {
        if self.n_marks <= MAX_MARKS {
            inline.text.push(text::CLOSE);
        }
        self.n_marks = self.n_marks.saturating_sub(1);
    }

    fn piece(&mut self, event: Event<'a>, span: Range<usize>, inline: &mut Inline) {
        match event {
            Event::Text(it) => self.push_text(&it, span, inline),
            Event::Code(it) => {
                inline.text.push(text::CODE);
                self.push_text(&it, span, inline);
                inline.text.push(text::CLOSE);
            }
            Event::SoftBreak => inline.line_break(SOFT_BREAK, &span),
            Event::HardBreak => inline.line_break(HARD_BREAK, &span),
            Event::Start(Tag::Strong) => self.open_mark(text::STRONG, inline),
            Event::Start(Tag::Emphasis) => self.open_mark(text::EMPHASIS, inline),
            Event::End(TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link) => self.close_mark(inline),
            Event::Start(Tag::Link { dest_url, .. }) => {
                if !text::is_safe_href(&dest_url) {
                    if self.reading == Reading::Found {
                        // The words stay; that they led somewhere is told in the report.
                        let shown: String = dest_url.chars().filter(|it| !it.is_control()).take(80).collect();
                        let message = format!("the link to \"{shown}\" is kept as text");
                        self.notes.push(Note { span, message, is_lost: false });
                        self.open_mark(text::EMPHASIS, inline);
                        return;
                    }
                    self.diagnostics.push(unsafe_link(self.source, span.clone(), &dest_url));
                }
                self.open_mark(text::LINK, inline);
                if self.n_marks <= MAX_MARKS {
                    self.report_hidden(&dest_url, &span);
                    inline.text.extend(dest_url.chars().filter(|it| !it.is_control() && !is_invisible(*it)));
                    inline.text.push(text::LINK_TEXT);
                }
            }
            // Deeper ones are words of the one around them.
            Event::Start(Tag::Image { .. }) if self.depth > MAX_DEPTH => {}
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                self.depth += 1;
                let alt = text::plain(&self.inline(span.clone(), |it| it == TagEnd::Image).text);
                self.depth -= 1;
                let mut caption = Inline::default();
                self.push_text(&title, span.clone(), &mut caption);
                inline.pictures.push(Picture { src: dest_url.to_string(), alt, caption: caption.text, span });
            }
            Event::InlineHtml(html) => match html.to_ascii_lowercase().as_str() {
                "<br>" | "<br/>" | "<br />" => inline.line_break(HARD_BREAK, &span),
                "<kbd>" => self.open_mark(text::KEY, inline),
                "</kbd>" => self.close_mark(inline),
                lower if prepare::is_place_to_fill_in(lower) => {
                    // Such as <namespace>: no HTML, and shown as it is written.
                    self.push_text(&html, span, inline);
                }
                _ => self.refuse_html(&html, span),
            },
            _ => {}
        }
    }

    /// Reports what cannot be seen in a text.
    fn report_hidden(&mut self, it: &str, span: &Range<usize>) {
        if self.reading == Reading::Found {
            return;
        }
        if it.contains(is_control) {
            let fix = fix::without_controls(self.source, span);
            let found =
                Diagnostic::error("control-character", self.source, span.clone(), "text holds a control character");
            self.diagnostics.push(found.hint("delete it; it cannot be seen in most editors").fixed_by(fix));
        }
        if it.contains(is_invisible) {
            let fix = fix::without(self.source, span, is_invisible);
            let found = Diagnostic::warning(
                "invisible-character",
                self.source,
                span.clone(),
                "text holds a character that cannot be seen",
            );
            self.diagnostics
                .push(found.hint("it is left out; delete it, most likely it was pasted along").fixed_by(fix));
        }
    }

    fn push_text(&mut self, it: &str, span: Range<usize>, inline: &mut Inline) {
        self.report_hidden(it, &span);
        for it in it.chars() {
            match it {
                // What only looks like a space, and what cannot be seen at all.
                '\t' | '\n' | '\r' | '\u{a0}' | '\u{202f}' | '\u{2007}' => inline.text.push(' '),
                '\u{2060}' | '\u{ad}' => {}
                it if is_invisible(it) => {}
                it if it.is_control() => {}
                it => inline.text.push(it),
            }
        }
    }

    fn refuse_html(&mut self, html: &str, span: Range<usize>) {
        let html = html.trim();
        if html.starts_with("<!--") || html.is_empty() {
            return;
        }
        let tag: String = html.chars().take(40).collect();
        if self.reading == Reading::Found {
            self.notes.push(Note { span, message: format!("the HTML {tag:?} is left out"), is_lost: true });
            return;
        }
        let found = Diagnostic::error("raw-html", self.source, span, format!("expected Markdown, found HTML {tag:?}"));
        self.diagnostics.push(found.hint("write it as Markdown; only <br> and <kbd> are read"));
    }
}

fn number(level: HeadingLevel) -> u8 {
    level as u8
}

/// The cells behind those that the head has room for, as plain text.
fn surplus(line: &str, n: usize) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (at, char) in line.char_indices() {
        if char == '|' && !escaped {
            cells.push(&line[start..at]);
            start = at + 1;
        }
        escaped = char == '\\' && !escaped;
    }
    if !line[start..].trim().is_empty() {
        cells.push(&line[start..]);
    }
    let plain = |it: &str| {
        it.chars().filter(|it| !it.is_control() && !matches!(it, '`' | '*')).collect::<String>().trim().to_owned()
    };
    cells.into_iter().skip(n).map(plain).collect()
}

/// How many cells a line of a table has: GitHub splits at every pipe that has
/// no backslash, in code too.
fn cells_written(line: &str) -> usize {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut pipes = 0;
    let mut escaped = false;
    let mut ends_with_pipe = false;
    for char in line.chars() {
        ends_with_pipe = char == '|' && !escaped;
        pipes += usize::from(ends_with_pipe);
        escaped = char == '\\' && !escaped;
    }
    if ends_with_pipe { pipes } else { pipes + 1 }
}
