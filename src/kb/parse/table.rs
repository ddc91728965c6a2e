//! The symptom table: a row is an entry.

use super::{Above, Draft, DraftStep, FileReader, Place};
use crate::index::text;
use crate::kb::audience::{Audience, Marked};
use crate::kb::config::unknown_audience;
use crate::kb::diagnostic::Diagnostic;
use crate::kb::fix;
use crate::kb::markdown::{HARD_BREAK, Inline, Row, Table};
use crate::kb::marks;
use crate::kb::slug::slug;

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Symptom,
    Cause,
    Action,
    Id,
    Also,
    Audience,
}

/// Header words of real symptom tables, by what their column holds.
const HEADERS: [(Column, &[&str]); 6] = [
    (
        Column::Symptom,
        &[
            "symptom",
            "symptoms",
            "problem",
            "issue",
            "error",
            "message",
            "error message",
            "error name",
            "code",
            "error code",
            "error type",
            "status",
            "scenario",
            "situation",
            "condition",
            "what happens",
            "what you see",
            "síntoma",
            "síntomas",
            "problema",
            "mensaje",
        ],
    ),
    (
        Column::Cause,
        &[
            "cause",
            "causes",
            "likely cause",
            "possible cause",
            "root cause",
            "typical cause",
            "reason",
            "why",
            "description",
            "meaning",
            "explanation",
            "what it means",
            "causa",
            "causas",
            "causa probable",
            "motivo",
        ],
    ),
    (
        Column::Action,
        &[
            "what to do",
            "action",
            "actions",
            "fix",
            "solution",
            "resolution",
            "workaround",
            "mitigation",
            "troubleshooting",
            "handling",
            "recommendation",
            "things to try",
            "response",
            "qué hacer",
            "solución",
            "soluciones",
            "acción",
        ],
    ),
    (Column::Id, &["id"]),
    (Column::Also, &["also", "aliases", "also known as"]),
    (Column::Audience, &["audience"]),
];

