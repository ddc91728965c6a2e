//! An entry as a checklist: on paper, as text, as Markdown.

use super::dom::{El, el};
use super::steps::Open;
use super::{Context, Request, press};
use crate::index::text::{self, Piece, Style};
use crate::session::Event;

/// What can be done with the open entry as a whole.
pub fn tools(open: Open) -> El {
    let Open { context, doc, .. } = open;
    let tool = |key: &str, is_markdown: Option<bool>| {
        el("button", "tool").attr("type", "button").text(&context.say(key)).on("click", move |_| match is_markdown {
            None => context.ask(Request::Print, ""),
            Some(it) => context.ask(Request::Copy, &checklist(context, doc, it)),
        })
    };
    el("div", "buttons tools")
        .child(tool("print", None))
        .child(tool("copyText", Some(false)))
        .child(tool("copyMarkdown", Some(true)))
        .child(
            press(context, "tool", &context.say("startOver"), Event::Restarted, ".tick, .outcome")
                .bind_shown(move || open.work().is_begun()),
        )
}

/// Steps with boxes, ticked where they are done.
fn checklist(context: Context, doc: u32, is_markdown: bool) -> String {
    let words = |rich: &str| if is_markdown { markdown(rich) } else { text::plain(rich) };
    let (index, state) = (context.index(), context.peek());
    let resolution = index.resolution(doc).unwrap_or_default();
    let symptom = words(&index.summary(doc).symptom);
    let (title, mark) = if is_markdown { ("# ", "- ") } else { ("", "") };
    let mut lines = vec![[title, &symptom].concat(), String::new()];
    for (at, it) in resolution.steps.iter().enumerate() {
        let is_done = state.work(doc).is_some_and(|it| it.is_done(at));
        lines.push([mark, if is_done { "[x] " } else { "[ ] " }, &words(&it.text)].concat());
        let notes = it.notes.iter().filter(|it| it.src.is_empty());
        lines.extend(notes.map(|it| ["    ", &words(&it.text)].concat()));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// Rich text as Markdown.
fn markdown(rich: &str) -> String {
    let mut out = String::new();
    let mut open: Vec<(Style, &str)> = Vec::new();
    for piece in text::pieces(rich) {
        let (style, href, is_start) = match piece {
            Piece::Text(text) => {
                for it in text.chars() {
                    let is_code = open.last().is_some_and(|it| it.0 == Style::Code);
                    if matches!(it, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|') && !is_code {
                        out.push('\\');
                    }
                    out.push(it);
                }
                continue;
            }
            Piece::Open(style, href) => {
                open.push((style, href));
                (style, href, true)
            }
            Piece::Close => match open.pop() {
                Some((style, href)) => (style, href, false),
                None => continue,
            },
        };
        match style {
            Style::Strong => out.push_str("**"),
            Style::Emphasis => out.push('*'),
            Style::Code | Style::Key => out.push('`'),
            Style::Link if is_start => out.push('['),
            Style::Link => out.push_str(&["](", href, ")"].concat()),
        }
    }
    out
}
