//! Entries to Markdown, so that the compiler reads the same entries again.

use std::fmt::Write;

use crate::index::NoteKind;
use crate::index::text::{self, Piece, Style};
use crate::kb::audience::{Audience, Marked};
use crate::kb::config::Config;
use crate::kb::marks::{self, Kind};
use crate::kb::parse::{Draft, DraftArea, DraftNote, DraftStep, label};
use crate::kb::prepare::Reading;
use crate::kb::slug::slug;

/// More steps than this are easier to read below each other.
const MAX_ROW_STEPS: usize = 4;

/// So is an answer of more bytes than this.
const MAX_ROW_BYTES: usize = 400;

/// The files of an area; more than one where it is large.
pub fn area(config: &Config, area: &DraftArea, drafts: &[&Draft], max_bytes: usize) -> Vec<String> {
    let title = one_line(&area.title);
    let heading = line(&plain_rich(&title), Place::Heading);
    let mut head = String::new();
    if slug(&title) != area.id {
        let _ = writeln!(head, "---\narea: {}\n---\n", area.id);
    }
    // A title that reads like a part of an answer is told from one by its id.
    let id =
        if crate::kb::parse::heading_label(&title).is_some() { format!(" {{#{}}}", area.id) } else { String::new() };
    let _ = writeln!(head, "# {heading}{id}");

    let simple = |it: &Draft| is_row(config, area, it);
    let mut rows: Vec<&Draft> = Vec::new();
    let mut sections: Vec<&Draft> = Vec::new();
    for it in drafts {
        // The same symptom twice in a row would be read as one entry.
        let repeats = rows.last().is_some_and(|last| last.symptom == it.symptom);
        if simple(it) && !repeats { rows.push(it) } else { sections.push(it) }
    }
    let mut files = Vec::new();
    let mut out = head.clone();
    let has_causes = rows.iter().any(|it| !it.causes.is_empty());
    let titles = if has_causes {
        "\n| Symptom | Likely cause | What to do |\n|---|---|---|\n"
    } else {
        "\n| Symptom | What to do |\n|---|---|\n"
    };
    let mut is_in_table = false;
    for it in rows {
        if out.len() > max_bytes {
            files.push(std::mem::replace(&mut out, with_area(&head, area)));
            is_in_table = false;
        }
        if !is_in_table {
            out.push_str(titles);
            is_in_table = true;
        }
        row(&mut out, config, it, has_causes);
    }
    for it in sections {
        if out.len() > max_bytes {
            files.push(std::mem::replace(&mut out, with_area(&head, area)));
        }
        section(&mut out, config, area, it);
    }
    files.push(out);
    files
}

/// The head of a file that goes on with an area.
fn with_area(head: &str, area: &DraftArea) -> String {
    if head.starts_with("---") { head.into() } else { format!("---\narea: {}\n---\n\n{head}", area.id) }
}

/// Whether a row of a table can hold an entry.
fn is_row(config: &Config, area: &DraftArea, it: &Draft) -> bool {
    let is_short = |rich: &str| !rich.contains(';') && label_free(rich) && !begins_like_item(&text::plain(rich));
    let has_no_more =
        it.description.is_empty() && it.after.is_empty() && !it.guide && it.audience == Audience::Customer;
    let steps_fit = it.steps.iter().all(|step| {
        step.audience.is_none()
            && step.value.notes.is_empty()
            && is_short(&step.value.text)
            && !says_nothing(&step.value.text)
            && marks::recognise(config, &step.value.text, None) == step.value.kind
    });
    let causes_fit =
        it.causes.iter().all(|it| it.audience.is_none() && is_short(&it.value) && !says_nothing(&it.value));
    let words = slug(&text::plain(&it.symptom));
    let n_chars: usize =
        it.steps.iter().map(|it| it.value.text.len()).chain(it.causes.iter().map(|it| it.value.len())).sum();
    if it.steps.len() > MAX_ROW_STEPS || n_chars > MAX_ROW_BYTES {
        return false;
    }
    has_no_more
        && steps_fit
        && causes_fit
        && it.contact.is_none()
        && it.id == format!("{}-{words}", area.id)
        && !words.is_empty()
}

fn says_nothing(rich: &str) -> bool {
    let plain = text::plain(rich).to_lowercase();
    !plain.chars().any(char::is_alphanumeric) || matches!(plain.trim(), "n/a" | "na")
}

fn begins_like_item(plain: &str) -> bool {
    let plain = plain.trim_start();
    let digits = plain.bytes().take_while(u8::is_ascii_digit).count();
    plain.starts_with(['-', '*', '+', '•', '·', '–', '◦', '▪', '→'])
        || digits > 0 && plain[digits..].starts_with(['.', ')'])
}

