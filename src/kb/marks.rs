//! Marks in braces (`{wait 15m}`, `{audience staff}`) and the kinds of steps,
//! from marks or from plain language.

use std::ops::Range;

use super::audience::{Audience, Marked};
use super::config::{Config, unknown_audience, unknown_contact};
use super::diagnostic::{Diagnostic, edits, nearest};
use super::fix;
use super::markdown::{HARD_BREAK, SOFT_BREAK};
use super::prepare::Reading;
use super::source::Source;
use crate::index::text::{self, Piece, Style};

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
        } else if reading == Reading::Authored
            && let Some((before, mark, end)) = before_end(&rest)
        {
            read(config, source, span, mark, &mut marked, diagnostics);
            rest = if before.ends_with(ENDS) { before.into() } else { format!("{before}{end}") };
        } else {
            if reading == Reading::Authored {
                diagnostics.extend(leftovers(&rest).iter().map(|it| not_understood(source, span, it)));
            }
            marked.text = rest;
            return marked;
        }
    }
}

/// What may end a sentence behind a mark; it stays with the text. Not a colon:
/// what follows on it would not have the mark.
const ENDS: [char; 7] = ['.', ',', ';', '!', '?', '…', '。'];

/// A text that ends with a mark and the end of its sentence: what stands before
/// the mark, the mark and that end.
fn before_end(rich: &str) -> Option<(&str, &str, &str)> {
    let body = rich.trim_end_matches(ENDS);
    let (before, mark) = body.strip_suffix('}')?.rsplit_once('{')?;
    let name = mark.trim().split(' ').next().unwrap_or_default();
    let stands_apart = before.is_empty() || before.ends_with([' ', '}', text::CLOSE]);
    (body.len() < rich.len() && stands_apart && NAMES.contains(&name)).then(|| {
        let before = before.trim_end();
        (before, mark, if before.is_empty() { "" } else { &rich[body.len()..] })
    })
}

/// What looks like a mark in a text and did not take effect, as it stands there:
/// in the middle, malformed, or inside other marks. Readers would see it, and
/// what it was to keep from them too.
pub fn leftovers(rich: &str) -> Vec<String> {
    if !rich.contains(['{', '}', '｛', '｝']) && !rich.to_lowercase().contains("audience") {
        return Vec::new();
    }
    let plain: Vec<char> = seen_as_text(rich).chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < plain.len() && found.len() < MAX_TOLD {
        let close = match plain[at] {
            '{' => '}',
            '(' => ')',
            '[' => ']',
            '<' => '>',
            '}' => {
                // Closed, and never opened.
                let from = at.saturating_sub(MAX_MARK_CHARS);
                let inner: String = plain[from..at].iter().collect();
                let inner = inner.rsplit_once("audience").map(|it| format!("audience{}", it.1));
                if let Some(inner) = inner.filter(|it| !it.contains('"') && names_audience(it)) {
                    found.push(format!("{inner}}}"));
                }
                at += 1;
                continue;
            }
            _ => {
                at += 1;
                continue;
            }
        };
        let rest = &plain[at + 1..plain.len().min(at + 1 + MAX_MARK_CHARS)];
        let end = rest.iter().position(|it| *it == close || *it == '{');
        let inner: String = rest[..end.unwrap_or(rest.len())].iter().collect();
        let is_closed = end.is_some_and(|it| rest[it] == close);
        let before = at.checked_sub(1).map(|at| plain[at]);
        let after = end.and_then(|it| rest.get(it + 1)).copied();
        let is_path = is_closed && (before == Some('/') || after == Some('/'));
        let is_mark = if close == '}' {
            looks_like_mark(&inner, is_closed, is_path)
        } else {
            is_closed && names_audience(&inner)
        };
        if is_mark {
            let shown = if is_closed { inner.as_str() } else { first_words(&inner) };
            let end = if is_closed { close.to_string() } else { String::new() };
            found.push(format!("{}{shown}{end}", plain[at]));
        }
        at += 1 + if is_mark { inner.chars().count() + usize::from(is_closed) } else { 0 };
    }
    found
}

/// So many of them are told of one text.
const MAX_TOLD: usize = 20;

/// No mark is longer, and a brace that is never closed is looked behind so far.
const MAX_MARK_CHARS: usize = 60;

/// So much of a mark that is not closed is told.
fn first_words(inner: &str) -> &str {
    let end = inner.match_indices(' ').nth(1).map_or(inner.len(), |it| it.0);
    inner[..end].trim_end()
}

/// The finding about such a mark.
pub fn not_understood(source: &Source, span: &Range<usize>, mark: &str) -> Diagnostic {
    let text = source.text.get(span.clone()).unwrap_or_default();
    let place = text.find(mark).map_or(span.clone(), |at| span.start + at..span.start + at + mark.len());
    let message = format!("\"{mark}\" looks like a mark, and has no effect where it stands");
    Diagnostic::error("unknown-mark", source, place, message)
        .hint("write it as {audience staff}, {wait 15m} or {check}, at the head or the end of its step, outside of bold and `code`")
}

