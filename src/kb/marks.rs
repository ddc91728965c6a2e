//! Marks in braces (`{wait 15m}`, `{audience staff}`) and the kinds of steps,
//! from marks or from plain language.

use std::ops::Range;

use super::audience::{Audience, Marked};
use super::config::{Config, unknown_audience, unknown_contact};
use super::diagnostic::{Diagnostic, nearest};
use super::markdown::{HARD_BREAK, SOFT_BREAK};
use super::prepare::Reading;
use super::source::Source;
use crate::index::text;

/// What a step is, before contacts have become positions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    #[default]
    Do,
    Wait {
        minutes: u32,
    },
    Check,
    /// An id of the configuration.
    Escalate {
        contact: String,
    },
    Info,
}

/// A text with what its marks said.
#[derive(Clone, Debug, Default)]
pub struct MarkedText {
    pub text: String,
    pub audience: Option<Audience>,
    pub kind: Option<Kind>,
}

const NAMES: [&str; 6] = ["wait", "escalate", "info", "check", "do", "audience"];

/// Takes the marks off both ends of a rich text.
pub fn take(
    config: &Config,
    source: &Source,
    span: &Range<usize>,
    rich: &str,
    reading: Reading,
    diagnostics: &mut Vec<Diagnostic>,
) -> MarkedText {
    let is_mark = |mark: &str| is_mark(mark, reading);
    let mut marked = MarkedText::default();
    let mut rest = one_line(rich);
    loop {
        if let Some(after) = rest.strip_prefix('{')
            && let Some((mark, after)) = after.split_once('}')
            && is_mark(mark)
        {
            read(config, source, span, mark, &mut marked, diagnostics);
            rest = after.trim().into();
        } else if let Some(before) = rest.strip_suffix('}')
            && let Some((before, mark)) = before.rsplit_once('{')
            && is_mark(mark)
            && (before.is_empty() || before.ends_with([' ', '}', text::CLOSE]))
        {
            read(config, source, span, mark, &mut marked, diagnostics);
            rest = before.trim().into();
        } else {
            marked.text = rest;
            return marked;
        }
    }
}

/// Whether what stands in braces is a mark, or was meant to be one. Other braces
/// are text: `/items/{id}` stands in many answers.
pub fn is_mark(mark: &str, reading: Reading) -> bool {
    let name = mark.trim().split(' ').next().unwrap_or_default();
    // Elsewhere braces mean something else.
    if reading == Reading::Found {
        return false;
    }
    let is_word = !name.is_empty() && name.chars().all(|it| it.is_ascii_alphabetic());
    is_word
        && (NAMES.contains(&name)
            || nearest(name, NAMES.into_iter()).is_some()
            || mark.contains(' ') && !mark.contains('{'))
}

impl MarkedText {
    pub fn map<T>(self, make: impl FnOnce(Self) -> T) -> Marked<T> {
        Marked { audience: self.audience, value: make(self) }
    }
}

/// A rich text in one line, with single spaces.
pub fn one_line(rich: &str) -> String {
    let spaced = rich.replace([SOFT_BREAK, HARD_BREAK], " ");
    spaced.split(' ').filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
}