fn label_free(rich: &str) -> bool {
    label(rich).is_none()
}

fn row(out: &mut String, config: &Config, it: &Draft, has_causes: bool) {
    let cell = |rich: &str| line(&guarded(rich), Place::Cell);
    let steps: Vec<String> =
        it.steps.iter().map(|it| cell(&it.value.text) + &kind_mark(config, &it.value, None)).collect();
    let _ = write!(out, "| {} |", cell(&it.symptom));
    if has_causes {
        let causes: Vec<String> = it.causes.iter().map(|it| cell(&it.value)).collect();
        let _ = write!(out, " {} |", causes.join("<br>"));
    }
    let _ = writeln!(out, " {} |", steps.join("; "));
}

fn section(out: &mut String, config: &Config, area: &DraftArea, it: &Draft) {
    let words = slug(&text::plain(&it.symptom));
    let heading = line(&it.symptom, Place::Heading);
    // A heading that is a label, or a bold line, would be read as what it looks like.
    let needs_id = it.id != format!("{}-{words}", area.id) || crate::kb::parse::heading_label(&it.symptom).is_some();
    let id = if needs_id { format!(" {{#{}}}", it.id) } else { String::new() };
    let _ = writeln!(out, "\n## {heading}{id}");
    for it in &it.description {
        paragraph(out, it);
    }
    match it.causes.as_slice() {
        [] => {}
        [one] => {
            let _ = writeln!(out, "\nTypical cause: {}{}", audience(one.audience), body(&one.value));
        }
        more => {
            out.push_str("\nTypical causes:\n\n");
            for it in more {
                let _ = writeln!(out, "- {}{}", audience(it.audience), body(&it.value));
            }
        }
    }
    out.push_str(if it.guide { "\nSteps:\n\n" } else { "\nResolution:\n\n" });
    for (n, step) in it.steps.iter().enumerate() {
        let mark = format!("{}. ", n + 1);
        let DraftStep { text, notes, .. } = &step.value;
        let kind = kind_mark(config, &step.value, it.contact.as_deref());
        let _ = writeln!(out, "{mark}{}{}{kind}", audience(step.audience), body(text));
        let indent = " ".repeat(mark.len());
        let mut before = None;
        for it in notes {
            note(out, &indent, it, before);
            before = Some(it.value.kind);
        }
    }
    for it in &it.after {
        paragraph(out, it);
    }
}

fn paragraph(out: &mut String, it: &Marked<String>) {
    let mut text = it.value.clone();
    // What is all bold would be read as a heading.
    if text.starts_with(text::STRONG) && text.trim_end_matches([':', '.']).ends_with(text::CLOSE) {
        text = plain_rich(&text::plain(&text));
    }
    // "For these reasons:" would open a list of causes.
    let plain = text::plain(&text).to_lowercase();
    if plain.ends_with(':') && (plain.contains("reason") || plain.contains("cause")) {
        text = text.trim_end_matches([':', text::CLOSE]).to_owned() + ".";
    }
    let _ = writeln!(out, "\n{}{}", audience(it.audience), body(&text));
}

fn note(out: &mut String, indent: &str, it: &Marked<DraftNote>, before: Option<NoteKind>) {
    let DraftNote { kind, text, .. } = &it.value;
    let marked = audience(it.audience);
    match kind {
        NoteKind::Item => {
            if before != Some(NoteKind::Item) && before.is_some() {
                out.push('\n');
            }
            let _ = writeln!(out, "{indent}- {marked}{}", body(text));
        }
        NoteKind::Code => {
            let longest = text.split(|it| it != '`').map(str::len).max().unwrap_or_default();
            let fence = "`".repeat(longest.max(2) + 1);
            let _ = writeln!(out, "\n{indent}{fence}");
            for line in text.lines() {
                let _ = writeln!(out, "{indent}{}", line.replace(|it: char| it.is_control() && it != '\t', ""));
            }
            let _ = writeln!(out, "{indent}{fence}\n");
        }
        NoteKind::Note | NoteKind::Warning | NoteKind::Picture => {
            let name = if *kind == NoteKind::Warning { "Warning" } else { "Note" };
            let _ = writeln!(out, "\n{indent}> {name}: {marked}{}\n", body(text));
        }
    }
}

fn audience(it: Option<Audience>) -> String {
    it.map(|it| format!("{{audience {it}}} ")).unwrap_or_default()
}

