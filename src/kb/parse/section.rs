//! Issue sections and guides: a heading is an entry.
//!
//! What stands below a heading is read as a stream of lines and blocks. Labels
//! in it open the parts of an answer; where a document has lost its marks, the
//! place of a line between two labels says whether it is a step, a title or the
//! name of an area.

use std::ops::Range;

use super::outline::Content;
use super::words::{self, Part};
use super::{Above, Draft, DraftNote, DraftStep, Fate, FileReader, Place, has_label};
use crate::index::{NoteKind, text};
use crate::kb::audience::{Audience, Marked};
use crate::kb::diagnostic::Diagnostic;
use crate::kb::fix;
use crate::kb::markdown::{Block, HARD_BREAK, Inline, Item, Picture, SOFT_BREAK, Table};
use crate::kb::marks;
use crate::kb::prepare::Reading;
use crate::kb::slug::slug;

/// Words that make a note a warning.
const WARNINGS: [&str; 6] = ["warning", "caution", "important", "advertencia", "atención", "importante"];

/// Words that say that a note is one.
const NOTES: [&str; 2] = ["note", "nota"];

/// A bare line with more words than this is a sentence and no title.
const MAX_TITLE_WORDS: usize = 20;

/// What stands below a heading, piece by piece.
#[derive(Clone, Debug)]
enum Piece {
    /// A label: what it opens, the rest of its line, and whether that is a heading.
    Label {
        part: Part,
        rest: String,
        is_heading: bool,
        span: Range<usize>,
    },
    /// A line of a paragraph; whether it is the first of one.
    Line {
        rich: String,
        is_first: bool,
        span: Range<usize>,
    },
    /// A title inside a list: an answer of its own begins.
    Title {
        rich: String,
        span: Range<usize>,
    },
    Pictures(Vec<Picture>, Range<usize>),
    Block(Block),
}

impl Piece {
    fn span(&self) -> Range<usize> {
        match self {
            Self::Label { span, .. } | Self::Line { span, .. } | Self::Title { span, .. } | Self::Pictures(_, span) => {
                span.clone()
            }
            Self::Block(block) => block.span(),
        }
    }

    fn part(&self) -> Option<Part> {
        if let Self::Label { part, .. } = self { Some(*part) } else { None }
    }

    fn line(&self) -> Option<&str> {
        if let Self::Line { rich, .. } = self { Some(rich) } else { None }
    }
}

/// One answer of a section.
#[derive(Clone, Debug, Default)]
struct Group {
    /// Where it has a title of its own.
    title: Option<(String, Range<usize>)>,
    /// Where a bare line names an area for it and what follows.
    area: Option<(String, Range<usize>)>,
    pieces: Vec<Piece>,
    /// Its lines have lost the marks of lists.
    is_lost: bool,
}

impl Group {
    /// Takes the title from what follows the word for the symptom: a line, or
    /// the first of a message that is set as code.
    fn name_by_symptom(&mut self) {
        let label = self.pieces.iter().position(|it| it.part() == Some(Part::Description));
        let Some(at) = label else { return };
        match self.pieces.get(at + 1).cloned() {
            Some(Piece::Line { rich, span, .. }) => {
                self.pieces.remove(at + 1);
                self.title = Some((title_of(&rich), span));
            }
            Some(Piece::Block(Block::Code { text, span })) => {
                let line = text.lines().map(str::trim).find(|it| !it.is_empty()).unwrap_or_default();
                self.title = (!line.is_empty()).then(|| (code_span(line), span));
            }
            _ => {}
        }
    }
}

