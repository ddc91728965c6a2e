//! The symptom table: a row is an entry.

use super::section::at_labels;
use super::words::{self, Column};
use super::{Above, Draft, DraftStep, Fate, FileReader, Place};
use crate::index::text;
use crate::kb::audience::{Audience, Marked};
use crate::kb::config::unknown_audience;
use crate::kb::diagnostic::{Diagnostic, edits};
use crate::kb::fix;
use crate::kb::markdown::{HARD_BREAK, Inline, Row, SOFT_BREAK, Table};
use crate::kb::marks;
use crate::kb::prepare::Reading;
use crate::kb::slug::slug;

/// A code or a message longer than this does not stand before the symptom.
const MAX_PREFIX_CHARS: usize = 60;

/// With so many of the last causes and steps those of a row below are compared:
/// far more than people write, and few where a table of thousands goes on.
const MAX_COMPARED: usize = 200;

/// What each column of a table holds.
pub(super) struct Columns {
    kinds: Vec<Option<Column>>,
    titles: Vec<String>,
}

impl Columns {
    fn at(&self, column: Column) -> Option<usize> {
        self.kinds.iter().position(|it| *it == Some(column))
    }

    fn has(&self, column: Column) -> bool {
        self.at(column).is_some()
    }

    fn has_action(&self) -> bool {
        self.has(Column::Action) || self.has(Column::CauseAndAction)
    }
}

/// Reads the titles of a table. Exactly one column is the symptom afterwards,
/// or none.
fn columns(head: &[Inline], reading: Reading) -> Columns {
    let titles: Vec<String> = head.iter().map(|it| text::plain(&marks::one_line(&it.text)).trim().to_owned()).collect();
    let mut kinds: Vec<Option<Column>> = head.iter().map(|it| words::column(&it.text)).collect();
    let first = |kinds: &[Option<Column>], column| kinds.iter().position(|it| *it == Some(column));
    if reading == Reading::Found {
        // A number or a name in somebody else's table is no id of ours.
        for it in kinds.iter_mut().filter(|it| **it == Some(Column::Id)) {
            *it = None;
        }
    }
    let is_action = |it: &Option<Column>| matches!(it, Some(Column::Action | Column::CauseAndAction));
    let is_about_causes = |it: &Option<Column>| matches!(it, Some(Column::Cause | Column::Meaning));
    // What only describes is a cause where nothing else is.
    if first(&kinds, Column::Cause).is_none()
        && let Some(at) = first(&kinds, Column::Meaning)
    {
        kinds[at] = Some(Column::Cause);
    }
    if first(&kinds, Column::Symptom).is_none() {
        if let Some(at) = first(&kinds, Column::Message) {
            // Of a code and a message, the message says what a person sees; the code stays before it.
            kinds[at] = Some(Column::Symptom);
        } else if let Some(at) = first(&kinds, Column::Meaning)
            .filter(|_| kinds.iter().any(is_action) || first(&kinds, Column::Cause).is_some())
        {
            kinds[at] = Some(Column::Symptom);
        } else {
            let is_sure = head.iter().any(|it| words::is_sure_action(&it.text));
            let free = kinds.iter().zip(&titles).position(|(kind, title)| kind.is_none() && !is_number(title));
            // "Root cause | Fix | Reference": what comes first is what people look for.
            let cause = first(&kinds, Column::Cause).filter(|at| free.is_none_or(|free| *at == 0 && free > 1));
            if let Some(at) = cause.or(free).filter(|_| is_sure && kinds.len() > 1) {
                kinds[at] = Some(Column::Symptom);
            } else if let Some(at) = free
                && kinds.iter().any(is_about_causes)
                && kinds.iter().any(is_action)
                && kinds.len() > 2
            {
                kinds[at] = Some(Column::Symptom);
            }
        }
    }
    if let Some(at) = head.iter().position(|it| words::is_symptom_itself(&it.text)) {
        for (other, it) in kinds.iter_mut().enumerate().filter(|it| *it.1 == Some(Column::Symptom)) {
            if other != at {
                *it = Some(Column::Message);
            }
        }
    }
    // Each kind stands for one column, but for actions: what comes later is text.
    for kind in [Column::Symptom, Column::Cause] {
        let mut seen = false;
        for it in kinds.iter_mut().filter(|it| **it == Some(kind)) {
            if seen {
                *it = None;
            }
            seen = true;
        }
    }
    // Without a remedy, a column that nobody knows after a true symptom is the nearest to one.
    if !kinds.iter().any(is_action) && reading == Reading::Found {
        let is_symptom = head.iter().any(|it| words::column(&it.text) == Some(Column::Symptom));
        let free: Vec<usize> = (0..kinds.len())
            .filter(|it| kinds[*it].is_none() && !titles[*it].is_empty() && !is_number(&titles[*it]))
            .collect();
        let is_symptom_itself = head.iter().any(|it| words::is_symptom_itself(&it.text));
        if let Some(at) = free.last()
            && is_symptom
            && (free.len() == 1 || is_symptom_itself)
        {
            kinds[*at] = Some(Column::Action);
        }
    }
    Columns { kinds, titles }
}

