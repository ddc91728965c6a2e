//! The answers as plain HTML: what a page shows without script and without WASM.

use std::fmt::Write;

use crate::index::text::{self, Piece, Style};
use crate::index::{Area, Contents, Entry, Note, NoteKind, Step};

/// What every page says of itself; without the last line browsers ask for an icon.
const META: &str = "<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n";

/// A whole page: every area with every answer, and the way on.
pub fn page(contents: &Contents) -> String {
    let mut out = head(contents, META);
    out.push_str(&answers(contents));
    out.push_str("</body>\n</html>\n");
    out
}

/// A page that needs no other file: the element with all answers inside it, the
/// files that it would fetch (name and base64), and the script that reads them.
pub fn single(contents: &Contents, script: &str, hash: &str, files: &[(&str, String)]) -> String {
    let policy = format!(
        "default-src 'none'; script-src '{hash}' 'wasm-unsafe-eval'; img-src data:; require-trusted-types-for 'script'"
    );
    let head_lines = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n{META}");
    let mut out = head(contents, &head_lines);
    let _ = writeln!(out, "<unstuck-help route=\"hash\">\n{}</unstuck-help>", answers(contents));
    for (name, base64) in files {
        // No kind of script: a page runs nothing in it, whatever its policy.
        let _ =
            writeln!(out, "<script type=\"application/octet-stream\" data-unstuck-file=\"{name}\">{base64}</script>");
    }
    let _ = writeln!(out, "<script type=\"module\">{script}</script>\n</body>\n</html>");
    out
}

/// A page up to its heading, with more lines for its head.
fn head(contents: &Contents, more: &str) -> String {
    let (lang, title) = (escape(&contents.lang), escape(&contents.title));
    format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n{more}\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n</head>\n\
         <body>\n<h1>{title}</h1>\n"
    )
}

/// Every area with every answer, and the way on.
fn answers(contents: &Contents) -> String {
    let mut out = String::new();
    for area in 0..contents.areas.len() {
        let Area { id, title } = &contents.areas[area];
        let _ = writeln!(out, "<h2 id=\"area-{}\">{}</h2>", escape(id), escape(title));
        out.push_str(&fragment(contents, area));
    }
    if !contents.links.is_empty() {
        let _ = writeln!(out, "<h2>{}</h2>", escape(&contents.way_on_heading));
        let _ = writeln!(out, "<p>{}</p>\n<ul>", escape(&contents.way_on_text));
        for it in contents.links.iter().filter(|it| text::is_safe_href(&it.href)) {
            let (href, label, text) = (escape(&it.href), escape(&it.label), escape(&it.text));
            let _ = writeln!(out, "<li><a href=\"{href}\">{label}</a>: {text}</li>");
        }
        out.push_str("</ul>\n");
    }
    out
}

/// The answers of one area, to put inside the element or into a page.
pub fn fragment(contents: &Contents, area: usize) -> String {
    contents.entries.iter().filter(|it| it.area == area).map(|it| entry(contents, it)).collect()
}

fn entry(contents: &Contents, it: &Entry) -> String {
    let mut out = String::new();
    let lang = if it.lang.is_empty() { String::new() } else { format!(" lang=\"{}\"", escape(&it.lang)) };
    let _ = writeln!(out, "<details id=\"{}\"{lang}>\n<summary>{}</summary>", escape(&it.id), rich(&it.symptom));
    for paragraph in &it.resolution.description {
        let _ = writeln!(out, "<p>{}</p>", rich(paragraph));
    }
    list(&mut out, "ul", &it.causes.iter().map(|it| rich(it)).collect::<Vec<_>>());
    list(&mut out, "ol", &it.resolution.steps.iter().map(step).collect::<Vec<_>>());
    for paragraph in &it.resolution.after {
        let _ = writeln!(out, "<p>{}</p>", rich(paragraph));
    }
    if let Some(to) = it.resolution.contact.and_then(|at| contents.contacts.get(at)) {
        let (href, label, text) = (escape(&to.href), escape(&to.label), escape(&to.text));
        if to.href.is_empty() || !text::is_safe_href(&to.href) {
            let _ = writeln!(out, "<p>{label}: {text}</p>");
        } else {
            let _ = writeln!(out, "<p><a href=\"{href}\">{label}</a>: {text}</p>");
        }
    }
    out.push_str("</details>\n");
    out
}

fn list(out: &mut String, tag: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    let _ = writeln!(out, "<{tag}>");
    for it in items {
        let _ = writeln!(out, "<li>{it}</li>");
    }
    let _ = writeln!(out, "</{tag}>");
}

fn step(it: &Step) -> String {
    let notes: String = it.notes.iter().map(note).collect();
    rich(&it.text) + &notes
}

fn note(it: &Note) -> String {
    match it.kind {
        NoteKind::Note | NoteKind::Item => format!("<p>{}</p>", rich(&it.text)),
        NoteKind::Warning => format!("<p><strong>{}</strong></p>", rich(&it.text)),
        NoteKind::Code => format!("<pre>{}</pre>", escape(&it.text)),
        // The page stands beside the pictures, fragments may stand anywhere: they get the words.
        NoteKind::Picture => format!("<p>{}</p>", escape(&it.text)),
    }
}

/// Rich text as HTML; marks that are left open are closed at the end.
fn rich(rich: &str) -> String {
    let mut out = String::new();
    let mut open: Vec<&str> = Vec::new();
    for piece in text::pieces(rich) {
        match piece {
            Piece::Text(it) => out.push_str(&escape(it)),
            Piece::Open(Style::Link, href) if text::is_safe_href(href) => {
                let _ = write!(out, "<a href=\"{}\">", escape(href));
                open.push("a");
            }
            Piece::Open(style, _) => {
                let tag = match style {
                    Style::Strong => "strong",
                    Style::Emphasis => "em",
                    Style::Code => "code",
                    Style::Key => "kbd",
                    Style::Link => "span",
                };
                let _ = write!(out, "<{tag}>");
                open.push(tag);
            }
            Piece::Close => {
                if let Some(tag) = open.pop() {
                    let _ = write!(out, "</{tag}>");
                }
            }
        }
    }
    while let Some(tag) = open.pop() {
        let _ = write!(out, "</{tag}>");
    }
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