impl FileReader<'_> {
    /// Reads what is not a symptom table below a heading. `is_intro`: entries
    /// follow below it, so that plain text is an introduction to them.
    pub(super) fn prose(&mut self, above: &[Above], content: &[Content], is_intro: bool) {
        let pieces = pieces(content);
        let spans: Vec<Range<usize>> = pieces.iter().map(Piece::span).collect();
        let has_labels = pieces.iter().any(|it| it.part().is_some());
        let intro = introduction(&pieces).filter(|it| is_intro && it.end <= self.tables_from);
        let mut groups = if is_lost(&pieces) { split_lost(&pieces) } else { split(pieces) };
        let n_groups = groups.len();
        let mut named_above: Option<Above> = None;
        for group in &mut groups {
            let Group { title, area, pieces, is_lost } = std::mem::take(group);
            if let Some((rich, span)) = area {
                let inline = Inline::of(rich, span.clone());
                self.saw(span, Fate::Understood, "the name of an area");
                named_above = Some(Above { level: super::outline::BOLD_LEVEL, inline, id: None });
            }
            let spans: Vec<Range<usize>> = pieces.iter().map(Piece::span).collect();
            let labelled = pieces.iter().any(|it| it.part().is_some());
            let mut draft = self.assemble(&pieces, is_lost, has_labels);
            let is_own = title.is_some() || n_groups > 1;
            let mut own_above: Vec<Above> = above.to_vec();
            if let Some(it) = &named_above {
                own_above.retain(|above| above.level < it.level);
                own_above.push(it.clone());
            }
            if let Some((rich, span)) = title {
                let inline = Inline::of(rich, span);
                own_above.push(Above { level: super::outline::BOLD_LEVEL + 1, inline, id: None });
            }
            let waiting = self.waiting.take();
            if let Some(waiting) = waiting {
                if !draft.steps.is_empty() && draft.causes.is_empty() {
                    draft.description.splice(0..0, waiting.description);
                    draft.causes = waiting.causes;
                } else {
                    let spans = [waiting.place.span];
                    self.left_out(&spans, false, None);
                }
            }
            let is_entry = labelled || !draft.steps.is_empty() || own_above.len() > 1;
            if !is_own && (!is_entry || (is_intro && !labelled && draft.steps.is_empty())) {
                // Reasons that stand above a guide of their own belong to it.
                if is_intro && !draft.causes.is_empty() {
                    for it in &spans {
                        self.saw(it.clone(), Fate::Understood, "what stands before the steps");
                    }
                    draft.place = Place { file: self.file, span: spans.first().cloned().unwrap_or_default() };
                    self.waiting = Some(draft);
                    return;
                }
                // A question is answered by what stands right below it, whatever follows.
                let asks = own_above.last().is_some_and(|it| looks_wrong(&text::plain(&it.inline.text)));
                if is_intro && !asks || !self.answer_of_text(&own_above, &mut draft) {
                    self.left_out(&spans, is_intro, intro.as_ref());
                    continue;
                }
            } else if draft.steps.is_empty()
                && !labelled
                && !self.answer_of_text(&own_above, &mut draft)
                && self.reading == Reading::Found
            {
                self.left_out(&spans, false, None);
                continue;
            }
            self.finish(&own_above, &spans, draft);
        }
        if groups.is_empty() && above.len() > 1 && !is_intro {
            self.finish(above, &spans, Draft::default());
        }
    }

    /// In a text that was found: what stands below a title that says what is
    /// wrong, or below a question, is its answer. Whether it is one.
    fn answer_of_text(&mut self, above: &[Above], draft: &mut Draft) -> bool {
        if self.reading == Reading::Authored || draft.description.is_empty() {
            return false;
        }
        let titles: Vec<String> = above.iter().map(|it| text::plain(&it.inline.text)).collect();
        let Some(own) = titles.last() else { return false };
        if words::is_generic_title(own) {
            return false;
        }
        let others = titles[..titles.len() - 1].iter().chain(self.front.title.as_ref()).chain([&self.source.path]);
        let is_trouble =
            (above.len() > 1 && others.into_iter().any(|it| words::is_trouble_title(it))) || looks_wrong(own);
        if !is_trouble {
            return false;
        }
        let config = &self.book.config;
        let fallback = self.front.contact.as_deref();
        for it in std::mem::take(&mut draft.description) {
            let kind = marks::recognise(config, &it.value, fallback);
            draft.steps.push(Marked {
                audience: it.audience,
                value: DraftStep { kind, text: it.value, ..DraftStep::default() },
            });
        }
        true
    }

    /// Text that belongs to no entry. One paragraph that introduces an area is
    /// expected there, which is `expected`; a table that is not one is a mistake.
    fn left_out(&mut self, spans: &[Range<usize>], is_intro: bool, expected: Option<&Range<usize>>) {
        // What was kept in an answer is not, where there is none.
        let file = self.file;
        self.book.seen.retain(|it| {
            let is_inside = spans.iter().any(|span| span.start <= it.span.start && it.span.end <= span.end);
            it.file != file || it.fate != Fate::Kept || !is_inside
        });
        // The lines of a paragraph are one text.
        let mut whole: Vec<Range<usize>> = Vec::new();
        let mut was_first = false;
        for span in spans {
            let is_first = expected.is_some_and(|it| it.start <= span.start && span.end <= it.end);
            match whole.last_mut().filter(|_| is_first == was_first) {
                Some(last) if last.start <= span.start && span.start <= last.end => last.end = last.end.max(span.end),
                _ => whole.push(span.clone()),
            }
            was_first = is_first;
        }
        for span in &whole {
            let is_expected = match self.reading {
                Reading::Found => is_intro,
                Reading::Authored => expected.is_some_and(|it| it.start <= span.start && span.end <= it.end),
            };
            if self.is_broken_table(span) {
                self.report_broken_table(span);
            } else if !is_expected {
                let found = Diagnostic::warning(
                    "left-out",
                    self.source,
                    span.clone(),
                    "this text belongs to no entry and is left out",
                );
                self.report(
                    found.hint("an issue has a line that begins with `Resolution:`, a guide has numbered steps"),
                );
            }
            let what = if is_intro { "an introduction" } else { "text that belongs to no entry" };
            self.saw(span.clone(), Fate::LeftOut, what);
        }
    }

    /// Whether a text is a table but for its line of dashes.
    fn is_broken_table(&self, span: &Range<usize>) -> bool {
        self.source.text.get(span.clone()).unwrap_or_default().trim_start().starts_with('|') && !self.is_table(span)
    }

    fn report_broken_table(&mut self, span: &Range<usize>) {
        let fix = fix::delimiter(self.source, span);
        let message = "expected a table, found lines with pipes";
        let found = Diagnostic::error("broken-table", self.source, span.clone(), message);
        self.report(found.hint("below the header a line such as |---|---|---| is missing").fixed_by(fix));
    }

    fn finish(&mut self, above: &[Above], spans: &[Range<usize>], mut draft: Draft) {
        let span = above.last().map_or_else(|| spans.first().cloned().unwrap_or_default(), |it| it.inline.span.clone());
        let symptom = above.last().map(|it| marks::one_line(&it.inline.text)).or_else(|| self.front.title.clone());
        let symptom = symptom.map(|it| if self.reading == Reading::Found { without_label(&it) } else { it });
        let Some(symptom) = symptom.filter(|it| !it.is_empty()) else {
            let found = Diagnostic::error("missing-symptom", self.source, span, "an issue without a heading");
            self.report(found.hint("give it a heading that says what the person sees"));
            for it in spans {
                self.saw(it.clone(), Fate::LeftOut, "an issue without a heading");
            }
            return;
        };
        let plain = text::plain(&symptom);
        let area = match above.len().checked_sub(2).and_then(|at| above.get(at)) {
            None if self.reading == Reading::Found => self.area_of_page(&plain),
            above => self.area(above),
        };
        let id = above.last().and_then(|it| it.id.clone()).or_else(|| self.front.id.clone());
        let id = id.unwrap_or_else(|| format!("{area}-{}", slug(&plain)));
        draft.id.clone_from(&id);
        draft.area = area;
        draft.lang = self.lang();
        draft.symptom = symptom;
        draft.audience = self.front_audience();
        draft.contact.clone_from(&self.front.contact);
        draft.place = Place { file: self.file, span: span.clone() };
        for it in spans {
            self.saw(it.clone(), Fate::Understood, format!("part of \"{plain}\""));
        }
        let is_head = |it: &&Range<usize>| self.reading == Reading::Authored && self.is_broken_table(it);
        if let Some(first) = spans.iter().find(is_head) {
            // Its other lines follow on it.
            let mut whole = first.clone();
            for it in spans {
                if whole.start <= it.start && it.start <= whole.end {
                    whole.end = whole.end.max(it.end);
                }
            }
            self.report_broken_table(&whole);
        } else if draft.steps.is_empty() {
            let found = Diagnostic::error(
                "missing-resolution",
                self.source,
                span.clone(),
                format!("\"{plain}\" has no resolution"),
            );
            self.report(found.hint("add a line `Resolution:` with what to do, or numbered steps").about(id));
        } else if draft.causes.is_empty() && !draft.guide && self.reading == Reading::Authored {
            let found =
                Diagnostic::warning("missing-cause", self.source, span.clone(), format!("\"{plain}\" has no cause"));
            self.report(found.hint("add a line `Typical cause:`").about(id));
        }
        self.keep(draft, span);
    }

    /// The answer that a group of pieces gives.
    fn assemble(&mut self, pieces: &[Piece], is_lost: bool, has_labels: bool) -> Draft {
        let mut draft = Draft::default();
        let mut part = Part::Description;
        // After a label with nothing behind it, each line may be an item.
        let mut opens_list = is_lost;
        let is_resolved = pieces.iter().any(|it| matches!(it.part(), Some(Part::Resolution | Part::Guide)));
        let mut at = 0;
        let mut in_heading = false;
        while at < pieces.len() {
            match &pieces[at] {
                Piece::Label { part: found, rest, is_heading, span } => {
                    part = *found;
                    in_heading = *is_heading;
                    let mut rich = rest.clone();
                    let mut next = at + 1;
                    opens_list = rich.is_empty() || is_lost;
                    // The text of a label goes on to the end of its paragraph.
                    if !*is_heading && !rich.is_empty() {
                        let lines = following(&pieces[next..], false);
                        if is_lost || rich.ends_with(':') && are_items(&lines, 1) {
                            opens_list = true;
                        } else {
                            for line in &lines {
                                rich.push(' ');
                                rich.push_str(line);
                            }
                            next += lines.len();
                        }
                    }
                    self.add_text(part, span, &rich, &mut draft);
                    at = next;
                    continue;
                }
                Piece::Line { rich, is_first, span } => {
                    let lines = following(&pieces[at + 1..], is_lost);
                    let all: Vec<String> = [rich.clone()].into_iter().chain(lines).collect();
                    // After its list, a part is over.
                    let is_after = *is_first
                        && matches!(part, Part::Resolution | Part::Guide)
                        && !draft.steps.is_empty()
                        && self.reading == Reading::Authored;
                    if is_after {
                        part = Part::After;
                        self.check_behind_step(rich, span, &draft);
                    }
                    let n = all.len();
                    let span = span.clone();
                    if opens_list && part != Part::Description && (is_lost || are_items(&all, 2)) {
                        for it in &all {
                            self.add_item(part, &span, it, false, &mut draft);
                        }
                    } else if part == Part::Description && self.reads_as_reasons(&all) {
                        // "It happens for these reasons:" in one paragraph with them.
                        self.add_reasons(&all, &span, &mut draft);
                        part = Part::Description;
                    } else if part == Part::Description
                        && !has_labels
                        && self.reading == Reading::Found
                        && are_steps(&all)
                    {
                        let others_end = all.iter().filter(|it| ends_sentence(it)).count() * 2 > all.len();
                        for it in &all {
                            self.add_item(Part::Guide, &span, it, others_end, &mut draft);
                        }
                        draft.guide = true;
                    } else {
                        let joined = all.join(" ");
                        self.add_text(part, &span, &joined, &mut draft);
                        // "It happens for these reasons:" opens a part just as a label does.
                        let ends = joined.to_lowercase();
                        if part == Part::Description && ends.ends_with(':') && is_about_reasons(&ends) {
                            part = Part::Causes;
                        }
                    }
                    opens_list = is_lost;
                    at += n;
                    continue;
                }
                Piece::Title { rich, span } => self.add_text(part, span, rich, &mut draft),
                Piece::Pictures(pictures, span) => {
                    let inline = Inline { pictures: pictures.clone(), ..Inline::of("", span.clone()) };
                    self.add_pictures(&inline, part, &mut draft);
                }
                Piece::Block(block) => {
                    self.add_block(block, &mut part, is_resolved, in_heading, &mut draft);
                    opens_list = is_lost;
                }
            }
            at += 1;
        }
        draft
    }

    /// Text without a mark right behind steps of which the last is not for all.
    fn check_behind_step(&mut self, rich: &str, span: &Range<usize>, draft: &Draft) {
        let widest = self.front_audience();
        let last = draft.steps.last().and_then(|it| it.audience).filter(|it| *it > widest);
        if let Some(last) = last
            && !rich.contains("{audience ")
            && words::label(rich).is_none()
        {
            let message = format!("text for everybody right behind a step for {last} only");
            let found = Diagnostic::error("unclear-audience", self.source, span.clone(), message);
            self.report(found.hint(format!(
                "indent it where it belongs to the step; else begin it with {{audience {widest}}} or {{audience {last}}}"
            )));
        }
    }

    fn add_text(&mut self, part: Part, span: &Range<usize>, rich: &str, draft: &mut Draft) {
        let rich = marks::one_line(rich);
        if rich.is_empty() {
            return;
        }
        if matches!(part, Part::Resolution | Part::Guide) {
            let step = self.step(span, &rich, Vec::new());
            if !step.value.text.is_empty() {
                draft.steps.push(step);
            }
        } else {
            let text = self.text(span, &rich);
            add(part, draft, text);
        }
    }

    /// A line that has lost the mark of its list.
    fn add_item(&mut self, part: Part, span: &Range<usize>, line: &str, others_end: bool, draft: &mut Draft) {
        let line = line.trim().trim_end_matches(',').trim();
        // What stood below a picture names no action, and is no sentence among sentences.
        let is_caption = part == Part::Guide && is_bare(line) && (others_end || !starts_with_verb(line));
        match draft.steps.last_mut() {
            Some(step) if is_caption => {
                let note = DraftNote { kind: NoteKind::Note, text: marks::one_line(line), ..DraftNote::default() };
                step.value.notes.push(Marked { audience: None, value: note });
            }
            _ => self.add_text(part, span, line, draft),
        }
    }

    fn reads_as_reasons(&self, lines: &[String]) -> bool {
        let first = lines.iter().position(|it| it.trim_end().ends_with(':') && is_about_reasons(&it.to_lowercase()));
        first.is_some_and(|at| are_items(&lines[at + 1..], 2)) && self.reading == Reading::Found
    }

    fn add_reasons(&mut self, lines: &[String], span: &Range<usize>, draft: &mut Draft) {
        let mut part = Part::Description;
        for it in lines {
            self.add_text(part, span, it, draft);
            if it.trim_end().ends_with(':') && is_about_reasons(&it.to_lowercase()) {
                part = Part::Causes;
            }
        }
    }

    fn add_block(&mut self, block: &Block, part: &mut Part, is_resolved: bool, in_heading: bool, draft: &mut Draft) {
        match block {
            Block::List { ordered, items, .. } => {
                let opens_guide = match part {
                    Part::Guide => true,
                    Part::Description | Part::Causes => !is_resolved,
                    _ => false,
                };
                if *ordered && opens_guide {
                    // Numbers are steps wherever they stand; without a label it is a guide.
                    *part = Part::Guide;
                    draft.guide = true;
                }
                for item in items {
                    if matches!(part, Part::Resolution | Part::Guide) {
                        let step = self.item_step(item);
                        draft.steps.extend(step);
                    } else {
                        let text = item_text(item);
                        let text = self.text(&item.span, &text);
                        add(*part, draft, text);
                    }
                }
            }
            Block::Quote { warning, blocks, .. } => {
                let notes = self.notes(*warning, blocks);
                let steps = matches!(part, Part::Resolution | Part::Guide).then_some(&mut draft.steps);
                match steps.and_then(|it| it.last_mut()).filter(|_| self.reading == Reading::Found) {
                    Some(step) => step.value.notes.extend(notes),
                    None => {
                        for note in notes {
                            let text = note.value.text.clone();
                            let part = if self.reading == Reading::Found && *part == Part::Resolution {
                                Part::Description
                            } else {
                                *part
                            };
                            add(part, draft, Marked { audience: note.audience, value: text });
                        }
                    }
                }
            }
            Block::Code { text, span } => self.add_code(*part, text, span, draft),
            Block::Heading { inline, .. } => {
                self.add_text(*part, &inline.span, &inline.text, draft);
                if in_heading && self.reading == Reading::Found {
                    self.saw(inline.span.clone(), Fate::Kept, "a heading inside an answer is kept as text");
                }
            }
            Block::Table(table) => self.add_table(*part, table, draft),
            Block::Paragraph(_) => {}
        }
    }

    fn add_code(&mut self, part: Part, code: &str, span: &Range<usize>, draft: &mut Draft) {
        let code = code.trim_end();
        if code.trim().is_empty() {
            return;
        }
        if matches!(part, Part::Resolution | Part::Guide) {
            let n_lines = code.lines().filter(|it| !it.trim().is_empty()).count();
            if n_lines == 1 && draft.steps.is_empty() {
                let rich = code_span(code);
                let step = self.step(span, &rich, Vec::new());
                draft.steps.push(step);
                return;
            }
            if draft.steps.is_empty() {
                let step = DraftStep { text: "Use this:".into(), ..DraftStep::default() };
                draft.steps.push(Marked { audience: None, value: step });
            }
            if let Some(step) = draft.steps.last_mut() {
                let note = DraftNote { kind: NoteKind::Code, text: code.into(), ..DraftNote::default() };
                step.value.notes.push(Marked { audience: None, value: note });
            }
            return;
        }
        let text = self.text(span, &code_span(code));
        add(part, draft, text);
    }

    /// A table that belongs to an answer, row by row as text.
    fn add_table(&mut self, part: Part, table: &Table, draft: &mut Draft) {
        let titles: Vec<String> = table.head.iter().map(|it| marks::one_line(&it.text)).collect();
        // "Check" and "Fix": what to do, one thing after another.
        let acts = table.head.iter().any(|it| words::is_sure_action(&it.text));
        let part = if acts && part == Part::Description && self.reading == Reading::Found { Part::Guide } else { part };
        let is_one_a_row = acts && matches!(part, Part::Resolution | Part::Guide);
        for row in &table.rows {
            let cells = row.cells.iter().zip(&titles).filter(|it| !it.0.text.trim().is_empty());
            let cells = cells.map(|(cell, title)| {
                let text = marks::one_line(&cell.text);
                if title.is_empty() { text } else { format!("{title}: {text}") }
            });
            let rich = cells.collect::<Vec<_>>().join(" – ");
            if rich.is_empty() {
                continue;
            }
            let text = self.text(&row.span, &rich);
            match draft.steps.last_mut().filter(|_| matches!(part, Part::Resolution | Part::Guide) && !is_one_a_row) {
                Some(step) => {
                    let note = DraftNote { kind: NoteKind::Item, text: text.value, ..DraftNote::default() };
                    step.value.notes.push(Marked { audience: text.audience, value: note });
                }
                None if matches!(part, Part::Resolution | Part::Guide) => {
                    draft.steps.push(Marked {
                        audience: text.audience,
                        value: DraftStep { text: text.value, ..DraftStep::default() },
                    });
                }
                None => add(part, draft, text),
            }
        }
        self.saw(table.span.clone(), Fate::Kept, "a table inside an answer is kept as text, row by row");
    }

    fn add_pictures(&mut self, inline: &Inline, part: Part, draft: &mut Draft) {
        let mut pictures = self.pictures(inline);
        if part == Part::After {
            // It stands in that text, and is shown with the step before it.
            inherit(&mut pictures, draft.after.last().and_then(|it| it.audience));
        }
        for picture in pictures {
            match draft.steps.last_mut() {
                Some(step) => step.value.notes.push(picture),
                None if self.reading == Reading::Found => {
                    let text = Marked { audience: None, value: picture.value.text };
                    let part = if matches!(part, Part::Resolution | Part::Guide) { Part::Description } else { part };
                    add(part, draft, text);
                }
                None => {
                    let found = Diagnostic::warning(
                        "left-out",
                        self.source,
                        inline.span.clone(),
                        "a picture outside the steps is left out",
                    );
                    self.report(found.hint("put it below the step that it shows"));
                }
            }
        }
    }

    fn item_step(&mut self, item: &Item) -> Option<Marked<DraftStep>> {
        let Some((Block::Paragraph(first), rest)) = item.blocks.split_first() else {
            if self.reading == Reading::Found {
                let text = item_text(item);
                let text = if text.is_empty() { code_of(&item.blocks) } else { text };
                return (!text.is_empty()).then(|| self.step(&item.span, &text, Vec::new()));
            }
            let found = Diagnostic::error("missing-step", self.source, item.span.clone(), "a step without text");
            self.report(found.hint("say what to do, then what belongs to it"));
            return None;
        };
        let mut notes = self.pictures(first);
        for block in rest {
            self.add_note(block, &mut notes);
        }
        let text = if first.text.is_empty() {
            // A picture alone: what it shows is all that is said.
            notes.first().filter(|_| self.reading == Reading::Found).map(|it| it.value.text.clone()).unwrap_or_default()
        } else {
            first.text.clone()
        };
        if text.is_empty() && self.reading == Reading::Found {
            return None;
        }
        Some(self.step(&first.span, &text, notes))
    }

    fn add_note(&mut self, block: &Block, notes: &mut Vec<Marked<DraftNote>>) {
        match block {
            Block::Paragraph(inline) => {
                let mut audience = None;
                if !inline.text.is_empty() {
                    let note = self.note(NoteKind::Note, inline);
                    audience = note.audience;
                    notes.push(note);
                }
                let n_notes = notes.len();
                notes.extend(self.pictures(inline));
                inherit(&mut notes[n_notes..], audience);
            }
            Block::List { items, .. } => {
                for it in items {
                    let text = item_text(it);
                    let text = self.text(&it.span, &text);
                    if !text.value.is_empty() {
                        let value = DraftNote { kind: NoteKind::Item, text: text.value, ..DraftNote::default() };
                        notes.push(Marked { audience: text.audience, value });
                    }
                    let n_notes = notes.len();
                    for block in &it.blocks {
                        // What an item holds beyond its text comes after it.
                        match block {
                            Block::Code { .. } => self.add_note(block, notes),
                            Block::Paragraph(inline) => notes.extend(self.pictures(inline)),
                            _ => {}
                        }
                    }
                    inherit(&mut notes[n_notes..], text.audience);
                }
            }
            Block::Quote { warning, blocks, .. } => notes.extend(self.notes(*warning, blocks)),
            Block::Code { text, .. } => {
                if !text.trim().is_empty() {
                    let value =
                        DraftNote { kind: NoteKind::Code, text: text.trim_end().into(), ..DraftNote::default() };
                    notes.push(Marked { audience: None, value });
                }
            }
            Block::Table(table) if self.reading == Reading::Found => {
                let mut draft = Draft { steps: vec![Marked::default()], ..Draft::default() };
                self.add_table(Part::Resolution, table, &mut draft);
                notes.extend(draft.steps.into_iter().flat_map(|it| it.value.notes));
            }
            Block::Heading { inline, .. } if self.reading == Reading::Found => {
                let note = self.note(NoteKind::Note, inline);
                notes.push(note);
            }
            Block::Heading { .. } | Block::Table(_) => {
                let found = Diagnostic::warning(
                    "left-out",
                    self.source,
                    block.span(),
                    "a heading or table inside a step is left out",
                );
                self.report(found);
            }
        }
    }

    /// What a quote says, paragraph by paragraph; its lists and code too.
    fn notes(&mut self, warning: bool, blocks: &[Block]) -> Vec<Marked<DraftNote>> {
        let kind = if warning { NoteKind::Warning } else { NoteKind::Note };
        let mut notes = Vec::new();
        for it in blocks {
            match it {
                Block::Paragraph(inline) => {
                    if !inline.text.is_empty() {
                        let note = self.note(kind, inline);
                        notes.push(note);
                    }
                    if self.reading == Reading::Found {
                        notes.extend(self.pictures(inline));
                    }
                }
                Block::Quote { warning, blocks, .. } => notes.extend(self.notes(*warning, blocks)),
                other => self.add_note(other, &mut notes),
            }
        }
        let marked = notes.iter().position(|it| it.audience.is_some_and(|it| it > self.front_audience()));
        if let Some(at) = marked
            && self.reading == Reading::Authored
            && notes[at..].iter().any(|it| it.audience.is_none())
            && let (Some(first), Some(last)) = (blocks.first(), blocks.last())
        {
            let found = Diagnostic::error(
                "unclear-audience",
                self.source,
                first.span().start..last.span().end,
                "a quote of which one part is marked, and what follows on it is not",
            );
            self.report(found.hint("mark each paragraph of it, or make them one"));
        }
        notes
    }

    /// A note without the word that says it is one.
    fn note(&mut self, kind: NoteKind, inline: &Inline) -> Marked<DraftNote> {
        let text = self.text(&inline.span, &inline.text);
        let (kind, note) = match words::split_label(&text.value) {
            Some((name, rest)) if WARNINGS.contains(&name.as_str()) => (NoteKind::Warning, rest.into()),
            Some((name, rest)) if NOTES.contains(&name.as_str()) => (kind, rest.into()),
            _ => (kind, text.value),
        };
        Marked { audience: text.audience, value: DraftNote { kind, text: note, ..DraftNote::default() } }
    }
}