fn is_number(title: &str) -> bool {
    let title = title.trim().to_lowercase();
    matches!(title.as_str(), "#" | "no" | "no." | "nr" | "nr." | "№" | "n")
}

/// Whether a table is one of symptoms, as far as its titles say.
pub(super) fn is_symptom_table(table: &Table, reading: Reading) -> bool {
    let table = &upright(table);
    let columns = columns(&table.head, reading);
    columns.has(Column::Symptom) && (columns.has_action() || columns.has(Column::Cause))
}

/// Whether a table has no titles, and the width of one of symptoms.
pub(super) fn may_be_by_position(table: &Table) -> bool {
    table.head.iter().all(|it| it.text.is_empty()) && by_position(table.head.len()).is_some()
}

/// A table whose titles stand in its first row or first column, turned so that
/// they stand above.
fn upright(table: &Table) -> Table {
    let mut table = table.clone();
    // The true head may stand below an empty one.
    if table.head.iter().all(|it| it.text.is_empty())
        && let Some(first) = table.rows.first()
        && first.cells.iter().any(|it| words::column(&it.text).is_some())
    {
        table.head.clone_from(&first.cells);
        table.rows.remove(0);
    }
    let side: Vec<Option<Column>> =
        table.rows.iter().map(|it| it.cells.first().and_then(|it| words::column(&it.text))).collect();
    let above = table.head.iter().skip(1).filter(|it| words::column(&it.text).is_some()).count();
    let head_is_symptom = table.head.first().and_then(|it| words::column(&it.text)) == Some(Column::Symptom);
    let has = |columns: &[Column]| side.iter().flatten().any(|it| columns.contains(it));
    let is_transposed = above == 0
        && !side.is_empty()
        && side.iter().filter(|it| it.is_some()).count() * 2 > side.len()
        && has(&[Column::Action, Column::CauseAndAction])
        && (head_is_symptom || has(&[Column::Symptom, Column::Message]));
    if !is_transposed {
        return table;
    }
    let mut lines: Vec<Vec<Inline>> = Vec::new();
    // What stands above is a row of its own where it says what it is, as in `| Symptom | A | B |`.
    if head_is_symptom {
        lines.push(table.head.clone());
    }
    lines.extend(table.rows.iter().map(|it| it.cells.clone()));
    let n = lines.iter().map(Vec::len).max().unwrap_or_default();
    let cell = |line: &Vec<Inline>, at: usize| line.get(at).cloned().unwrap_or_default();
    let rows = (1..n)
        .map(|at| {
            let cells: Vec<Inline> = lines.iter().map(|it| cell(it, at)).collect();
            let span = cells.iter().map(|it| it.span.clone()).find(|it| !it.is_empty()).unwrap_or_default();
            Row { written: cells.len(), cells, span }
        })
        .collect();
    Table { head: lines.iter().map(|it| cell(it, 0)).collect(), rows, span: table.span.clone() }
}