impl FileReader<'_> {
    pub(super) fn table(&mut self, above: &[Above], table: &Table) {
        let columns: Vec<Option<Column>> = table.head.iter().map(column).collect();
        let has = |column| columns.contains(&Some(column));
        if !has(Column::Symptom) {
            let found: Vec<String> = table.head.iter().map(|it| format!("{:?}", text::plain(&it.text))).collect();
            let message = format!("expected a column \"Symptom\", found {}", found.join(", "));
            let found = Diagnostic::error("missing-column", self.source, table.span.clone(), message);
            self.report(found.hint("Problem, Issue, Error and Message are understood too"));
            return;
        }
        if !has(Column::Action) {
            let message = "expected a column \"What to do\", found none";
            let found = Diagnostic::error("missing-column", self.source, table.span.clone(), message);
            self.report(found.hint("Fix, Solution, Resolution and Action are understood too"));
            return;
        }
        let area = self.area(above.last());
        for row in &table.rows {
            self.row(&area, &columns, row);
        }
    }

    fn row(&mut self, area: &str, columns: &[Option<Column>], row: &Row) {
        if row.written != columns.len() {
            let message = format!("expected {} cells, found {}", columns.len(), row.written);
            let found = Diagnostic::error("cell-count", self.source, row.span.clone(), message);
            let needs = [Column::Symptom, Column::Action];
            let needs: Vec<usize> =
                needs.iter().filter_map(|needed| columns.iter().position(|it| *it == Some(*needed))).collect();
            let fix = fix::cells(self.source, &row.span, row.written, columns.len(), &needs);
            self.report(found.hint("write a pipe that belongs to the text as \\|").fixed_by(fix));
            return;
        }
        let cell = |column| columns.iter().position(|it| *it == Some(column)).and_then(|at| row.cells.get(at));
        let plain = |column| cell(column).map(|it| text::plain(&marks::one_line(&it.text))).filter(|it| !it.is_empty());

        let Some(symptom) = cell(Column::Symptom).filter(|it| !it.text.is_empty()) else {
            let found = Diagnostic::error("missing-symptom", self.source, row.span.clone(), "a row without a symptom");
            self.report(found.hint("say in the first cell what the person sees"));
            return;
        };
        let rich_symptom = marks::one_line(&symptom.text);
        let id = plain(Column::Id).unwrap_or_else(|| format!("{area}-{}", slug(&text::plain(&rich_symptom))));

        let audience = match plain(Column::Audience) {
            None => self.front_audience(),
            Some(name) => Audience::from_name(&name).unwrap_or_else(|| {
                let span = cell(Column::Audience).map_or(row.span.clone(), |it| it.span.clone());
                self.report(unknown_audience(self.source, span, &name));
                Audience::Staff
            }),
        };
        let causes = cell(Column::Cause).map(|it| self.causes(it)).unwrap_or_default();
        if causes.is_empty() && columns.contains(&Some(Column::Cause)) {
            let found = Diagnostic::warning(
                "missing-cause",
                self.source,
                row.span.clone(),
                format!("\"{}\" has no cause", text::plain(&rich_symptom)),
            );
            self.report(found.hint("people trust an answer more when it says why").about(id.clone()));
        }
        let steps = cell(Column::Action).map(|it| self.steps(it)).unwrap_or_default();
        if steps.is_empty() {
            let message = format!("\"{}\" has no resolution", text::plain(&rich_symptom));
            let found = Diagnostic::error("missing-resolution", self.source, row.span.clone(), message);
            self.report(found.hint("say what to do, or whom to contact").about(id));
            return;
        }
        let also =
            plain(Column::Also).map(|it| it.split(';').map(|it| it.trim().to_owned()).collect()).unwrap_or_default();
        self.book.drafts.push(Draft {
            id,
            area: area.into(),
            lang: self.lang(),
            symptom: rich_symptom,
            audience,
            causes,
            steps,
            also,
            contact: self.front.contact.clone(),
            place: Place { file: self.file, span: symptom.span.clone() },
            ..Draft::default()
        });
    }

    /// Causes of a cell. A semicolon separates them only where marks do too:
    /// people write whole sentences with semicolons there.
    fn causes(&mut self, cell: &Inline) -> Vec<Marked<String>> {
        let parts = if cell.text.contains('{') { split(&cell.text) } else { vec![cell.text.as_str()] };
        parts.into_iter().map(|it| self.text(&cell.span, it)).filter(|it| !it.value.is_empty()).collect()
    }

    fn steps(&mut self, cell: &Inline) -> Vec<Marked<DraftStep>> {
        let mut steps: Vec<Marked<DraftStep>> = split(&cell.text)
            .into_iter()
            .filter(|it| !it.trim().is_empty())
            .map(|it| self.step(&cell.span, it, Vec::new()))
            .filter(|it| !it.value.text.is_empty())
            .collect();
        let pictures = self.pictures(cell);
        if let Some(last) = steps.last_mut() {
            last.value.notes = pictures;
        }
        steps
    }
}

fn column(head: &Inline) -> Option<Column> {
    let title = text::plain(&marks::one_line(&head.text)).to_lowercase();
    HEADERS.iter().find(|(_, titles)| titles.contains(&title.trim())).map(|it| it.0)
}

/// The parts of a cell between semicolons and line breaks, but for semicolons
/// inside code and links.
fn split(rich: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0usize, 0);
    for (at, char) in rich.char_indices() {
        match char {
            text::CODE | text::LINK | text::STRONG | text::EMPHASIS | text::KEY => depth += 1,
            text::CLOSE => depth = depth.saturating_sub(1),
            ';' | HARD_BREAK if depth == 0 => {
                parts.push(&rich[start..at]);
                start = at + char.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&rich[start..]);
    parts
}
