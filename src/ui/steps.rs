//! The steps of an open entry: ticked off one by one, waited for, handed over;
//! a guide one at a time.

use leptos::prelude::Get;
use web_sys::HtmlInputElement;

use super::dom::{El, effect, el, listen};
use super::{Context, Messages, press};
use crate::index::text::{self, Piece, Style};
use crate::index::{Note, NoteKind, Resolution, Step, StepKind};
use crate::session::{Event, Timer, Work};

/// The open entry, as its components read it.
#[derive(Clone, Copy)]
pub struct Open {
    /// The session.
    pub context: Context,
    /// Index of the entry.
    pub doc: u32,
    /// Whether its steps are shown one at a time, until the person wants them
    /// as a whole.
    pub is_guide: bool,
}

impl Open {
    /// The work on it; whoever asks is brought up to date.
    pub fn work(self) -> Work {
        self.context.state().work(self.doc).cloned().unwrap_or_default()
    }

    /// The step that is shown; `None` where all are.
    fn at(self) -> Option<usize> {
        let state = self.context.state();
        (self.is_guide && !state.is_whole).then_some(state.at)
    }
}

/// The list of steps.
pub fn steps(open: Open, resolution: &Resolution, rich: &dyn Fn(&str, &str) -> El) -> El {
    let n = resolution.steps.len();
    let part = if resolution.guide { "steps guide" } else { "steps" };
    let steps = resolution.steps.iter().enumerate().map(|(at, it)| step(open, it, at, n, rich));
    el("ol", "steps").part(part).attr("role", "list").children(steps)
}

fn step(open: Open, step: &Step, at: usize, n: usize, rich: &dyn Fn(&str, &str) -> El) -> El {
    let context = open.context;
    let kind = match step.kind {
        StepKind::Do => "do",
        StepKind::Wait { .. } => "wait",
        StepKind::Check => "check",
        StepKind::Escalate { .. } => "escalate",
        StepKind::Info => "info",
    };
    let is_done = move || open.work().is_done(at);
    let text = if step.kind == StepKind::Info {
        rich("p", &step.text)
    } else {
        let id = format!("step-{at}");
        let tick = el("input", "tick").attr("type", "checkbox").attr("id", &id);
        let input: HtmlInputElement = tick.as_element();
        // Where steps are shown one at a time, this one goes away.
        listen(&input, "change", move |event| {
            let focus = if open.at().is_some() { ".step:not([hidden]) .tick" } else { "" };
            context.go(event, Event::StepToggled { step: at }, focus);
        });
        effect(move || input.set_checked(is_done()));
        el("div", "line").child(tick).child(rich("label", &step.text).attr("for", &id))
    };
    // A warning that comes after what it warns of comes too late.
    let notes = |is_before: bool| {
        let notes = step.notes.iter().filter(move |it| (it.kind == NoteKind::Warning) == is_before);
        notes.map(move |it| note(context, it, rich))
    };
    el("li", "step")
        .part("step")
        .attr("data-kind", kind)
        .attr("data-number", &(at + 1).to_string())
        .bind_flag("data-done", is_done)
        .bind_attr("aria-current", move || (open.work().current(n) == Some(at)).then(|| "step".into()))
        .bind_shown(move || open.at().is_none_or(|it| it == at))
        .children(notes(true))
        .child(text)
        .children(notes(false))
        .children(control(open, step.kind, at))
}

/// What a step has besides its tick.
fn control(open: Open, kind: StepKind, at: usize) -> Option<El> {
    let Open { context, doc, .. } = open;
    match kind {
        StepKind::Wait { minutes } => {
            let stage = context.key(move |it| {
                let Some(work) = it.work(doc) else { return 0 };
                let is_past = work.is_done(at) || work.outcome.is_some();
                let timer = work.timer_of(at).map_or(0, |it| u64::from(it.ends) << 1 | u64::from(it.is_over));
                timer << 1 | u64::from(is_past)
            });
            let controls = move || {
                let is_past = stage.get() & 1 == 1;
                let timer = context.peek().work(doc).and_then(|it| it.timer_of(at));
                if is_past { Vec::new() } else { wait(context, timer, minutes, at) }
            };
            Some(el("div", "timer").part("timer").bind_children(controls))
        }
        StepKind::Escalate { contact } => {
            let label = context.say_with("handOver", "to", &context.contact(contact).label);
            let opener = press(context, "button", &label, Event::HandOverOpened { step: Some(at) }, "textarea");
            Some(opener.bind_shown(move || open.work().outcome.is_none()))
        }
        _ => None,
    }
}