/// A text as people see it: without styles, with the braces and letters of
/// ASCII for the wide ones, and without code but for a mark that is set as code.
fn seen_as_text(rich: &str) -> String {
    let mut seen = String::new();
    let mut open = Vec::new();
    let mut code = String::new();
    for piece in text::pieces(rich) {
        match piece {
            Piece::Text(it) if open.contains(&Style::Code) => code.push_str(it),
            Piece::Text(it) => seen.push_str(it),
            Piece::Open(style, _) => open.push(style),
            Piece::Close => {
                if open.pop() == Some(Style::Code) {
                    // Other marks are set as code to show them; this one is too dear.
                    let own = narrow(code.trim());
                    let is_mark = own.starts_with('{')
                        && own.ends_with('}')
                        && words_of(&own[1..]).first().is_some_and(|it| edits(it, "audience") <= 2);
                    seen.push_str(if is_mark { &own } else { "\u{fffc}" });
                    code.clear();
                }
            }
        }
    }
    narrow(&seen)
}

/// The same with the letters of ASCII for the wide ones of East Asian keyboards.
fn narrow(text: &str) -> String {
    text.chars()
        .map(|it| match it {
            '\u{3000}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(it) - 0xfee0).unwrap_or(it),
            it => it,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// The words in braces; none where they begin with a quote, as JSON does.
fn words_of(inner: &str) -> Vec<&str> {
    if inner.trim_start().starts_with(['"', '\'']) {
        return Vec::new();
    }
    inner.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()).collect()
}

fn is_audience(word: &str) -> bool {
    [word, word.trim_end_matches('s')].iter().any(|it| Audience::from_name(it).is_some())
}

/// Whether words are "audience" and the name of one, and nothing else.
pub fn names_audience(inner: &str) -> bool {
    matches!(words_of(inner).as_slice(), [first, rest @ ..]
        if *first == "audience" && !rest.is_empty() && rest.iter().all(|it| is_audience(it)))
}

/// Whether what stands in braces was meant to be a mark. `is_path`: a slash
/// stands beside it, as in `/agents/{agent}`.
fn looks_like_mark(inner: &str, is_closed: bool, is_path: bool) -> bool {
    let words = words_of(inner);
    let Some(first) = words.first() else { return false };
    let is_near = |name: &str| edits(first, name) <= 2;
    if first.starts_with("audience") || is_near("audience") || is_near("escalate") && words.len() == 2 {
        return !is_path || words.len() > 1;
    }
    if is_path {
        return false;
    }
    // Without its end it may be any brace, unless it says whom it is for.
    let of_audience = |words: &[&str]| words.iter().all(|it| is_audience(it) || matches!(*it, "audience" | "only"));
    if is_audience(first) {
        return if is_closed { of_audience(&words) } else { words.len() == 1 };
    }
    NAMES.contains(first) && (words.len() <= 2 || !is_closed)
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
            if !config.is_unread && !config.contacts.iter().any(|it| it.id == argument) {
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
            let fix = fix::rename(source, span, name, NAMES.into_iter());
            diagnostics.push(
                Diagnostic::error("unknown-mark", source, span.clone(), format!("unknown mark \"{{{mark}}}\""))
                    .hint(hint)
                    .fixed_by(fix),
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

/// Whom a text asks to reach in words that can mean nobody but a contact, such as
/// "contact the front desk": an office, a team or a desk. People are none.
pub fn hand_over(rich: &str) -> Option<String> {
    const VERBS: [&str; 6] =
        ["contact ", "ask ", "reach out to ", "get in touch with ", "escalate to ", "escalate it to "];
    const OFFICES: [&str; 14] = [
        "desk",
        "helpdesk",
        "team",
        "department",
        "office",
        "reception",
        "support",
        "engineering",
        "security",
        "operations",
        "facilities",
        "hotline",
        "administration",
        "service",
    ];
    const BEFORE: [&str; 4] = ["the", "our", "your", "a"];
    let plain = text::plain(rich).to_lowercase();
    let action = match plain.split_once(", ") {
        Some((condition, action)) if condition.starts_with("if ") => action,
        _ => &plain,
    };
    let rest = VERBS.iter().find_map(|it| action.strip_prefix(it))?;
    let mut words: Vec<&str> = Vec::new();
    let mut rest = rest.split(' ').peekable();
    while let Some(word) = rest.next().filter(|_| words.len() < MAX_NAME_WORDS) {
        let name = word.trim_end_matches(|it: char| !it.is_alphanumeric());
        if name.is_empty() || !name.chars().all(|it| it.is_alphanumeric() || it == '-') {
            break;
        }
        if words.is_empty() && BEFORE.contains(&name) {
            continue;
        }
        words.push(name);
        // "Support" is one, a "support case" is none, and "the office manager" is a person.
        let ends = word != name || rest.peek().is_none_or(|it| FOLLOWERS.contains(it));
        if OFFICES.contains(&name) && ends {
            return Some(words.join(" "));
        }
        if ends {
            break;
        }
    }
    None
}

/// Longest name of an office in words.
const MAX_NAME_WORDS: usize = 4;

/// Words that stand behind the name of whom to reach.
const FOLLOWERS: [&str; 12] = ["to", "if", "for", "with", "and", "about", "when", "at", "on", "in", "or", "so"];

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
