//! Issue sections and guides: a heading is an entry.

use super::{Above, Draft, DraftNote, DraftStep, FileReader, Place};
use crate::index::{NoteKind, text};
use crate::kb::audience::Marked;
use crate::kb::diagnostic::Diagnostic;
use crate::kb::fix;
use crate::kb::markdown::{Block, HARD_BREAK, Inline, Item, SOFT_BREAK};
use crate::kb::marks;
use crate::kb::slug::slug;

/// What the text that follows belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Description,
    Causes,
    /// Steps of an issue.
    Resolution,
    /// Steps of a guide.
    Guide,
    After,
}

/// Words that open a part when a line begins with them and a colon follows.
const LABELS: [(Part, &[&str]); 4] = [
    (
        Part::Description,
        &[
            "symptom",
            "symptoms",
            "description",
            "problem",
            "error",
            "issue",
            "síntoma",
            "síntomas",
            "descripción",
            "problema",
        ],
    ),
    (
        Part::Causes,
        &[
            "cause",
            "causes",
            "typical cause",
            "typical causes",
            "likely cause",
            "likely causes",
            "possible cause",
            "possible causes",
            "root cause",
            "reason",
            "reasons",
            "why",
            "causa",
            "causas",
            "causa habitual",
            "causas habituales",
            "causa probable",
            "causas probables",
            "motivo",
            "motivos",
        ],
    ),
    (
        Part::Resolution,
        &[
            "resolution",
            "resolutions",
            "fix",
            "fixes",
            "solution",
            "solutions",
            "what to do",
            "workaround",
            "workarounds",
            "action",
            "actions",
            "mitigation",
            "solución",
            "soluciones",
            "qué hacer",
        ],
    ),
    (Part::Guide, &["steps", "instructions", "pasos", "instrucciones"]),
];

/// Words that make a note a warning.
const WARNINGS: [&str; 6] = ["warning", "caution", "important", "advertencia", "atención", "importante"];

/// Words that say that a note is one.
const NOTES: [&str; 2] = ["note", "nota"];