/// What belongs to a marked text is for nobody else.
fn inherit(notes: &mut [Marked<DraftNote>], audience: Option<Audience>) {
    for it in notes.iter_mut().filter(|it| it.audience.is_none()) {
        it.audience = audience;
    }
}

/// The paragraph that stands first.
fn introduction(pieces: &[Piece]) -> Option<Range<usize>> {
    let first = pieces.first().filter(|it| it.line().is_some())?.span();
    let rest = pieces[1..].iter().take_while(|it| matches!(it, Piece::Line { is_first: false, .. }));
    Some(first.start..rest.last().map_or(first.end, |it| it.span().end))
}

/// What stands below a heading as pieces.
fn pieces(content: &[Content]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for it in content {
        match it {
            Content::Label(inline) => {
                if let Some(label) = words::heading_label(&inline.text) {
                    let (part, rest) = (label.part, marks::one_line(label.rest));
                    pieces.push(Piece::Label { part, rest, is_heading: true, span: inline.span.clone() });
                }
            }
            Content::Block(block) => add_pieces(block, &mut pieces),
        }
    }
    pieces
}

/// The pieces of a block.
fn add_pieces(block: &Block, pieces: &mut Vec<Piece>) {
    match block {
        Block::Paragraph(inline) => add_lines(inline, pieces),
        Block::List { items, .. } if is_of_labels(items) => {
            for item in items {
                for it in &item.blocks {
                    add_pieces(it, pieces);
                }
            }
        }
        Block::List { items, .. } if is_of_answers(items) => {
            for item in items {
                let mut blocks = item.blocks.iter();
                if let Some(Block::Paragraph(first)) = blocks.clone().next() {
                    blocks.next();
                    let lines = first.lines();
                    let (head, span) = lines[0].clone();
                    if words::label(head).is_none() {
                        pieces.push(Piece::Title { rich: title_of(head), span });
                        if lines.len() > 1 || !first.pictures.is_empty() {
                            let rest = Inline::of_lines(&lines[1..]);
                            add_lines(&Inline { pictures: first.pictures.clone(), ..rest }, pieces);
                        }
                    } else {
                        add_lines(first, pieces);
                    }
                }
                for it in blocks {
                    add_pieces(it, pieces);
                }
            }
        }
        // A quote around an answer, as some people set theirs.
        Block::Quote { blocks, .. } if blocks.iter().any(has_label) => {
            for it in blocks {
                add_pieces(it, pieces);
            }
        }
        _ => pieces.push(Piece::Block(block.clone())),
    }
}

