//! Blocks to an outline: headings that name an answer, headings that are a part
//! of one ("Cause", "Resolution"), and lines that stand for headings.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::words::{self, Part, is_sure_label};
use super::{Above, has_label};
use crate::index::text;
use crate::kb::markdown::{Block, Inline};
use crate::kb::marks;
use crate::kb::prepare::Reading;

/// The level of a bold line that stands for a heading: below all true ones.
pub(super) const BOLD_LEVEL: u8 = 7;

/// A heading with what stands below it.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    pub heading: Option<Above>,
    pub content: Vec<Content>,
    pub children: Vec<Node>,
}

/// What stands below a heading.
#[derive(Clone, Debug)]
pub(super) enum Content {
    Block(Block),
    /// A heading that is a label.
    Label(Inline),
}

impl Node {
    /// Whether parts of an answer have headings of their own here.
    fn has_labels(&self) -> bool {
        self.content.iter().any(|it| matches!(it, Content::Label(_)))
    }
}

/// The outline of a file.
pub(super) fn outline(blocks: &[Block], reading: Reading) -> Node {
    let blocks = with_bold_headings(blocks, reading);
    let company = Company::new(&blocks);
    // The way from the file down to the heading that is open, and for each
    // the level of the label in it that is open.
    let mut path: Vec<(u8, Option<u8>, Node)> = vec![(0, None, Node::default())];
    for (at, block) in blocks.iter().enumerate() {
        let Block::Heading { level, id, inline } = block else {
            if let Some((_, _, node)) = path.last_mut() {
                node.content.push(Content::Block(block.clone()));
            }
            continue;
        };
        if is_label_heading(&blocks, at, reading, &company) {
            let part = words::heading_label(&inline.text).map(|it| it.part);
            let parent = path.iter().rposition(|it| it.0 < *level).unwrap_or_default();
            let beside = path.get(parent + 1).filter(|it| it.0 == *level);
            let is_of_beside = beside.is_some_and(|it| {
                let title = it.2.heading.as_ref().map(|it| text::plain(&it.inline.text)).unwrap_or_default();
                !words::is_generic_title(&title)
            }) && (!path[parent].2.has_labels() || beside.is_some_and(|it| it.2.has_labels()))
                && part != Some(Part::Description)
                && !(company.is_only_one(at)
                    && path[parent].2.heading.as_ref().is_some_and(|it| {
                        !words::is_trouble_title(&text::plain(&it.inline.text)) && reading == Reading::Found
                    }));
            let owner = if is_of_beside { parent + 1 } else { parent };
            close(&mut path, owner + 1);
            if let Some((_, open, node)) = path.last_mut() {
                *open = Some(*level);
                node.content.push(Content::Label(inline.clone()));
            }
            continue;
        }
        let is_inside = path.last().and_then(|it| it.1).is_some_and(|open| *level > open);
        if is_inside {
            if let Some((_, _, node)) = path.last_mut() {
                node.content.push(Content::Block(block.clone()));
            }
            continue;
        }
        let keep = path.iter().rposition(|it| it.0 < *level).unwrap_or_default();
        close(&mut path, keep + 1);
        let id = id.clone().filter(|_| reading == Reading::Authored);
        let heading = Above { level: *level, inline: inline.clone(), id };
        path.push((*level, None, Node { heading: Some(heading), ..Node::default() }));
    }
    close(&mut path, 1);
    path.pop().map(|it| it.2).unwrap_or_default()
}

/// Puts all that is deeper than `n` into what it belongs to.
fn close(path: &mut Vec<(u8, Option<u8>, Node)>, n: usize) {
    while path.len() > n.max(1)
        && let Some((_, _, node)) = path.pop()
    {
        if let Some((_, _, parent)) = path.last_mut() {
            parent.children.push(node);
        }
    }
}