impl FileReader<'_> {
    /// Reads what is not a table below a heading. `is_intro`: entries follow
    /// below it, so that plain text is an introduction to them.
    pub(super) fn prose(&mut self, above: &[Above], blocks: &[&Block], is_intro: bool) {
        let mut draft = Draft::default();
        let mut part = Part::Description;
        let mut labelled = false;
        for block in blocks {
            match block {
                Block::Paragraph(inline) => {
                    labelled |= self.paragraph(inline, &mut part, &mut draft);
                }
                Block::List { ordered, items, .. } => self.list(*ordered, items, &mut part, &mut draft),
                Block::Quote { warning, blocks, .. } => {
                    for note in self.notes(*warning, blocks) {
                        let text = note.value.text.clone();
                        add(part, &mut draft, Marked { audience: note.audience, value: text });
                    }
                }
                Block::Code { text, span } => {
                    let text = self.text(span, &format!("{}{}{}", text::CODE, marks::one_line(text), text::CLOSE));
                    add(part, &mut draft, text);
                }
                Block::Heading { .. } | Block::Table(_) => {}
            }
        }
        let is_entry = labelled || !draft.steps.is_empty() || above.len() > 1;
        if !is_entry || (is_intro && !labelled && draft.steps.is_empty()) {
            self.left_out(blocks, is_intro);
            return;
        }
        self.finish(above, blocks, draft);
    }

    /// Text that belongs to no entry. One paragraph that introduces an area is
    /// expected there; a table that is not one is a mistake.
    fn left_out(&mut self, blocks: &[&Block], is_intro: bool) {
        for block in blocks {
            let span = block.span();
            if self.source.text[span.clone()].trim_start().starts_with('|') {
                let fix = fix::delimiter(self.source, &span);
                let found =
                    Diagnostic::error("broken-table", self.source, span, "expected a table, found lines with pipes");
                self.report(found.hint("below the header a line such as |---|---|---| is missing").fixed_by(fix));
            } else if !is_intro {
                let found =
                    Diagnostic::warning("left-out", self.source, span, "this text belongs to no entry and is left out");
                self.report(
                    found.hint("an issue has a line that begins with `Resolution:`, a guide has numbered steps"),
                );
            }
        }
    }

    fn finish(&mut self, above: &[Above], blocks: &[&Block], mut draft: Draft) {
        let span = above
            .last()
            .map_or_else(|| blocks.first().map(|it| it.span()).unwrap_or_default(), |it| it.inline.span.clone());
        let symptom = above.last().map(|it| marks::one_line(&it.inline.text)).or_else(|| self.front.title.clone());
        let Some(symptom) = symptom.filter(|it| !it.is_empty()) else {
            let found = Diagnostic::error("missing-symptom", self.source, span, "an issue without a heading");
            self.report(found.hint("give it a heading that says what the person sees"));
            return;
        };
        let plain = text::plain(&symptom);
        let area = self.area(above.len().checked_sub(2).and_then(|at| above.get(at)));
        let id = above.last().and_then(|it| it.id.clone()).or_else(|| self.front.id.clone());
        let id = id.unwrap_or_else(|| format!("{area}-{}", slug(&plain)));
        if draft.steps.is_empty() {
            let found =
                Diagnostic::error("missing-resolution", self.source, span, format!("\"{plain}\" has no resolution"));
            self.report(found.hint("add a line `Resolution:` with what to do, or numbered steps").about(id));
            return;
        }
        if draft.causes.is_empty() && !draft.guide {
            let found =
                Diagnostic::warning("missing-cause", self.source, span.clone(), format!("\"{plain}\" has no cause"));
            self.report(found.hint("add a line `Typical cause:`").about(id.clone()));
        }
        draft.id = id;
        draft.area = area;
        draft.lang = self.lang();
        draft.symptom = symptom;
        draft.audience = self.front_audience();
        draft.contact.clone_from(&self.front.contact);
        draft.place = Place { file: self.file, span };
        self.book.drafts.push(draft);
    }

    /// Reads a paragraph line by line, as labels may begin any of them.
    /// Whether there was a label.
    fn paragraph(&mut self, inline: &Inline, part: &mut Part, draft: &mut Draft) -> bool {
        let mut labelled = false;
        let mut texts: Vec<(Part, String)> = Vec::new();
        for line in inline.text.split([SOFT_BREAK, HARD_BREAK]) {
            match label(line) {
                Some((found, rest)) => {
                    labelled = true;
                    *part = found;
                    texts.push((found, rest.into()));
                }
                None => match texts.last_mut() {
                    Some((_, text)) => {
                        text.push(' ');
                        text.push_str(line);
                    }
                    None => {
                        // After its list, a part is over.
                        if matches!(part, Part::Resolution | Part::Guide) && !draft.steps.is_empty() {
                            *part = Part::After;
                        }
                        texts.push((*part, line.into()));
                    }
                },
            }
        }
        for (part, text) in texts {
            let text = marks::one_line(&text);
            if text.is_empty() {
                continue;
            }
            if matches!(part, Part::Resolution | Part::Guide) {
                let step = self.step(&inline.span, &text, Vec::new());
                draft.steps.push(step);
            } else {
                let text = self.text(&inline.span, &text);
                add(part, draft, text);
            }
        }
        for picture in self.pictures(inline) {
            match draft.steps.last_mut() {
                Some(step) => step.value.notes.push(picture),
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
        // "It happens for these reasons:" opens a part just as a label does.
        let ends = inline.text.to_lowercase();
        if !labelled
            && *part == Part::Description
            && ends.ends_with(':')
            && (ends.contains("reason") || ends.contains("cause"))
        {
            *part = Part::Causes;
        }
        labelled
    }

    fn list(&mut self, ordered: bool, items: &[Item], part: &mut Part, draft: &mut Draft) {
        if ordered && matches!(part, Part::Description | Part::Causes | Part::Guide) {
            // Numbers are steps wherever they stand; without a label it is a guide.
            *part = Part::Guide;
            draft.guide = true;
        }
        for item in items {
            if matches!(part, Part::Resolution | Part::Guide) {
                let step = self.item_step(item);
                draft.steps.extend(step);
            } else {
                let text = item.blocks.iter().filter_map(paragraph_text).collect::<Vec<_>>().join(" ");
                let text = self.text(&item.span, &text);
                add(*part, draft, text);
            }
        }
    }

    fn item_step(&mut self, item: &Item) -> Option<Marked<DraftStep>> {
        let Some((Block::Paragraph(first), rest)) = item.blocks.split_first() else {
            let found = Diagnostic::error("missing-step", self.source, item.span.clone(), "a step without text");
            self.report(found.hint("say what to do, then what belongs to it"));
            return None;
        };
        let mut notes = self.pictures(first);
        for block in rest {
            match block {
                Block::Paragraph(inline) => {
                    if !inline.text.is_empty() {
                        let note = self.note(NoteKind::Note, inline);
                        notes.push(note);
                    }
                    notes.extend(self.pictures(inline));
                }
                Block::List { items, .. } => {
                    for it in items {
                        let text = it.blocks.iter().filter_map(paragraph_text).collect::<Vec<_>>().join(" ");
                        let text = self.text(&it.span, &text);
                        notes.push(Marked {
                            audience: text.audience,
                            value: DraftNote { kind: NoteKind::Item, text: text.value, ..DraftNote::default() },
                        });
                    }
                }
                Block::Quote { warning, blocks, .. } => notes.extend(self.notes(*warning, blocks)),
                Block::Code { text, .. } => notes.push(Marked {
                    audience: None,
                    value: DraftNote { kind: NoteKind::Code, text: text.trim_end().into(), ..DraftNote::default() },
                }),
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
        Some(self.step(&first.span, &first.text, notes))
    }

    fn notes(&mut self, warning: bool, blocks: &[Block]) -> Vec<Marked<DraftNote>> {
        let kind = if warning { NoteKind::Warning } else { NoteKind::Note };
        blocks
            .iter()
            .filter_map(|it| if let Block::Paragraph(inline) = it { Some(inline) } else { None })
            .map(|it| self.note(kind, it))
            .collect()
    }

    /// A note without the word that says it is one.
    fn note(&mut self, kind: NoteKind, inline: &Inline) -> Marked<DraftNote> {
        let text = self.text(&inline.span, &inline.text);
        let (kind, note) = match split_label(&text.value) {
            Some((name, rest)) if WARNINGS.contains(&name.as_str()) => (NoteKind::Warning, rest.into()),
            Some((name, rest)) if NOTES.contains(&name.as_str()) => (kind, rest.into()),
            _ => (kind, text.value),
        };
        Marked { audience: text.audience, value: DraftNote { kind, text: note, ..DraftNote::default() } }
    }
}

fn paragraph_text(block: &Block) -> Option<&str> {
    if let Block::Paragraph(inline) = block { Some(&inline.text) } else { None }
}

/// The part that a line opens, and the rest of the line.
fn label(line: &str) -> Option<(Part, &str)> {
    let (name, rest) = split_label(line)?;
    let (part, _) = LABELS.iter().find(|(_, names)| names.contains(&name.as_str()))?;
    Some((*part, rest))
}

/// A label at the head of a text, lower case and without its marks (`Cause:`,
/// `**Cause:**`, `**Cause**:`), and the rest.
fn split_label(line: &str) -> Option<(String, &str)> {
    let (head, rest) = line.split_once(':')?;
    let opened = head.contains(text::STRONG) || head.contains(text::EMPHASIS);
    // `**Cause:**` closes behind the colon.
    let rest = if opened && !head.contains(text::CLOSE) { rest.strip_prefix(text::CLOSE)? } else { rest };
    Some((text::plain(head).trim().to_lowercase(), rest.trim_start()))
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