/// What a table without titles most likely holds, by position.
fn by_position(n: usize) -> Option<Columns> {
    let kinds = match n {
        2 => vec![Some(Column::Symptom), Some(Column::Action)],
        3 => vec![Some(Column::Symptom), Some(Column::Cause), Some(Column::Action)],
        _ => return None,
    };
    Some(Columns { kinds, titles: vec![String::new(); n] })
}

impl FileReader<'_> {
    pub(super) fn table(&mut self, above: &[Above], written: &Table) {
        let table = &upright(written);
        let mut columns = columns(&table.head, self.reading);
        if table.head.iter().all(|it| it.text.is_empty())
            && let Some(known) = by_position(table.head.len())
        {
            columns = known;
        }
        if !columns.has(Column::Symptom) {
            let found: Vec<String> = table.head.iter().map(|it| format!("{:?}", text::plain(&it.text))).collect();
            let message = format!("expected a column \"Symptom\", found {}", found.join(", "));
            let found = Diagnostic::error("missing-column", self.source, table.span.clone(), message);
            self.report(found.hint("Problem, Issue, Error and Message are understood too"));
            return;
        }
        if !columns.has_action() && (self.reading == Reading::Authored || !columns.has(Column::Cause)) {
            let message = "expected a column \"What to do\", found none";
            let found = Diagnostic::error("missing-column", self.source, table.span.clone(), message);
            self.report(found.hint("Fix, Solution, Resolution and Action are understood too"));
            return;
        }
        if self.reading == Reading::Authored && !columns.has(Column::Audience) {
            // A slip there would publish what the column is to keep back.
            let is_slip = |it: &&Inline| {
                let title = text::plain(&it.text).trim().to_lowercase();
                title != "audience" && edits(&title, "audience") <= 2
            };
            if let Some(it) = table.head.iter().find(is_slip) {
                let message = format!("unknown column \"{}\"", text::plain(&it.text).trim());
                let found = Diagnostic::error("unknown-audience", self.source, it.span.clone(), message);
                self.report(found.hint("did you mean \"Audience\"?"));
            }
        }
        let places = |it: &Table| it.head.iter().map(|it| it.span.clone()).collect::<Vec<_>>();
        if places(table) != places(written) {
            // It was turned: no row stands on a line of its own.
            self.saw(written.span.clone(), Fate::Understood, "a symptom table");
        }
        self.saw(
            table.span.start..table.rows.first().map_or(table.span.end, |it| it.span.start),
            Fate::Understood,
            "the head of a symptom table",
        );
        let mut area = self.area(above.last());
        let mut above_row: Option<String> = None;
        for row in &table.rows {
            if let Some(title) = self.group_title(&columns, row) {
                area = self.named_area(&title, row.span.clone());
                self.saw(row.span.clone(), Fate::Understood, format!("the area \"{}\"", text::plain(&title)));
                above_row = None;
                continue;
            }
            self.row(&area, &columns, row, &mut above_row);
        }
    }

    /// A row that holds one bold cell and nothing else names what follows, in a
    /// table that was found.
    fn group_title(&self, columns: &Columns, row: &Row) -> Option<String> {
        let filled: Vec<&Inline> = row.cells.iter().filter(|it| !it.text.trim().is_empty()).collect();
        let [only] = filled.as_slice() else { return None };
        let is_bold = only.text.starts_with(text::STRONG) && only.text.ends_with(text::CLOSE);
        let can_be = self.reading == Reading::Found && columns.kinds.len() > 2 && is_bold;
        can_be.then(|| marks::one_line(&only.text))
    }

    /// The cells of a row, as many as the table has columns; `None` where a row
    /// of our own does not fit, which is reported.
    fn fitted(&mut self, columns: &Columns, row: &Row) -> Option<Vec<Inline>> {
        let n = columns.kinds.len();
        let mut cells = row.cells.clone();
        if row.written != n && self.reading == Reading::Authored {
            let message = format!("expected {n} cells, found {}", row.written);
            let found = Diagnostic::error("cell-count", self.source, row.span.clone(), message);
            let needs = [Column::Symptom, Column::Action, Column::CauseAndAction];
            let needs: Vec<usize> = needs.into_iter().filter_map(|it| columns.at(it)).collect();
            let fix = fix::cells(self.source, &row.span, row.written, n, &needs);
            self.report(found.hint("write a pipe that belongs to the text as \\|").fixed_by(fix));
            return None;
        }
        if row.written > n {
            // The surplus belongs to the last cell: a pipe that nobody escaped.
            let surplus: Vec<Inline> = cells.drain(n.min(cells.len())..).collect();
            if let Some(last) = cells.last_mut() {
                for it in surplus.iter().filter(|it| !it.text.is_empty()) {
                    last.text.push_str(" | ");
                    last.text.push_str(&it.text);
                }
            }
            let what =
                format!("a row with {} cells where the head has {n}: the surplus went to the last column", row.written);
            self.saw(row.span.clone(), Fate::Kept, what);
        } else if row.written < n && row.written > 1 {
            let what =
                format!("a row with {} cells where the head has {n}: the last are taken to be empty", row.written);
            self.saw(row.span.clone(), Fate::Kept, what);
        }
        cells.resize(n, Inline::default());
        Some(cells)
    }

    fn row(&mut self, area: &str, columns: &Columns, row: &Row, above_row: &mut Option<String>) {
        let Some(cells) = self.fitted(columns, row) else { return };
        let cell = |column| columns.at(column).map(|at| &cells[at]);
        let plain = |column| cell(column).map(|it| text::plain(&marks::one_line(&it.text))).filter(|it| !it.is_empty());

        let symptom_cell = cell(Column::Symptom).cloned().unwrap_or_default();
        let rich_symptom = self.symptom(columns, &cells);
        let is_continued = rich_symptom.is_empty()
            || (above_row.as_deref() == Some(rich_symptom.as_str())
                && columns.at(Column::Id).is_none()
                && columns.kinds.iter().zip(&cells).all(|(kind, cell)| kind.is_some() || cell.text.is_empty()));
        if is_continued && above_row.is_some() && cells.iter().any(|it| !it.text.is_empty()) {
            self.continue_above(columns, &cells, row);
            return;
        }
        if rich_symptom.is_empty() {
            if self.reading == Reading::Found && cells.iter().all(|it| it.text.is_empty() && it.pictures.is_empty()) {
                self.saw(row.span.clone(), Fate::Understood, "an empty row");
                return;
            }
            let found = Diagnostic::error("missing-symptom", self.source, row.span.clone(), "a row without a symptom");
            self.report(found.hint("say in the first cell what the person sees"));
            return;
        }
        let id = plain(Column::Id).unwrap_or_else(|| format!("{area}-{}", slug(&text::plain(&rich_symptom))));

        let audience = match plain(Column::Audience) {
            None => self.front_audience(),
            Some(name) => Audience::from_name(&name.to_lowercase()).unwrap_or_else(|| {
                let span = cell(Column::Audience).map_or(row.span.clone(), |it| it.span.clone());
                if self.reading == Reading::Authored {
                    self.report(unknown_audience(self.source, span, &name));
                }
                Audience::Staff
            }),
        };
        let (causes, steps) = self.causes_and_steps(columns, &cells);
        if causes.is_empty()
            && (columns.has(Column::Cause) || columns.has(Column::CauseAndAction))
            && !columns.has(Column::CauseAndAction)
        {
            let found = Diagnostic::warning(
                "missing-cause",
                self.source,
                row.span.clone(),
                format!("\"{}\" has no cause", text::plain(&rich_symptom)),
            );
            self.report(found.hint("people trust an answer more when it says why").about(id.clone()));
        }
        let also =
            plain(Column::Also).map(|it| it.split(';').map(|it| it.trim().to_owned()).collect()).unwrap_or_default();
        let description = self.extra(columns, &cells, row);
        let draft = Draft {
            id: id.clone(),
            area: area.into(),
            lang: self.lang(),
            symptom: rich_symptom.clone(),
            audience,
            description,
            causes,
            steps,
            also,
            contact: self.front.contact.clone(),
            place: Place { file: self.file, span: symptom_cell.span.clone() },
            is_row: true,
            ..Draft::default()
        };
        *above_row = Some(rich_symptom.clone());
        if draft.steps.is_empty() {
            let message = format!("\"{}\" has no resolution", text::plain(&rich_symptom));
            let found = Diagnostic::error("missing-resolution", self.source, row.span.clone(), message);
            self.report(found.hint("say what to do, or whom to contact").about(id));
        }
        self.keep(draft, row.span.clone());
    }

    /// The symptom of a row: with the code or message beside it before it.
    fn symptom(&self, columns: &Columns, cells: &[Inline]) -> String {
        let Some(at) = columns.at(Column::Symptom) else { return String::new() };
        let own = marks::one_line(&cells[at].text);
        let own =
            if self.reading == Reading::Found && own.starts_with("- ") { own[2..].trim().to_owned() } else { own };
        let is_beside = |other: usize| other + 1 == at || other == at + 1;
        let beside = (0..cells.len()).find(|it| columns.kinds[*it] == Some(Column::Message) && is_beside(*it));
        let Some(beside) = beside else { return own };
        let other = marks::one_line(&cells[beside].text);
        let (first, second) = if beside < at { (&other, &own) } else { (&own, &other) };
        if first.is_empty() || second.is_empty() || text::plain(first).chars().count() > MAX_PREFIX_CHARS {
            return if own.is_empty() { other } else { own };
        }
        format!("{first}: {second}")
    }

    /// A row that goes on with the one above: its causes and steps are more of the same.
    fn continue_above(&mut self, columns: &Columns, cells: &[Inline], row: &Row) {
        let (causes, steps) = self.causes_and_steps(columns, cells);
        let description = self.extra(columns, cells, row);
        let reading = self.reading;
        let own = self.symptom(columns, cells);
        let Some(draft) = self.last_draft() else { return };
        let is_known =
            |it: &Marked<String>| draft.causes.iter().rev().take(MAX_COMPARED).any(|known| known.value == it.value);
        let repeats = reading == Reading::Authored && !own.is_empty() && causes.iter().all(is_known);
        let new = |known: &[Marked<String>], it: &Marked<String>| {
            !known.iter().rev().take(MAX_COMPARED).any(|known| known.value == it.value)
        };
        let causes: Vec<_> = causes.into_iter().filter(|it| new(&draft.causes, it)).collect();
        draft.causes.extend(causes);
        let steps: Vec<_> = steps
            .into_iter()
            .filter(|it| !draft.steps.iter().rev().take(MAX_COMPARED).any(|known| known.value.text == it.value.text))
            .collect();
        draft.steps.extend(steps);
        let description: Vec<_> = description.into_iter().filter(|it| new(&draft.description, it)).collect();
        draft.description.extend(description);
        let symptom = text::plain(&draft.symptom);
        let id = draft.id.clone();
        if repeats {
            let message = format!("a second row \"{symptom}\" with the same cause: its steps go to the row above");
            let found = Diagnostic::warning("repeated-row", self.source, row.span.clone(), message);
            self.report(found.hint("make it one row, or say in what the second differs").about(id));
        }
        self.finish_last();
        self.saw(row.span.clone(), Fate::Understood, format!("more of \"{symptom}\""));
    }

    fn causes_and_steps(
        &mut self,
        columns: &Columns,
        cells: &[Inline],
    ) -> (Vec<Marked<String>>, Vec<Marked<DraftStep>>) {
        let (mut causes, mut steps) = (Vec::new(), Vec::new());
        for (kind, cell) in columns.kinds.iter().zip(cells) {
            match kind {
                Some(Column::Cause) => causes.extend(self.causes(cell)),
                Some(Column::Action) => steps.extend(self.steps(cell)),
                Some(Column::CauseAndAction) => {
                    let (cause, action) = cause_and_action(&cell.text);
                    if let Some(cause) = cause {
                        causes.extend(self.causes(&Inline::of(cause, cell.span.clone())));
                    }
                    steps.extend(self.steps(&Inline { text: action, ..cell.clone() }));
                }
                _ => {}
            }
        }
        (causes, steps)
    }

    /// Columns that are nothing of the above, as text with their titles.
    fn extra(&mut self, columns: &Columns, cells: &[Inline], row: &Row) -> Vec<Marked<String>> {
        let beside = columns.at(Column::Symptom);
        let mut texts = Vec::new();
        for (at, cell) in cells.iter().enumerate() {
            let is_joined = columns.kinds[at] == Some(Column::Message)
                && beside.is_some_and(|it| it + 1 == at || at + 1 == it)
                && self.symptom(columns, cells).contains(&marks::one_line(&cell.text));
            let is_extra = matches!(columns.kinds[at], None | Some(Column::Meaning | Column::Message)) && !is_joined;
            let content = marks::one_line(&cell.text);
            if !is_extra || content.is_empty() || text::plain(&content).chars().all(|it| matches!(it, '-' | '–' | '—'))
            {
                continue;
            }
            let title = &columns.titles[at];
            if is_number(title) {
                continue;
            }
            let rich = if title.is_empty() { content } else { format!("{title}: {content}") };
            let text = self.text(&cell.span, &rich);
            self.saw(row.span.clone(), Fate::Kept, format!("the column \"{title}\" is kept as text"));
            texts.push(text);
        }
        texts
    }

    /// Causes of a cell. A semicolon separates them only where marks do too:
    /// people write whole sentences with semicolons there.
    fn causes(&mut self, cell: &Inline) -> Vec<Marked<String>> {
        let parts =
            if cell.text.contains('{') { split(&cell.text) } else { split_at(&cell.text, |it| it == HARD_BREAK) };
        parts
            .into_iter()
            .map(|it| self.text(&cell.span, without_bullet(&marks::one_line(it))))
            .filter(|it| !is_nothing(&it.value))
            .collect()
    }

    fn steps(&mut self, cell: &Inline) -> Vec<Marked<DraftStep>> {
        let mut steps: Vec<Marked<DraftStep>> = split(&cell.text)
            .into_iter()
            .flat_map(|it| numbered(&marks::one_line(it)))
            .map(|it| without_bullet(&it).to_owned())
            .filter(|it| !is_nothing(it))
            .map(|it| self.step(&cell.span, &it, Vec::new()))
            .filter(|it| !it.value.text.is_empty())
            .collect();
        let pictures = self.pictures(cell);
        let widest = self.front_audience();
        let of = |it: &Marked<DraftStep>| it.audience.unwrap_or(widest);
        if !pictures.is_empty()
            && self.reading == Reading::Authored
            && steps.last().is_some_and(|last| steps.iter().any(|it| of(it) > of(last)))
        {
            // It is shown with the last step, wherever in the cell it stands.
            let message = "a picture in a cell with steps for different audiences";
            let found = Diagnostic::error("unclear-audience", self.source, cell.span.clone(), message);
            self.report(found.hint("write the answer as an issue, with the picture below its step"));
        }
        if let Some(last) = steps.last_mut() {
            last.value.notes = pictures;
        } else if let Some(picture) = pictures.first().filter(|it| !it.value.text.is_empty()) {
            let span = cell.span.clone();
            let text = picture.value.text.clone();
            steps.push(self.step(&span, &text, Vec::new()));
        }
        steps
    }
}

