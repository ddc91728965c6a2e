//! What an SVG picture could do if somebody opened it by itself: as a page of
//! the site that it stands on. Shown as a picture it can do none of it.

/// Elements that run something, or hold a page of their own.
const ELEMENTS: [&str; 9] =
    ["script", "foreignobject", "handler", "listener", "iframe", "embed", "object", "audio", "video"];

/// Where a picture may lead: into itself, and to pictures that are their own address.
const OWN: [&str; 2] = ["#", "data:image/"];

/// What an SVG holds that is no picture, in words for its author. Looks at what
/// is written and not at what it means: what looks like a script counts as one.
pub fn active(bytes: &[u8]) -> Option<&'static str> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Some("bytes that are not UTF-8") };
    if text.contains('\0') {
        return Some("null bytes");
    }
    let text = text.to_ascii_lowercase();
    if text.contains("<!entity") {
        return Some("an entity of its own");
    }
    if text.contains("<?xml-stylesheet") || text.contains("@import") {
        return Some("a stylesheet from elsewhere");
    }
    let is_led_astray = |rest: &str| !OWN.iter().any(|it| unquoted(rest).starts_with(it));
    if text.split("url(").skip(1).any(is_led_astray) {
        return Some("a style that loads something");
    }
    for tag in text.split('<').skip(1) {
        let name = tag.split(|it: char| !(it.is_alphanumeric() || matches!(it, ':' | '-' | '_' | '.'))).next();
        let name = name.unwrap_or_default();
        let local = name.rsplit(':').next().unwrap_or_default();
        if ELEMENTS.contains(&local) {
            return Some("an element that is no part of a picture");
        }
        for (attribute, value) in attributes(inside(tag.get(name.len()..).unwrap_or_default())) {
            let local = attribute.rsplit(':').next().unwrap_or_default();
            if local.starts_with("on") {
                return Some("a handler of events");
            }
            if matches!(local, "href" | "src") && is_led_astray(value) {
                return Some("a link to something else");
            }
            if local == "attributename" && (value.contains("href") || unquoted(value).starts_with("on")) {
                return Some("a link that changes");
            }
        }
    }
    None
}

/// A tag up to its end, which does not stand in quotes.
fn inside(tag: &str) -> &str {
    let mut quote = None;
    let end = tag.find(|it| {
        match (quote, it) {
            (None, '"' | '\'') => quote = Some(it),
            (Some(open), _) if open == it => quote = None,
            _ => {}
        }
        quote.is_none() && it == '>'
    });
    tag.get(..end.unwrap_or(tag.len())).unwrap_or_default()
}

/// The names in a tag that an equals sign follows on, and what follows on that.
fn attributes(tag: &str) -> impl Iterator<Item = (&str, &str)> {
    let at_signs = tag.match_indices('=').map(|(at, _)| at);
    at_signs.filter_map(|at| {
        let before = tag[..at].trim_end();
        let start = before.rfind(|it: char| it.is_whitespace() || matches!(it, '"' | '\'' | '/' | '>'));
        Some((before.get(start.map_or(0, |it| it + 1)..)?, tag.get(at + 1..)?))
    })
}

/// A text without the space and the quote at its beginning.
fn unquoted(text: &str) -> &str {
    text.trim_start().trim_start_matches(['"', '\'']).trim_start()
}
