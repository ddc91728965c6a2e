//! Markdown to blocks: what pulldown-cmark reads, as a small tree with places
//! in the source and with inline marks already written as rich text.

use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, Event, HeadingLevel, MetadataBlockKind, Options, Parser, Tag, TagEnd};

use super::config::unsafe_link;
use super::diagnostic::Diagnostic;
use super::fix;
use super::front_matter::{self, FrontMatter};
use super::source::Source;
use crate::index::text;

/// A line break that only wraps the source.
pub const SOFT_BREAK: char = '\n';
/// A line break that the author asked for (`<br>`, two spaces, a backslash).
pub const HARD_BREAK: char = '\u{b}';

/// Lists and quotes deeper than this are refused: nobody writes them, and
/// reading them goes one call deeper each.
const MAX_DEPTH: usize = 24;

/// A file, read.
#[derive(Debug, Default)]
pub struct Document {
    pub front: FrontMatter,
    pub blocks: Vec<Block>,
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
pub fn read(source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Document {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_GFM;
    let events = Parser::new_ext(&source.text, options).into_offset_iter().collect();
    let mut reader = Reader { source, events, at: 0, depth: 0, front: FrontMatter::default(), diagnostics };
    let mut blocks = Vec::new();
    while reader.at < reader.events.len() {
        reader.block(&mut blocks);
    }
    Document { front: reader.front, blocks }
}

struct Reader<'a> {
    source: &'a Source,
    events: Vec<(Event<'a>, Range<usize>)>,
    at: usize,
    depth: usize,
    front: FrontMatter,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<(Event<'a>, Range<usize>)> {
        let it = self.events.get(self.at).cloned();
        self.at += 1;
        it
    }

    /// Reads the next block into `blocks`.
    fn block(&mut self, blocks: &mut Vec<Block>) {
        let Some((event, span)) = self.next() else { return };
        match event {
            Event::Start(Tag::Heading { level, id, .. }) => {
                let inline = self.inline(span, |it| matches!(it, TagEnd::Heading(_)));
                blocks.push(Block::Heading { level: number(level), id: id.map(|it| it.to_string()), inline });
            }
            Event::Start(Tag::Paragraph) => {
                let inline = self.inline(span, |it| it == TagEnd::Paragraph);
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
                let text = self.verbatim(|it| it == TagEnd::CodeBlock);
                blocks.push(Block::Code { text, span });
            }
            Event::Start(Tag::MetadataBlock(MetadataBlockKind::YamlStyle)) => {
                let yaml = self.verbatim(|it| matches!(it, TagEnd::MetadataBlock(_)));
                self.front = front_matter::read(self.source, &yaml, span, self.diagnostics);
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
                blocks.push(Block::Paragraph(inline));
            }
            _ => {}
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
                let span = span.clone();
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
                    let cells = self.cells(|it| it == TagEnd::TableRow);
                    let written = cells_written(&self.source.text[span.clone()]);
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
        let mut inline = Inline { span, ..Inline::default() };
        while let Some((event, span)) = self.next() {
            if let Event::End(end) = event
                && is_end(end)
            {
                break;
            }
            self.piece(event, span, &mut inline);
        }
        inline.text = inline.text.trim().into();
        inline
    }

    /// Inline content that stands in a block of its own without saying so.
    fn loose_inline(&mut self, span: Range<usize>) -> Inline {
        let mut inline = Inline { span, ..Inline::default() };
        while let Some((event, span)) = self.events.get(self.at).cloned() {
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

    fn piece(&mut self, event: Event<'a>, span: Range<usize>, inline: &mut Inline) {
        match event {
            Event::Text(it) => self.push_text(&it, span, inline),
            Event::Code(it) => {
                inline.text.push(text::CODE);
                self.push_text(&it, span, inline);
                inline.text.push(text::CLOSE);
            }
            Event::SoftBreak => inline.text.push(SOFT_BREAK),
            Event::HardBreak => inline.text.push(HARD_BREAK),
            Event::Start(Tag::Strong) => inline.text.push(text::STRONG),
            Event::Start(Tag::Emphasis) => inline.text.push(text::EMPHASIS),
            Event::End(TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link) => inline.text.push(text::CLOSE),
            Event::Start(Tag::Link { dest_url, .. }) => {
                if !text::is_safe_href(&dest_url) {
                    self.diagnostics.push(unsafe_link(self.source, span, &dest_url));
                }
                inline.text.push(text::LINK);
                inline.text.extend(dest_url.chars().filter(|it| !it.is_control()));
                inline.text.push(text::LINK_TEXT);
            }
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                let alt = text::plain(&self.inline(span.clone(), |it| it == TagEnd::Image).text);
                inline.pictures.push(Picture { src: dest_url.to_string(), alt, caption: title.to_string(), span });
            }
            Event::InlineHtml(html) => match html.to_ascii_lowercase().as_str() {
                "<br>" | "<br/>" | "<br />" => inline.text.push(HARD_BREAK),
                "<kbd>" => inline.text.push(text::KEY),
                "</kbd>" => inline.text.push(text::CLOSE),
                _ => self.refuse_html(&html, span),
            },
            _ => {}
        }
    }

    fn push_text(&mut self, it: &str, span: Range<usize>, inline: &mut Inline) {
        if it.contains(|it: char| it.is_control()) {
            let fix = fix::without_controls(self.source, &span);
            let found = Diagnostic::error("control-character", self.source, span, "text holds a control character");
            self.diagnostics.push(found.hint("delete it; it cannot be seen in most editors").fixed_by(fix));
        }
        inline.text.extend(it.chars().filter(|it| !it.is_control()));
    }

    fn refuse_html(&mut self, html: &str, span: Range<usize>) {
        let html = html.trim();
        if html.starts_with("<!--") || html.is_empty() {
            return;
        }
        let tag: String = html.chars().take(40).collect();
        let found = Diagnostic::error("raw-html", self.source, span, format!("expected Markdown, found HTML {tag:?}"));
        self.diagnostics.push(found.hint("write it as Markdown; only <br> and <kbd> are read"));
    }
}

fn number(level: HeadingLevel) -> u8 {
    level as u8
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