/// The lines of a paragraph; labels may begin any of them, and in bold stand
/// inside one too.
fn add_lines(inline: &Inline, pieces: &mut Vec<Piece>) {
    let mut is_first = true;
    let lines = inline
        .lines()
        .into_iter()
        .flat_map(|(line, span)| at_labels(line).into_iter().map(move |it| (it, span.clone())));
    for (line, span) in lines {
        if line.trim().is_empty() {
            continue;
        }
        let piece = match words::label(line).or_else(|| loose_label(line)) {
            Some(it) => Piece::Label { part: it.part, rest: it.rest.into(), is_heading: false, span },
            None => Piece::Line { rich: line.trim().into(), is_first, span },
        };
        pieces.push(piece);
        is_first = false;
    }
    if !inline.pictures.is_empty() {
        pieces.push(Piece::Pictures(inline.pictures.clone(), inline.span.clone()));
    }
}

/// A line cut before each bold label inside it.
pub(super) fn at_labels(line: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in line.match_indices(text::STRONG) {
        let is_inside = at > start && !line[start..at].trim().is_empty();
        if is_inside
            && line[start..at].ends_with([' ', '.', ';'])
            && words::label(&line[at..]).is_some_and(|it| !it.rest.is_empty())
        {
            parts.push(&line[start..at]);
            start = at;
        }
    }
    parts.push(&line[start..]);
    parts
}