fn read(
    config: &Config,
    source: &Source,
    span: &Range<usize>,
    mark: &str,
    marked: &mut MarkedText,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let (name, argument) = mark.trim().split_once(' ').unwrap_or((mark.trim(), ""));
    let argument = argument.trim();
    match name {
        "wait" => match minutes(argument) {
            Some(minutes) => marked.kind = Some(Kind::Wait { minutes }),
            None => diagnostics.push(
                Diagnostic::error(
                    "unknown-mark",
                    source,
                    span.clone(),
                    format!("expected a duration, found \"{argument}\""),
                )
                .hint("write {wait 15m} or {wait 2h}"),
            ),
        },
        "escalate" => {
            if !config.contacts.iter().any(|it| it.id == argument) {
                let known = config.contacts.iter().map(|it| it.id.as_str());
                diagnostics.push(unknown_contact(source, span.clone(), argument, known));
            }
            marked.kind = Some(Kind::Escalate { contact: argument.into() });
        }
        "info" => marked.kind = Some(Kind::Info),
        "check" => marked.kind = Some(Kind::Check),
        "do" => marked.kind = Some(Kind::Do),
        "audience" => match Audience::from_name(argument) {
            Some(audience) => marked.audience = Some(audience),
            None => diagnostics.push(unknown_audience(source, span.clone(), argument)),
        },
        _ => {
            let hint = nearest(name, NAMES.into_iter())
                .unwrap_or_else(|| format!("the marks are {}; put other braces in `code`", NAMES.join(", ")));
            diagnostics.push(
                Diagnostic::error("unknown-mark", source, span.clone(), format!("unknown mark \"{{{mark}}}\""))
                    .hint(hint),
            );
        }
    }
}

/// The kind of a step that has no mark, from how it is worded. `fallback` is
/// whom to reach where the words name nobody.
pub fn recognise(config: &Config, rich: &str, fallback: Option<&str>) -> Kind {
    let plain = text::plain(rich).to_lowercase();
    // "If it is still missing, contact support": what counts is what to do then.
    let action = match plain.split_once(", ") {
        Some((condition, action)) if condition.starts_with("if ") => action,
        _ => &plain,
    };
    let starts_with = |starts: &[&str]| {
        starts.iter().any(|it| action.strip_prefix(it).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
    };
    if starts_with(&["no action", "nothing to do"])
        || plain.contains("this is expected")
        || plain.contains("is to be expected")
    {
        return Kind::Info;
    }
    if starts_with(&["wait"])
        && let Some(minutes) = minutes(action)
    {
        return Kind::Wait { minutes };
    }
    let hands_over =
        starts_with(&["contact", "ask", "reach out to", "coordinate with", "tell", "report", "get in touch with"]);
    if hands_over && let Some(contact) = named_contact(config, action) {
        return Kind::Escalate { contact };
    }
    if starts_with(&["escalate"]) || plain.contains("escalate to") {
        let contact =
            named_contact(config, action).or_else(|| fallback.map(String::from)).or_else(|| config.contact.clone());
        if let Some(contact) = contact {
            return Kind::Escalate { contact };
        }
    }
    if starts_with(&["check", "make sure", "confirm", "verify", "look", "see", "compare", "cross-reference"]) {
        return Kind::Check;
    }
    Kind::Do
}

/// The contact that a text names first, by id or label.
fn named_contact(config: &Config, plain: &str) -> Option<String> {
    let place = |name: &str| {
        let at = plain.find(&name.to_lowercase())?;
        let after = plain[at + name.len()..].chars().next();
        let before = plain[..at].chars().next_back();
        let is_word =
            !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(|it| it.is_alphanumeric() && it != 's');
        is_word.then_some(at)
    };
    config
        .contacts
        .iter()
        .filter_map(|it| Some((place(&it.label).into_iter().chain(place(&it.id.replace('-', " "))).min()?, it)))
        .min_by_key(|it| it.0)
        .map(|(_, it)| it.id.clone())
}

/// The first duration in a text, in minutes: "15m", "15 min", "2 hours".
fn minutes(text: &str) -> Option<u32> {
    let start = text.find(|it: char| it.is_ascii_digit())?;
    let rest = &text[start..];
    let end = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
    let number: u32 = rest[..end].parse().ok()?;
    let unit = rest[end..].trim_start();
    let per_unit = if unit.starts_with('m') {
        1
    } else if unit.starts_with('h') {
        60
    } else if unit.starts_with("day") || unit == "d" {
        24 * 60
    } else {
        return None;
    };
    number.checked_mul(per_unit).filter(|it| *it > 0)
}