/// Whether a cell says nothing: empty, or a dash in the place of words.
fn is_nothing(rich: &str) -> bool {
    let plain = text::plain(rich);
    let plain = plain.trim();
    plain.is_empty()
        || plain.chars().all(|it| matches!(it, '-' | '–' | '—' | '…' | '.' | '/'))
        || matches!(plain.to_lowercase().as_str(), "n/a" | "na")
}

/// A text without the mark of a list at its head: cells hold lists as lines.
fn without_bullet(rich: &str) -> &str {
    let text = rich.trim_start();
    if let Some(rest) =
        ["- ", "* ", "• ", "· ", "– ", "+ ", "◦ ", "▪ ", "→ "].iter().find_map(|it| text.strip_prefix(it))
    {
        return rest.trim_start();
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=2).contains(&digits)
        && let Some(rest) = text[digits..].strip_prefix(['.', ')']).and_then(|it| it.strip_prefix(' '))
    {
        return rest.trim_start();
    }
    text
}

/// The steps of a text that numbers them in one line: "1. Look. 2. Wait."
fn numbered(rich: &str) -> Vec<String> {
    let mark = |n: usize, close: char| format!("{n}{close} ");
    for close in ['.', ')'] {
        if !rich.starts_with(&mark(1, close)) || !rich.contains(&format!(" {}", mark(2, close))) {
            continue;
        }
        let mut parts = Vec::new();
        let mut rest = rich;
        let mut n = 2;
        while let Some((before, _)) = rest.split_once(&format!(" {}", mark(n, close))) {
            parts.push(before.trim().to_owned());
            rest = &rest[before.len() + 1..];
            n += 1;
        }
        parts.push(rest.trim().to_owned());
        // A mark that opens in one part and closes in another would lose its meaning.
        let balanced = |it: &String| {
            it.chars().filter(|it| matches!(*it, text::STRONG..=text::LINK)).count()
                == it.chars().filter(|it| *it == text::CLOSE).count()
        };
        if parts.iter().all(balanced) {
            return parts;
        }
    }
    vec![rich.to_owned()]
}

