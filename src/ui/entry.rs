//! An open entry: its description, its steps with all that stands under them,
//! and what to do when they fail.

use leptos::prelude::{Track, With};

use super::Context;
use super::dom::{El, el, focus_soon, target};
use crate::index::{Contact, Note, NoteKind, Step, StepKind, text};
use crate::search::Highlighter;
use crate::session::Event;

/// The body of an entry.
pub fn entry(context: &Context, doc: u32, highlighter: &Highlighter) -> El {
    context.0.blocks.track();
    let Some(resolution) = context.index().resolution(doc) else { return waiting(context) };
    let rich = |tag: &str, class: &str, it: &str| el(tag, class).rich(it, &context.marks(it, highlighter));
    let follow = context.clone();
    let mut body = el("div", "entry").part("entry").on("click", move |event| follow_link(&follow, event));
    for it in &resolution.description {
        body = body.child(rich("p", "", it));
    }
    let part = if resolution.guide { "steps guide" } else { "steps" };
    let steps = resolution.steps.iter().zip(1..).map(|(it, n)| step(context, it, n, rich("p", "", &it.text)));
    body = body.child(el("ol", "steps").part(part).attr("role", "list").children(steps));
    for it in &resolution.after {
        body = body.child(rich("p", "", it));
    }
    let hands_over = resolution.steps.iter().any(|it| matches!(it.kind, StepKind::Escalate { .. }));
    match resolution.contact.and_then(|it| context.index().contacts().get(it)) {
        Some(it) if !hands_over => body.child(contact(context, it)),
        _ => body,
    }
}

/// While the steps are being fetched, and when they could not be.
fn waiting(context: &Context) -> El {
    let (state, shown) = (context.state().clone(), context.state().clone());
    let (messages, retry) = (context.messages().clone(), context.clone());
    let text = move || messages.get(if state.with(|it| it.unreachable) { "unreachable" } else { "loading" });
    el("div", "entry").part("entry").child(el("p", "").attr("role", "status").bind_text(text)).child(
        el("button", "")
            .attr("type", "button")
            .bind_shown(move || shown.with(|it| it.unreachable))
            .on("click", move |_| retry.dispatch(Event::Retried))
            .text(&context.messages().get("retry")),
    )
}

fn step(context: &Context, step: &Step, number: usize, text: El) -> El {
    let kind = match step.kind {
        StepKind::Do => "do",
        StepKind::Wait { .. } => "wait",
        StepKind::Check => "check",
        StepKind::Escalate { .. } => "escalate",
        StepKind::Info => "info",
    };
    let whom = match step.kind {
        StepKind::Escalate { contact } => context.index().contacts().get(contact),
        _ => None,
    };
    let address = whom.filter(|it| !it.href.is_empty()).map(|it| el("p", "note").child(link(it)));
    el("li", "step")
        .part("step")
        .attr("data-kind", kind)
        .attr("data-number", &number.to_string())
        .child(text)
        .children(step.notes.iter().map(|it| note(context, it)))
        .children(address)
}

fn note(context: &Context, note: &Note) -> El {
    let labelled = |class: &str, key: &str| {
        el("p", class)
            .child(el("strong", "").text(&context.messages().get(key)))
            .text(" ")
            .child(el("span", "").rich(&note.text, &[]))
    };
    match note.kind {
        NoteKind::Note => labelled("note", "note"),
        NoteKind::Warning => labelled("note warning", "warning"),
        NoteKind::Item => el("p", "item").rich(&note.text, &[]),
        NoteKind::Code => el("pre", "").text(&note.text),
        NoteKind::Picture if text::is_safe_href(&note.src) => {
            let source = [context.0.base.as_str(), &note.src].concat();
            let image = el("img", "").attr("src", &source).attr("alt", "").attr("loading", "lazy");
            el("figure", "").child(image).child(el("figcaption", "").text(&note.text))
        }
        NoteKind::Picture => el("p", "note").text(&note.text),
    }
}

/// Whom to reach when the steps do not help.
fn contact(context: &Context, contact: &Contact) -> El {
    let line = el("p", "contact").child(el("span", "label").text(&context.messages().get("fallBack")));
    line.child(link(contact)).text(" ").child(el("span", "").text(&contact.text))
}

fn link(contact: &Contact) -> El {
    if contact.href.is_empty() || !text::is_safe_href(&contact.href) {
        el("strong", "").text(&contact.label)
    } else {
        el("a", "").attr("href", &contact.href).text(&contact.label)
    }
}

/// A link to another entry opens it here; every other link is the page's.
fn follow_link(context: &Context, event: &web_sys::Event) {
    let link = target(event).and_then(|it| it.closest("a[href^='#']").ok().flatten());
    let Some(link) = link else { return };
    let id = link.get_attribute("href").unwrap_or_default();
    let Some(doc) = context.index().find(id.trim_start_matches('#')) else { return };
    event.prevent_default();
    // The row may be made anew, and the link disappears with its answer.
    focus_soon(&link, ".toggle[aria-expanded='true']", 0);
    context.dispatch(Event::LinkFollowed { doc });
}