fn wait(context: Context, timer: Option<Timer>, minutes: u32, at: usize) -> Vec<El> {
    let button = |text: &str, what: Event, focus: &'static str| press(context, "button", text, what, focus);
    match timer {
        None => {
            let text = context.say_count("wait", minutes as usize);
            vec![button(&text, Event::WaitStarted { step: at }, ".timer button")]
        }
        Some(it) if !it.is_over => vec![
            el("span", "left").attr("role", "timer").bind_text(move || countdown(context, it)),
            button(&context.say("stopWaiting"), Event::WaitStopped, ".timer button"),
        ],
        Some(_) => vec![
            el("p", "").text(&context.say("waitOver")),
            button(&context.say("solvedNow"), Event::Solved, ".outcome"),
            button(&context.say("notYet"), Event::StepToggled { step: at }, ".step[aria-current] .tick, .outcome"),
        ],
    }
}

/// "12:05 left"; whoever asks is brought up to date.
pub fn countdown(context: Context, timer: Timer) -> String {
    let left = timer.left(context.inner().clock.get());
    let seconds = (left % 60 + 100).to_string();
    context.say_with("left", "time", &[&(left / 60).to_string(), ":", seconds.get(1..).unwrap_or_default()].concat())
}

/// Of a guide: the way through the menus, how far one is, and one step at a
/// time or all at once.
pub fn guide_head(open: Open, resolution: &Resolution) -> El {
    let context = open.context;
    let n = resolution.steps.len();
    let mut path = el("ol", "path").attr("role", "list").attr("aria-label", &context.say("path"));
    for (step, it) in resolution.steps.iter().enumerate() {
        for name in strong(&it.text) {
            let is_here = move || open.at().or_else(|| open.work().current(n)) == Some(step);
            path = path.child(el("li", "").bind_flag("data-here", is_here).text(name));
        }
    }
    let done = move || open.work().done.len().to_string();
    let bar = el("progress", "")
        .attr("max", &n.to_string())
        .attr("aria-label", &context.say("progress"))
        .bind_attr("value", move || Some(done()));
    let text = move || Messages::fill(&context.say_with("doneOf", "n", &done()), "steps", &n.to_string());
    let whole = move || context.say(if context.state().is_whole { "oneAtATime" } else { "allAtOnce" });
    el("div", "guide-head")
        .child(path)
        .child(el("p", "progress").part("progress").child(bar).child(el("span", "").bind_text(text)))
        .child(press(context, "tool", "", Event::WholeToggled, "").bind_text(whole))
}

/// Under a guide that is shown one step at a time: on and back.
pub fn guide_foot(open: Open, n: usize) -> El {
    let context = open.context;
    let at = move || open.at().unwrap_or_default();
    let is_done = move || open.work().is_done(at());
    el("div", "buttons")
        .bind_shown(move || open.at().is_some())
        .child(
            el("button", "button")
                .attr("type", "button")
                .bind_shown(move || at() > 0)
                .on("click", move |event| {
                    let step = at().saturating_sub(1);
                    context.go(event, Event::StepShown { step }, if step == 0 { ".buttons .primary" } else { "" });
                })
                .text(&context.say("back")),
        )
        .child(
            el("button", "button primary")
                .attr("type", "button")
                .bind_shown(move || at() + 1 < n || !is_done())
                .on("click", move |event| {
                    let step = at();
                    // At the last step the button goes away.
                    let is_last = step + 1 == n || step + 2 == n && open.work().is_done(n - 1);
                    let focus = if is_last { ".outcome" } else { "" };
                    let what =
                        if is_done() { Event::StepShown { step: step + 1 } } else { Event::StepToggled { step } };
                    context.go(event, what, focus);
                })
                .bind_text(move || context.say(if is_done() { "next" } else { "doneNext" })),
        )
}

/// The names that a step of a guide has in bold: of menus, pages and buttons.
fn strong(rich: &str) -> impl Iterator<Item = &str> {
    let mut is_strong = false;
    text::pieces(rich).filter_map(move |piece| match piece {
        Piece::Open(style, _) => {
            is_strong = style == Style::Strong;
            None
        }
        Piece::Close => {
            is_strong = false;
            None
        }
        Piece::Text(text) => is_strong.then_some(text),
    })
}

fn note(context: Context, note: &Note, rich: &dyn Fn(&str, &str) -> El) -> El {
    let labelled = |class: &str, key: &str| {
        el("p", class).child(el("strong", "").text(&context.say(key))).text(" ").child(rich("span", &note.text))
    };
    match note.kind {
        NoteKind::Note => labelled("note", "note"),
        NoteKind::Warning => labelled("note warning", "warning"),
        NoteKind::Item => rich("p", &note.text).attr("class", "item"),
        NoteKind::Code => el("pre", "").text(&note.text),
        NoteKind::Picture if text::is_safe_src(&note.src) => {
            // A picture that is its own address stands nowhere else.
            let inner = context.inner();
            let folder = if note.src.starts_with("data:") { "" } else { inner.base.as_str() };
            let source = [folder, note.src.as_str()].concat();
            let image = el("img", "").attr("src", &source).attr("alt", &note.alt).attr("loading", "lazy");
            el("figure", "").child(image).child(rich("figcaption", &note.text))
        }
        NoteKind::Picture => rich("p", &note.text).attr("class", "note"),
    }
}