/// "Causes with workarounds: …": a label with more words, all of which are kept.
fn loose_label(line: &str) -> Option<words::Label<'_>> {
    let (head, _) = line.split_once(": ")?;
    let head = text::plain(head).to_lowercase();
    let words: Vec<&str> = head.split_whitespace().collect();
    let is_one = (2..=4).contains(&words.len())
        && matches!(words[0], "causes" | "cause")
        && matches!(words[1], "with" | "without" | "for" | "in" | "on");
    is_one.then(|| words::Label { part: Part::Causes, name: "cause".into(), number: None, rest: line })
}

/// The lines that follow in the same paragraph; in a document without marks all
/// lines that follow.
fn following(pieces: &[Piece], is_lost: bool) -> Vec<String> {
    let mut lines = Vec::new();
    for it in pieces {
        match it {
            Piece::Line { rich, is_first, .. } if is_lost || !is_first => lines.push(rich.clone()),
            _ => break,
        }
    }
    lines
}

/// Whether lines are items that have lost their marks: each begins like a
/// sentence, and they end alike.
fn are_items(lines: &[String], at_least: usize) -> bool {
    let begins = |it: &String| {
        let plain = text::plain(it);
        plain.trim_start().chars().next().is_some_and(|it| {
            it.is_uppercase() || it.is_ascii_digit() || matches!(it, '"' | '“' | '‘' | '\'' | '`' | '/' | '<')
        })
    };
    let ends = lines.iter().filter(|it| ends_sentence(it)).count();
    lines.len() >= at_least && lines.iter().all(begins) && (ends == 0 && lines.len() > 2 || ends + 1 >= lines.len())
}

