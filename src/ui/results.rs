//! The answers: one row an entry, with what it looks like, why, and what to do.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use leptos::prelude::Get;
use web_sys::Element;

use super::dom::{El, effect, el, find, focus, focus_soon, target};
use super::{Context, entry, heading, press, pressed};
use crate::index::text;
use crate::search::Highlighter;
use crate::session::Event;

/// The number of answers, in sight.
pub fn status(context: Context) -> El {
    el("p", "status").part("status").bind_text(move || {
        let results = context.results();
        count_text(context, results.found.hits.len(), &results.query)
    })
}

/// "3 answers", or that there is none.
pub fn count_text(context: Context, count: usize, query: &str) -> String {
    if count == 0 { context.say_with("noMatch", "query", query.trim()) } else { context.say_count("answers", count) }
}

/// A clearly better answer in another area.
pub fn elsewhere(context: Context) -> El {
    el("div", "offers").bind_children(move || match context.results().found.elsewhere {
        Some(hit) => vec![el("p", "").text(&context.say("better")), offer(context, hit.doc)],
        None => Vec::new(),
    })
}

/// An entry that is offered beside the results.
pub fn offer(context: Context, doc: u32) -> El {
    let index = context.index();
    let area = &index.areas()[index.area_of(doc)].title;
    press(context, "offer", "", Event::OfferTaken { doc }, ".toggle[aria-expanded='true']")
        .child(el("span", "label").lang(&context.lang(None)).text(area))
        .child(el("span", "text").lang(&context.lang(Some(doc))).rich(&index.summary(doc).symptom, &[]))
}

/// The rows that are shown, and a button for more.
pub fn results(context: Context) -> El {
    let limit = context.key(|it| it.limit() as u64);
    let open = context.key(|it| it.open.map_or(0, |doc| u64::from(doc) + 1));
    let list = el("ol", "results")
        .part("results")
        .attr("role", "list")
        .on("keydown", move_focus)
        .on("click", move |event| toggle(context, event));
    let (shown, element) = (Shown::default(), list.clone());
    effect(move || {
        let results = context.results();
        let highlighter = Rc::new(Highlighter::new(&context.index(), &results.found));
        let limit = limit.get() as usize;
        if shown.of.replace((results.n, limit)) != (results.n, limit) {
            let docs: Vec<u32> = results.found.hits.iter().take(limit).map(|it| it.doc).collect();
            // Where nothing is found any more, there is the field.
            if element.keep_focus(&|| shown.show(context, &element, &docs, &highlighter))
                && let Some(field) = find(&element.as_element(), "input", 0)
            {
                focus(&field);
            }
        }
        let open = open.get();
        for row in &*shown.rows.borrow() {
            row.open(context, open == u64::from(row.doc) + 1, &highlighter);
        }
    });
    let hidden = move || context.results().found.hits.len().saturating_sub(context.state().limit());
    el("div", "").child(list).child(
        el("button", "button more")
            .attr("type", "button")
            .bind_shown(move || hidden() > 0)
            .on("click", move |event| {
                // Reading goes on at the first that was not shown before.
                if let Some(button) = target(event) {
                    focus_soon(&button, ".toggle", context.peek().limit() as u32);
                }
                context.dispatch(Event::MoreWanted);
            })
            .bind_text(move || match hidden() {
                0 => String::new(),
                n => context.say_with("more", "n", &n.to_string()),
            }),
    )
}

/// The rows in the page.
#[derive(Default)]
struct Shown {
    rows: RefCell<Vec<Row>>,
    /// Which search they are of, and how many there may be.
    of: Cell<(u64, usize)>,
}

/// A row in the page.
struct Row {
    doc: u32,
    /// What it shows: the symptom, the causes and, where there is one, the preview.
    texts: Vec<Text>,
    /// What shows them.
    spans: Vec<El>,
    el: El,
    toggle: El,
    body: El,
    is_open: Cell<bool>,
}

/// A rich text, and where in its plain form the words stand that a search matched.
type Text = (String, Vec<Range<usize>>);

impl Shown {
    /// Shows entries. A row stays, and what looks the same in it is not touched:
    /// from one key to the next that is most of it, and making rows, with the
    /// layout and the painting that follows, is most of what a key press takes.
    fn show(&self, context: Context, list: &El, docs: &[u32], highlighter: &Highlighter) {
        let mut before = self.rows.take();
        let row = |doc: &u32| {
            let texts = texts(context, *doc, highlighter);
            // A preview that arrives has a line of its own.
            let same = before.iter().position(|it| it.doc == *doc && it.texts.len() == texts.len());
            match same.map(|at| before.swap_remove(at)) {
                Some(mut row) => {
                    row.say(texts);
                    row
                }
                None => row(context, *doc, texts),
            }
        };
        let rows: Vec<Row> = docs.iter().map(row).collect();
        for it in before {
            it.el.remove();
        }
        list.arrange(&mut rows.iter().map(|it| &it.el));
        self.rows.replace(rows);
    }
}