/// The mark that a step needs where its words do not say what it is.
fn kind_mark(config: &Config, step: &DraftStep, contact: Option<&str>) -> String {
    if marks::recognise(config, &step.text, contact) == step.kind {
        return String::new();
    }
    match &step.kind {
        Kind::Do => " {do}".into(),
        Kind::Wait { minutes } => format!(" {{wait {minutes}m}}"),
        Kind::Check => " {check}".into(),
        Kind::Escalate { contact } => format!(" {{escalate {contact}}}"),
        Kind::Info => " {info}".into(),
    }
}

/// Where a text stands, as other characters mean something there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Cell,
    Heading,
    /// At the head of a paragraph or an item.
    Body,
}

fn body(rich: &str) -> String {
    line(&without_labels(&guarded(rich)), Place::Body)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Plain text as rich text.
fn plain_rich(plain: &str) -> String {
    plain.chars().filter(|it| !it.is_control()).collect()
}

/// A text at whose ends no braces would be read as a mark: they become code.
fn guarded(rich: &str) -> String {
    let rich = marks::one_line(rich);
    let code = |mark: &str| format!("{}{{{mark}}}{}", text::CODE, text::CLOSE);
    if let Some((mark, after)) = rich.strip_prefix('{').and_then(|it| it.split_once('}'))
        && marks::is_mark(mark, Reading::Authored)
    {
        return guarded_end(&format!("{}{after}", code(mark)));
    }
    guarded_end(&rich)
}

fn guarded_end(rich: &str) -> String {
    if let Some((before, mark)) = rich.strip_suffix('}').and_then(|it| it.rsplit_once('{'))
        && marks::is_mark(mark, Reading::Authored)
        && !mark.contains(|it: char| it.is_control())
    {
        return format!("{before}{}{{{mark}}}{}", text::CODE, text::CLOSE);
    }
    rich.into()
}

/// A text whose head would not be read as a label, nor any bold words in it.
fn without_labels(rich: &str) -> String {
    let mut out = rich.to_owned();
    if label(&out).is_some()
        && let Some(at) = out.find(':')
    {
        out.replace_range(at..=at, " –");
    }
    // A label in bold without a colon.
    if label(&out).is_some() {
        out = text::plain(&out);
    }
    let mut from = 1;
    while let Some(at) = out.get(from..).and_then(|it| it.find(text::STRONG)).map(|it| from + it) {
        if label(&out[at..]).is_some() {
            out.replace_range(at..=at, &text::EMPHASIS.to_string());
        }
        from = at + 1;
    }
    out
}

/// Rich text as a tree: marks that are not closed are closed at the end.
enum Span<'a> {
    Text(&'a str),
    Marked(Style, &'a str, Vec<Span<'a>>),
}

fn tree(rich: &str) -> Vec<Span<'_>> {
    let mut open: Vec<(Style, &str, Vec<Span<'_>>)> = Vec::new();
    let mut top = Vec::new();
    for piece in text::pieces(rich) {
        match piece {
            Piece::Text(it) => open.last_mut().map_or(&mut top, |it| &mut it.2).push(Span::Text(it)),
            Piece::Open(style, href) => open.push((style, href, Vec::new())),
            Piece::Close => {
                if let Some((style, href, inner)) = open.pop() {
                    open.last_mut().map_or(&mut top, |it| &mut it.2).push(Span::Marked(style, href, inner));
                }
            }
        }
    }
    while let Some((style, href, inner)) = open.pop() {
        open.last_mut().map_or(&mut top, |it| &mut it.2).push(Span::Marked(style, href, inner));
    }
    top
}

fn plain_of(spans: &[Span<'_>]) -> String {
    spans
        .iter()
        .map(|it| match it {
            Span::Text(it) => (*it).to_owned(),
            Span::Marked(_, _, inner) => plain_of(inner),
        })
        .collect()
}

/// A rich text as Markdown in one line.
fn line(rich: &str, place: Place) -> String {
    let rich = marks::one_line(rich);
    let mut out = String::new();
    spans(&tree(&rich), place, &[], None, &mut out);
    let out = out.trim();
    // What a line may not begin with.
    let digits = out.bytes().take_while(u8::is_ascii_digit).count();
    let begins = out.chars().next();
    if place == Place::Body
        && (begins.is_some_and(|it| matches!(it, '#' | '-' | '+' | '>' | '=' | '~' | ':' | '|' | '!' | '?')))
    {
        return format!("\\{out}");
    }
    if place == Place::Body && digits > 0 && out[digits..].starts_with(['.', ')']) {
        return format!("{}\\{}", &out[..digits], &out[digits..]);
    }
    if place == Place::Heading && out.ends_with('}') {
        return format!("{}&#125;", &out[..out.len() - 1]);
    }
    if place == Place::Heading && out.ends_with('#') {
        return format!("{}\\#", &out[..out.len() - 1]);
    }
    out.into()
}

fn spans(all: &[Span<'_>], place: Place, within: &[Style], next: Option<char>, out: &mut String) {
    for (at, it) in all.iter().enumerate() {
        let follows = all[at + 1..].iter().find_map(|it| plain_of(std::slice::from_ref(it)).chars().next()).or(next);
        match it {
            Span::Text(text) => escape(text, place, follows, out),
            Span::Marked(style, href, inner) => {
                let plain = plain_of(inner);
                if within.contains(style) || plain.trim().is_empty() && *style != Style::Link {
                    spans(inner, place, within, follows, out);
                    continue;
                }
                let nested: Vec<Style> = within.iter().copied().chain([*style]).collect();
                match style {
                    Style::Code => code(&plain, place, out),
                    Style::Key => {
                        out.push_str("<kbd>");
                        spans(inner, place, &nested, None, out);
                        out.push_str("</kbd>");
                    }
                    Style::Link => {
                        let href: String = href.replace('<', "%3C").replace('>', "%3E").replace('|', "%7C");
                        if href.is_empty() || href.contains(['\\', '\n']) {
                            spans(inner, place, within, follows, out);
                            continue;
                        }
                        out.push('[');
                        let before = out.len();
                        spans(inner, place, &nested, None, out);
                        if out.len() == before {
                            escape(&href, place, None, out);
                        }
                        // In angle brackets only where it must be: it is read by people.
                        if href.contains(['(', ')', ' ']) {
                            let _ = write!(out, "](<{href}>)");
                        } else {
                            let _ = write!(out, "]({href})");
                        }
                    }
                    Style::Strong | Style::Emphasis => {
                        let mark = if *style == Style::Strong { "**" } else { "*" };
                        let trimmed = plain.trim();
                        let is_word = |it: Option<char>| it.is_some_and(char::is_alphanumeric);
                        let before = out.chars().next_back();
                        // Next to a letter, or within other emphasis, the stars would be shown.
                        let is_safe = is_word(trimmed.chars().next()) && is_word(trimmed.chars().next_back())
                            || !(is_word(before) || plain.ends_with(trimmed) && is_word(follows));
                        let touches = before == Some('*')
                            || before == Some('_')
                            || before == Some('\\')
                            || follows == Some('*')
                            || within.iter().any(|it| matches!(it, Style::Strong | Style::Emphasis));
                        if !is_safe || touches {
                            spans(inner, place, &nested, follows, out);
                            continue;
                        }
                        if plain.starts_with(' ') && !out.ends_with(' ') {
                            out.push(' ');
                        }
                        let mut text = String::new();
                        spans(inner, place, &nested, None, &mut text);
                        let _ = write!(out, "{mark}{}{mark}", text.trim());
                        if plain.ends_with(' ') {
                            out.push(' ');
                        }
                    }
                }
            }
        }
    }
}

fn code(plain: &str, place: Place, out: &mut String) {
    let longest = plain.split(|it| it != '`').map(str::len).max().unwrap_or_default();
    let ticks = "`".repeat(longest + 1);
    let pad = if plain.starts_with('`') || plain.ends_with('`') || plain.starts_with(' ') && plain.ends_with(' ') {
        " "
    } else {
        ""
    };
    let text = if place == Place::Cell { plain.replace('|', "\\|") } else { plain.to_owned() };
    // Two code spans that touch would be one.
    if out.ends_with('`') {
        out.push(' ');
    }
    let _ = write!(out, "{ticks}{pad}{text}{pad}{ticks}");
}

fn escape(text: &str, place: Place, next: Option<char>, out: &mut String) {
    let chars: Vec<char> = text.chars().collect();
    for (at, it) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at)).copied().or_else(|| out.chars().next_back());
        let after = chars.get(at + 1).copied().or(next);
        let is_word = |it: Option<char>| it.is_some_and(char::is_alphanumeric);
        let is_special = match it {
            '\\' | '`' | '*' | '[' | ']' | '<' => true,
            '_' => !(is_word(before) && is_word(after)),
            '|' => place == Place::Cell,
            '~' => after == Some('~') || before == Some('~'),
            '&' => is_word(after) || after == Some('#'),
            '{' => matches!(after, Some('%' | '{' | ':')),
            _ => false,
        };
        if is_special {
            out.push('\\');
        }
        out.push(*it);
    }
}