/// Whether lines of one paragraph are the steps of a guide without its numbers.
fn are_steps(lines: &[String]) -> bool {
    let acts = lines.iter().filter(|it| starts_with_verb(it) || it.to_lowercase().contains("click")).count();
    lines.len() > 2 && are_items_or_bare(lines) && acts * 2 > lines.len()
}

fn are_items_or_bare(lines: &[String]) -> bool {
    lines.iter().all(|it| {
        let plain = text::plain(it);
        plain.trim_start().chars().next().is_some_and(char::is_uppercase)
    })
}

/// Whether a line begins with a word that asks for something to be done.
fn starts_with_verb(line: &str) -> bool {
    const VERBS: [&str; 48] = [
        "go", "click", "open", "find", "select", "log", "choose", "press", "type", "enter", "check", "make", "wait",
        "restart", "run", "set", "turn", "look", "use", "add", "remove", "delete", "copy", "paste", "start", "stop",
        "navigate", "scroll", "sign", "close", "save", "verify", "confirm", "ensure", "try", "reset", "update",
        "install", "disable", "enable", "switch", "clear", "contact", "ask", "connect", "create", "replace", "unplug",
    ];
    let plain = text::plain(line).to_lowercase();
    let first: String = plain.trim_start().chars().take_while(|it| it.is_alphanumeric()).collect();
    VERBS.contains(&first.as_str())
}

fn is_about_reasons(lower: &str) -> bool {
    lower.contains("reason") || lower.contains("cause")
}