impl Row {
    /// Shows other texts, or other words in them as those that matched.
    fn say(&mut self, texts: Vec<Text>) {
        for ((before, now), span) in self.texts.iter().zip(&texts).zip(&self.spans) {
            if before != now {
                span.set_text("");
                span.clone().rich(&now.0, &now.1);
            }
        }
        self.texts = texts;
    }

    /// Opens or closes it. What is open is made anew, as its words are marked too.
    fn open(&self, context: Context, is_open: bool, highlighter: &Rc<Highlighter>) {
        let was_open = self.is_open.replace(is_open);
        if is_open != was_open {
            self.toggle.clone().attr("aria-expanded", &is_open.to_string());
            self.el.flag("data-open", is_open);
        }
        if is_open {
            let (doc, highlighter) = (self.doc, highlighter.clone());
            self.body.clone().bind_children(move || vec![entry::entry(context, doc, &highlighter)]);
        } else if was_open {
            // Whoever is among its steps is on its row afterwards.
            self.el.keep_focus(&|| self.body.set_text(""));
        }
    }
}

fn texts(context: Context, doc: u32, highlighter: &Highlighter) -> Vec<Text> {
    let summary = context.index().summary(doc);
    let texts = [summary.symptom].into_iter().chain(summary.causes).chain(preview(context, doc));
    texts
        .map(|it| {
            let marks = context.marks(&it, highlighter);
            (it, marks)
        })
        .collect()
}

fn row(context: Context, doc: u32, texts: Vec<Text>) -> Row {
    let n_causes = context.index().summary(doc).causes.len();
    let body_id = format!("entry-{doc}");
    let lang = context.lang(Some(doc));
    let span =
        |at: usize, (rich, marks): &Text| el("span", if at == 0 { "" } else { "text" }).lang(&lang).rich(rich, marks);
    let spans: Vec<El> = texts.iter().enumerate().map(|(at, it)| span(at, it)).collect();
    let toggle = el("button", "toggle")
        .part("symptom")
        .attr("type", "button")
        .attr("aria-controls", &body_id)
        .attr("aria-expanded", "false")
        .attr("data-doc", &doc.to_string())
        .child(spans[0].clone());
    let labelled = |class: &str, label: &str, spans: &[El]| {
        (!spans.is_empty()).then(|| {
            let label = el("span", "label").text(&context.say(label));
            el("p", class).child(label).children(spans.iter().cloned())
        })
    };
    let (causes, preview) = spans[1..].split_at(n_causes);
    let body = el("div", "").attr("id", &body_id);
    let el = el("li", "result")
        .part("result")
        .child(heading(context, "symptom").child(toggle.clone()))
        .children(labelled("cause", "cause", causes).map(|it| it.part("cause")))
        .children(labelled("preview", "whatToDo", preview))
        .child(body.clone());
    Row { doc, texts, spans, el, toggle, body, is_open: Cell::default() }
}

/// Opens what was pressed, or closes it.
fn toggle(context: Context, event: &web_sys::Event) {
    let toggle = target(event).and_then(|it| it.closest(".toggle").ok().flatten());
    if let Some(doc) = toggle.and_then(|it| it.get_attribute("data-doc")?.parse().ok()) {
        context.dispatch(Event::EntryToggled { doc });
    }
}

/// What to do, in short: the steps in a line, or how long the guide is. Nothing
/// where the steps are not at hand.
fn preview(context: Context, doc: u32) -> Option<String> {
    let resolution = context.index().resolution(doc)?;
    if resolution.guide {
        return Some(context.say_with("guide", "n", &resolution.steps.len().to_string()));
    }
    let steps: Vec<String> = resolution.steps.iter().map(|it| text::plain(&it.text)).collect();
    Some(steps.join(" "))
}

/// Up and down move between the answers; up from the first leads back to the field.
fn move_focus(event: &web_sys::Event) {
    let Some(toggle) = target(event).filter(|it| it.class_list().contains("toggle")) else { return };
    let Ok(Some(row)) = toggle.closest(".result") else { return };
    let toggle_of = |row: Element| row.query_selector(".toggle").ok().flatten();
    let next = match pressed(event).as_str() {
        "ArrowDown" => row.next_element_sibling().and_then(toggle_of),
        "ArrowUp" => row.previous_element_sibling().map_or_else(|| find(&row, "input", 0), toggle_of),
        _ => return,
    };
    if let Some(next) = next {
        event.prevent_default();
        focus(&next);
    }
}