/// A cell that holds both: what comes before a label, an arrow or a first line
/// break is the cause. What cannot be told apart is all action.
fn cause_and_action(rich: &str) -> (Option<String>, String) {
    let lines: Vec<&str> = rich.split([HARD_BREAK, SOFT_BREAK]).flat_map(at_labels).collect();
    let mut cause = Vec::new();
    let mut action = Vec::new();
    let mut in_action = false;
    let mut labelled = false;
    for line in &lines {
        match words::label(line) {
            Some(it) if it.part == words::Part::Causes => {
                labelled = true;
                in_action = false;
                cause.push(it.rest.to_owned());
            }
            Some(it) if it.part == words::Part::Resolution => {
                labelled = true;
                in_action = true;
                action.push(it.rest.to_owned());
            }
            _ if in_action => action.push((*line).to_owned()),
            _ => cause.push((*line).to_owned()),
        }
    }
    let join = |it: Vec<String>| it.join(&HARD_BREAK.to_string());
    if labelled && !action.is_empty() {
        return (Some(join(cause)), join(action));
    }
    if let Some((before, after)) = [" → ", " -> ", " => "].iter().find_map(|it| rich.split_once(it)) {
        return (Some(before.to_owned()), after.to_owned());
    }
    for name in ["Solution:", "Fix:", "Resolution:", "Action:", "Workaround:"] {
        if let Some((before, after)) = rich.split_once(name)
            && !before.trim().is_empty()
        {
            let before = before.trim().strip_prefix("Cause:").unwrap_or(before.trim());
            return (Some(before.to_owned()), after.to_owned());
        }
    }
    (None, rich.to_owned())
}

/// The parts of a cell between semicolons and line breaks, but for semicolons
/// inside code, links and brackets.
fn split(rich: &str) -> Vec<&str> {
    split_at(rich, |it| it == ';' || it == HARD_BREAK)
}

fn split_at(rich: &str, is_between: impl Fn(char) -> bool) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut brackets, mut start) = (0usize, 0usize, 0);
    for (at, char) in rich.char_indices() {
        match char {
            text::CODE | text::LINK | text::STRONG | text::EMPHASIS | text::KEY => depth += 1,
            text::CLOSE => depth = depth.saturating_sub(1),
            '(' => brackets += 1,
            ')' => brackets = brackets.saturating_sub(1),
            HARD_BREAK if depth == 0 && is_between(HARD_BREAK) => {
                brackets = 0;
                parts.push(&rich[start..at]);
                start = at + char.len_utf8();
            }
            it if depth == 0 && brackets == 0 && is_between(it) => {
                parts.push(&rich[start..at]);
                start = at + char.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&rich[start..]);
    parts
}