fn ends_sentence(line: &str) -> bool {
    text::plain(line).trim_end().trim_end_matches([')', '"', '”', '’']).ends_with(['.', '!', '?', ';', ','])
}

/// Whether a line has the form of a title: few words, no end of a sentence.
fn is_bare(line: &str) -> bool {
    let plain = text::plain(line);
    let plain = plain.trim();
    !plain.is_empty()
        && !plain.contains(". ")
        && !plain.ends_with(['.', '!', '?', ';', ',', ':'])
        && plain.split_whitespace().count() <= MAX_TITLE_WORDS
}

/// Whether a stream of lines has lost the marks that told titles from steps:
/// after a resolution there are plain lines, and then causes again.
fn is_lost(pieces: &[Piece]) -> bool {
    if pieces.iter().any(|it| matches!(it, Piece::Title { .. })) {
        return false;
    }
    openings(pieces).len() > 1
}

/// The places of the labels that open an answer whose title is the line before it.
fn openings(pieces: &[Piece]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut last = None;
    for (at, it) in pieces.iter().enumerate() {
        let Piece::Label { part, is_heading, .. } = it else { continue };
        let is_new = match part {
            Part::Causes => matches!(last, None | Some(Part::Resolution | Part::Guide | Part::After)),
            Part::Resolution => {
                let before = at.checked_sub(1).and_then(|at| pieces[at].line());
                let is_titled = before.is_some_and(|it| is_bare(it) || it.ends_with(':') || head_of(it).is_some());
                matches!(last, None | Some(Part::Resolution)) && is_titled
            }
            _ => false,
        };
        let is_behind_line = at.checked_sub(1).is_some_and(|at| pieces[at].line().is_some());
        if is_new && is_behind_line && !is_heading {
            found.push(at);
        } else if is_new && last.is_some() {
            // A group without a title of its own: this is no such document.
            return Vec::new();
        }
        last = Some(*part);
    }
    found
}

/// The title of a line "Title: what happens", and the rest.
fn head_of(line: &str) -> Option<(&str, &str)> {
    let (head, rest) = line.split_once(": ")?;
    let n = text::plain(head).split_whitespace().count();
    (n <= MAX_TITLE_WORDS && !head.contains(['.', '!', '?'])).then_some((head.trim(), rest.trim()))
}

fn title_of(line: &str) -> String {
    let line = marks::one_line(line);
    let line = line.trim().trim_end_matches([':', '–', '—']).trim();
    let inner = line.strip_prefix(text::STRONG).and_then(|it| it.strip_suffix(text::CLOSE)).unwrap_or(line);
    inner.trim().trim_end_matches(':').trim().into()
}

/// The answers of a document without marks.
fn split_lost(pieces: &[Piece]) -> Vec<Group> {
    let openings = openings(pieces);
    let titles: Vec<usize> = openings.iter().map(|it| it - 1).collect();
    let mut groups = Vec::new();
    let mut loose: Vec<Piece> = Vec::new();
    let mut area = None;
    // What stands before the first title.
    let mut end = titles.first().copied().unwrap_or_default();
    if let Some(it) = end.checked_sub(1).map(|at| &pieces[at])
        && it.line().is_some_and(is_bare)
    {
        area = it.line().map(|line| (marks::one_line(line), it.span()));
        end -= 1;
    }
    loose.extend(pieces[..end].iter().cloned());
    for (n, title) in titles.iter().enumerate() {
        let stop = titles.get(n + 1).copied().unwrap_or(pieces.len());
        let mut own: Vec<Piece> = pieces[title + 1..stop].to_vec();
        let mut next_area = None;
        let mut next_loose = Vec::new();
        if n + 1 < titles.len() {
            let from = own.iter().rposition(|it| !matches!(it, Piece::Line { .. })).map_or(0, |it| it + 1);
            let is_told =
                matches!(own.get(from.wrapping_sub(1)), Some(Piece::Label { rest, .. }) if ends_sentence(rest));
            let mut tail = own.split_off(from);
            let items_end =
                tail.iter().take(tail.len().saturating_sub(1)).any(|it| it.line().is_some_and(ends_sentence));
            if let Some(last) = tail.last()
                && last.line().is_some_and(is_bare)
                && (is_told || items_end)
            {
                next_area = last.line().map(|it| (marks::one_line(it), last.span()));
                tail.pop();
            }
            // After a resolution that is said, what follows leads to the next answer.
            if is_told {
                next_loose = tail;
            } else {
                own.extend(tail);
            }
        }
        let line = pieces[*title].line().unwrap_or_default();
        let span = pieces[*title].span();
        let mut group = Group { area: area.take(), is_lost: true, ..Group::default() };
        group.pieces.append(&mut loose);
        match head_of(line) {
            Some((head, rest)) => {
                group.title = Some((title_of(head), span.clone()));
                group.pieces.push(Piece::Line { rich: rest.into(), is_first: true, span });
            }
            None => group.title = Some((title_of(line), span)),
        }
        group.pieces.extend(own);
        groups.push(group);
        area = next_area;
        loose = next_loose;
    }
    groups
}