/// Whether a heading is a part of an answer, and not the head of a chapter.
fn is_label_heading(blocks: &[Block], at: usize, reading: Reading, company: &Company) -> bool {
    let Some(Block::Heading { level, id, inline }) = blocks.get(at) else { return false };
    // Our own authors tell a title from a label by giving it an id.
    if id.is_some() && reading == Reading::Authored {
        return false;
    }
    let Some(label) = words::heading_label(&inline.text) else { return false };
    // "Problem: no sound" names an answer, and so does the title of a page.
    if *level == 1 && !label.rest.is_empty() || label.part == Part::Description && !label.rest.is_empty() {
        return false;
    }
    let below = &blocks[at + 1..];
    let end = below.iter().position(|it| matches!(it, Block::Heading { level: next, .. } if next <= level));
    let below = &below[..end.unwrap_or(below.len())];
    let first_part = below.iter().position(|it| matches!(it, Block::Heading { .. }));
    // A chapter "Issues" with answers below it.
    if let Some(first) = first_part {
        let (own, inner) = below.split_at(first);
        if own.len() < 2 && label.part != Part::Causes && has_answers(inner, label.part) {
            return false;
        }
    }
    if is_sure_label(&label) {
        return true;
    }
    // The others need company on their level.
    company.has_sure(at)
}

/// Whether answers of their own stand below a heading that is a label: a title
/// with labels below it, or a part that is not another of the same.
fn has_answers(inner: &[Block], part: Part) -> bool {
    let mut is_titled = false;
    inner.iter().any(|it| match it {
        Block::Heading { inline, .. } => match words::heading_label(&inline.text).filter(is_sure_label) {
            Some(label) => is_titled || label.part != part,
            None => {
                is_titled = true;
                false
            }
        },
        other => is_titled && has_label(other),
    })
}

/// A level, and the last heading above it before: what has both stands side by side.
type Beside = (u8, Option<usize>);

/// What stands beside each heading: on its level, with no higher heading in
/// between. Collected once, as looking around from each heading would take the
/// square of their number.
#[derive(Default)]
struct Company {
    /// By the position of the heading.
    beside: BTreeMap<usize, Beside>,
    /// Where a label stands that is sure.
    sure: BTreeSet<Beside>,
    /// The name and number of each label, by its heading.
    names: BTreeMap<usize, LabelName>,
    /// How often a label stands there.
    counts: BTreeMap<(Beside, LabelName), usize>,
}

type LabelName = (String, Option<u32>);

impl Company {
    fn new(blocks: &[Block]) -> Self {
        let mut company = Self::default();
        // The last heading of each level, as far as none stands above it since.
        let mut open: Vec<(u8, usize)> = Vec::new();
        for (at, block) in blocks.iter().enumerate() {
            let Block::Heading { level, inline, .. } = block else { continue };
            while open.pop_if(|it| it.0 >= *level).is_some() {}
            let beside = (*level, open.last().map(|it| it.1));
            open.push((*level, at));
            company.beside.insert(at, beside);
            let Some(label) = words::heading_label(&inline.text) else { continue };
            if is_sure_label(&label) {
                company.sure.insert(beside);
            }
            let name = (label.name, label.number);
            *company.counts.entry((beside, name.clone())).or_default() += 1;
            company.names.insert(at, name);
        }
        company
    }

    fn has_sure(&self, at: usize) -> bool {
        self.beside.get(&at).is_some_and(|it| self.sure.contains(it))
    }

    /// Whether a heading that is a label belongs to the page, and not to the heading
    /// before it on its level: no other on that level says the same.
    fn is_only_one(&self, at: usize) -> bool {
        let Some((beside, name)) = self.beside.get(&at).zip(self.names.get(&at)) else { return false };
        self.counts.get(&(*beside, name.clone())) == Some(&1)
    }
}

