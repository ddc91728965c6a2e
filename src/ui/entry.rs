//! An open entry: its description, its steps with all that stands under them,
//! and what to do when they fail.

use leptos::prelude::Track;

use super::dom::{El, el, focus_soon, target};
use super::steps::{self, Open};
use super::{Context, checklist, outcome, press};
use crate::index::text;
use crate::search::Highlighter;
use crate::session::Event;

/// The body of an entry.
pub fn entry(context: Context, doc: u32, highlighter: &Highlighter) -> El {
    context.inner().arrivals.track();
    let index = context.index();
    let Some(resolution) = index.resolution(doc) else { return waiting(context) };
    let open = Open { context, doc, is_guide: resolution.guide };
    let lang = context.lang(Some(doc));
    let rich = |tag: &str, it: &str| el(tag, "").lang(&lang).rich(it, &context.marks(it, highlighter));
    let mut body = el("div", "entry").part("entry").on("click", move |event| follow_link(context, event));
    if let Some(from) = context.peek().trail.last() {
        let label = context.say_with("backTo", "symptom", &text::plain(&index.summary(*from).symptom));
        body = body.child(press(context, "tool", &label, Event::WentBack, ".toggle[aria-expanded='true']"));
    }
    body = body.children(resolution.description.iter().map(|it| rich("p", it)));
    if resolution.guide {
        body = body.child(steps::guide_head(open, &resolution));
    }
    body = body.child(steps::steps(open, &resolution, &rich));
    if resolution.guide {
        body = body.child(steps::guide_foot(open, resolution.steps.len()));
    }
    body.children(resolution.after.iter().map(|it| rich("p", it)))
        .child(outcome::outcome(open, &resolution))
        .child(checklist::tools(open))
}

/// While the steps are being fetched, and when they could not be.
fn waiting(context: Context) -> El {
    let is_unreachable = move || context.state().unreachable;
    let text = move || context.say(if is_unreachable() { "unreachable" } else { "loading" });
    el("div", "entry")
        .part("entry")
        .child(el("p", "").attr("role", "status").bind_text(text))
        .child(press(context, "button", &context.say("retry"), Event::Retried, "").bind_shown(is_unreachable))
}

/// A link to another entry opens it here; every other link is the page's.
fn follow_link(context: Context, event: &web_sys::Event) {
    let link = target(event).and_then(|it| it.closest("a[href^='#']").ok().flatten());
    let Some(link) = link else { return };
    let id = link.get_attribute("href").unwrap_or_default();
    let Some(doc) = context.index().find(id.trim_start_matches('#')) else { return };
    event.prevent_default();
    // The row may be made anew, and the link disappears with its answer.
    focus_soon(&link, ".toggle[aria-expanded='true']", 0);
    context.dispatch(Event::LinkFollowed { doc });
}