/// The answers of a section: one, unless a symptom is told more than once or a
/// list holds titles.
fn split(pieces: Vec<Piece>) -> Vec<Group> {
    let n_symptoms = pieces
        .iter()
        .filter(|it| matches!(it, Piece::Label { part: Part::Description, rest, .. } if !rest.is_empty()))
        .count();
    let mut has_answer = false;
    let mut groups: Vec<Group> = Vec::new();
    let mut pieces = pieces.into_iter().peekable();
    while let Some(it) = pieces.next() {
        match it {
            Piece::Title { rich, span } => {
                groups.push(Group { title: Some((rich, span)), ..Group::default() });
                has_answer = false;
            }
            Piece::Label { part: Part::Description, rest, is_heading, span } => {
                // The second telling begins a new answer, once the first has one.
                let tells_more = n_symptoms > 1 && !rest.is_empty() && !is_heading;
                if has_answer || (tells_more && groups.iter().all(|it| it.title.is_none())) {
                    let mut title = rest.clone();
                    let is_told = !rest.is_empty();
                    if is_told {
                        while let Some(Piece::Line { rich, .. }) =
                            pieces.next_if(|it| matches!(it, Piece::Line { is_first: false, .. }))
                        {
                            title.push(' ');
                            title.push_str(&rich);
                        }
                    } else if let Some(Piece::Line { rich, .. }) = pieces.next_if(|it| matches!(it, Piece::Line { .. }))
                    {
                        title = rich;
                    }
                    let title = (!title.is_empty()).then(|| (marks::one_line(&title), span.clone()));
                    let mut new = Group { title, ..Group::default() };
                    if new.title.is_none() {
                        new.pieces.push(Piece::Label { part: Part::Description, rest, is_heading, span });
                    }
                    groups.push(new);
                    has_answer = false;
                    continue;
                }
                group(&mut groups).pieces.push(Piece::Label { part: Part::Description, rest, is_heading, span });
            }
            it => {
                has_answer |= matches!(it.part(), Some(Part::Resolution | Part::Guide));
                group(&mut groups).pieces.push(it);
            }
        }
    }
    if groups.len() > 1 {
        groups.iter_mut().filter(|it| it.title.is_none()).for_each(Group::name_by_symptom);
    }
    // Text before the first title introduces it.
    if groups.len() > 1 && groups[0].title.is_none() && !groups[0].pieces.iter().any(|it| it.part().is_some()) {
        let first = groups.remove(0);
        if let Some(next) = groups.first_mut() {
            next.pieces.splice(0..0, first.pieces);
        }
    }
    groups
}

fn group(groups: &mut Vec<Group>) -> &mut Group {
    if groups.is_empty() {
        groups.push(Group::default());
    }
    let at = groups.len() - 1;
    &mut groups[at]
}

/// Whether the items of a list are the parts of an answer.
fn is_of_labels(items: &[Item]) -> bool {
    let labels: Vec<Option<Part>> = items.iter().map(|it| it.blocks.first().and_then(first_label)).collect();
    let has = |parts: &[Part]| labels.iter().flatten().any(|it| parts.contains(it));
    let n = labels.iter().flatten().count();
    let is_all_answer =
        n == items.len() && labels.iter().flatten().all(|it| matches!(it, Part::Causes | Part::Resolution));
    is_all_answer && !items.is_empty()
        || n > 1
            && has(&[Part::Resolution, Part::Guide])
            && has(&[Part::Causes, Part::Description])
            && n * 2 >= items.len()
}

/// Whether the items of a list are answers: a title, and its parts below it.
fn is_of_answers(items: &[Item]) -> bool {
    let is_label = |it: &Block| {
        let Block::Paragraph(inline) = it else { return false };
        let line = inline.text.split([SOFT_BREAK, HARD_BREAK]).next().unwrap_or_default();
        words::label(line).is_some_and(|it| it.part != Part::Description && words::is_sure_label(&it))
    };
    let is_answer = |item: &Item| {
        let below = item.blocks.iter().skip(1).any(|it| match it {
            Block::List { items, .. } => items.iter().any(|it| it.blocks.first().is_some_and(is_label)),
            it => is_label(it),
        });
        let in_first = item.blocks.first().is_some_and(|it| match it {
            Block::Paragraph(inline) => inline
                .text
                .split([SOFT_BREAK, HARD_BREAK])
                .skip(1)
                .any(|it| words::label(it).is_some_and(|it| words::is_sure_label(&it))),
            _ => false,
        });
        below || in_first
    };
    items.iter().filter(|it| is_answer(it)).count() * 2 > items.len()
}

fn first_label(block: &Block) -> Option<Part> {
    let Block::Paragraph(inline) = block else { return None };
    let line = inline.text.split([SOFT_BREAK, HARD_BREAK]).next().unwrap_or_default();
    words::label(line).map(|it| it.part)
}

/// Whether a title says that something is wrong, or asks.
fn looks_wrong(title: &str) -> bool {
    let lower = format!(" {} ", title.to_lowercase().replace('’', "'"));
    lower.trim_end().ends_with('?')
        || lower.starts_with(" how ")
        || [
            "error",
            "fail",
            "cannot ",
            "can't ",
            "doesn't ",
            "does not ",
            "isn't ",
            " is not ",
            "won't ",
            " not ",
            "unable",
            "missing",
            " stuck",
            " wrong",
            "invalid",
            "denied",
            "timeout",
            "timed out",
            "crash",
            " slow ",
            "refused",
            "unexpected",
            " no ",
            "exception",
            "hangs",
            "broken",
        ]
        .iter()
        .any(|it| lower.contains(it))
}

/// A title without the word that says it is one: "Problem: no sound", "Issue 3: no sound".
fn without_label(rich: &str) -> String {
    match words::heading_label(rich) {
        Some(it) if it.part == Part::Description && !it.rest.is_empty() && it.name != "error" => {
            let rest = marks::one_line(it.rest);
            rest.trim_end_matches(text::CLOSE).trim().into()
        }
        _ => rich.into(),
    }
}

fn item_text(item: &Item) -> String {
    let mut texts: Vec<String> = Vec::new();
    for it in &item.blocks {
        match it {
            Block::Paragraph(inline) => texts.push(inline.text.clone()),
            Block::List { items, .. } => texts.extend(items.iter().map(item_text)),
            Block::Quote { blocks, .. } => {
                let inner = Item { blocks: blocks.clone(), span: item.span.clone() };
                texts.push(item_text(&inner));
            }
            _ => {}
        }
    }
    texts.retain(|it| !it.is_empty());
    texts.join(" ")
}

fn code_of(blocks: &[Block]) -> String {
    blocks
        .iter()
        .find_map(|it| if let Block::Code { text, .. } = it { Some(code_span(text)) } else { None })
        .unwrap_or_default()
}

fn code_span(code: &str) -> String {
    format!("{}{}{}", text::CODE, marks::one_line(code).trim(), text::CLOSE)
}

fn add(part: Part, draft: &mut Draft, text: Marked<String>) {
    if text.value.is_empty() {
        return;
    }
    match part {
        Part::Description => draft.description.push(text),
        Part::Causes => draft.causes.push(text),
        Part::Resolution | Part::Guide | Part::After => draft.after.push(text),
    }
}