/// The same blocks with headings in the place of bold lines that stand for some.
fn with_bold_headings(blocks: &[Block], reading: Reading) -> Vec<Block> {
    let mut out = Vec::new();
    // Whether a symptom or a cause has been told, and its remedy not yet: what is
    // bold then is emphasis.
    let mut is_open = false;
    for (at, block) in blocks.iter().enumerate() {
        match last_label(block) {
            Some(part) => is_open = matches!(part, Part::Description | Part::Causes),
            None => is_open &= !matches!(block, Block::Heading { .. }),
        }
        let Block::Paragraph(inline) = block else {
            out.push(block.clone());
            continue;
        };
        let lines = inline.lines();
        if lines.len() == 1 {
            if !is_open && is_bold_title(&inline.text) && heads_an_answer(&blocks[at + 1..], reading) {
                out.push(heading(&inline.text, inline.span.clone()));
            } else {
                out.push(block.clone());
            }
            continue;
        }
        let mut open: Vec<(&str, Range<usize>)> = Vec::new();
        // Looked for once: a paragraph may have thousands of lines.
        let last_label = lines.iter().rposition(|it| words::label(it.0).is_some());
        for (n, (line, span)) in lines.iter().enumerate() {
            let n_below = lines.len() - n - 1;
            let has_answer = last_label.is_some_and(|it| it > n);
            let is_head = (has_answer || (reading == Reading::Found && n_below > 2)) && is_bold_title(line);
            if !is_head {
                open.push((line, span.clone()));
                continue;
            }
            if !open.is_empty() {
                out.push(Block::Paragraph(Inline::of_lines(&open)));
                open.clear();
            }
            out.push(heading(line, span.clone()));
        }
        if !open.is_empty() || !inline.pictures.is_empty() {
            out.push(Block::Paragraph(Inline { pictures: inline.pictures.clone(), ..Inline::of_lines(&open) }));
        }
    }
    out
}

/// The last label of a block, however deep.
fn last_label(block: &Block) -> Option<Part> {
    match block {
        Block::Paragraph(inline) => {
            inline.lines().iter().filter_map(|it| words::label(it.0)).next_back().map(|it| it.part)
        }
        Block::List { items, .. } => items.iter().flat_map(|it| &it.blocks).filter_map(last_label).next_back(),
        Block::Quote { blocks, .. } => blocks.iter().filter_map(last_label).next_back(),
        Block::Heading { .. } | Block::Table(_) | Block::Code { .. } => None,
    }
}

fn heading(rich: &str, span: Range<usize>) -> Block {
    let plain = marks::one_line(rich);
    let title = plain.strip_prefix(text::STRONG).and_then(|it| it.strip_suffix(text::CLOSE)).unwrap_or(&plain);
    let title = title.trim().trim_end_matches(':').to_owned();
    Block::Heading { level: BOLD_LEVEL, id: None, inline: Inline::of(title, span) }
}

/// A line that is bold from end to end, and no label.
fn is_bold_title(line: &str) -> bool {
    let line = line.trim();
    let inner = line
        .strip_prefix(text::STRONG)
        .and_then(|it| it.strip_suffix([':', '.']).unwrap_or(it).strip_suffix(text::CLOSE));
    inner.is_some_and(|it| {
        let opens = it.chars().filter(|it| matches!(*it, text::STRONG..=text::LINK)).count();
        let closes = it.chars().filter(|it| *it == text::CLOSE).count();
        // "**A** and **B**" begins and ends in bold, and is not all bold.
        opens == closes && !starts_with_close(it) && !it.trim().is_empty()
    }) && words::label(line).is_none_or(|it| it.part == Part::Description && !it.rest.is_empty())
}

fn starts_with_close(inner: &str) -> bool {
    let mut depth = 0usize;
    for it in inner.chars() {
        match it {
            text::STRONG..=text::LINK => depth += 1,
            text::CLOSE if depth == 0 => return true,
            text::CLOSE => depth -= 1,
            _ => {}
        }
    }
    false
}

/// Whether what follows a bold line is an answer, or a table of them.
fn heads_an_answer(after: &[Block], reading: Reading) -> bool {
    let next_title = |it: &Block| match it {
        Block::Heading { .. } => true,
        Block::Paragraph(inline) => is_bold_title(&inline.text),
        _ => false,
    };
    let end = after.iter().position(next_title).unwrap_or(after.len());
    let own = &after[..end];
    match own.first() {
        None => false,
        Some(Block::Table(table)) => super::table::is_symptom_table(table, reading),
        Some(first) if reading == Reading::Authored => has_label(first),
        Some(_) => own.iter().any(|it| has_label(it) || matches!(it, Block::List { ordered: true, .. })),
    }
}
