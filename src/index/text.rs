//! Rich text: a string in which control characters stand for the inline marks.
//!
//! A mark opens with its own character and closes with [`CLOSE`]; a link has
//! its target between [`LINK`] and [`LINK_TEXT`]. The compiler refuses control
//! characters in content, so they cannot be forged there; text that does not
//! nest properly is shown as far as it can be read.
//!
//! ```
//! use unstuck::index::text::{self, Piece, Style};
//!
//! let rich = "Click \u{1}OK\u{7}.";
//! assert_eq!(text::plain(rich), "Click OK.");
//! let pieces: Vec<Piece> = text::pieces(rich).collect();
//! assert_eq!(pieces[1], Piece::Open(Style::Strong, ""));
//! ```

/// Opens strong text.
pub const STRONG: char = '\u{1}';
/// Opens emphasised text.
pub const EMPHASIS: char = '\u{2}';
/// Opens code.
pub const CODE: char = '\u{3}';
/// Opens the name of a key.
pub const KEY: char = '\u{4}';
/// Opens a link; its target follows.
pub const LINK: char = '\u{5}';
/// Stands between a link's target and its text.
pub const LINK_TEXT: char = '\u{6}';
/// Closes the mark opened last.
pub const CLOSE: char = '\u{7}';

/// So many marks are shown in each other at most. The compiler writes no more; of
/// whoever does, the words are shown: a page goes one call deeper for each element.
pub const MAX_OPEN: usize = 16;

/// What a mark means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Strong.
    Strong,
    /// Emphasised.
    Emphasis,
    /// Code.
    Code,
    /// A key of the keyboard.
    Key,
    /// A link.
    Link,
}

/// A piece of rich text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A mark begins; the text is a link's target, else empty.
    Open(Style, &'a str),
    /// Text.
    Text(&'a str),
    /// The mark opened last ends.
    Close,
}

/// The pieces of a rich text, in order.
pub fn pieces(rich: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = rich;
    std::iter::from_fn(move || {
        let first = *rest.as_bytes().first()?;
        if !is_mark(first) {
            // Marks are single bytes, and no part of another character.
            let end = rest.bytes().position(is_mark).unwrap_or(rest.len());
            let (text, after) = rest.split_at_checked(end).unwrap_or_default();
            rest = after;
            return Some(Piece::Text(text));
        }
        rest = rest.get(1..).unwrap_or_default();
        Some(match char::from(first) {
            STRONG => Piece::Open(Style::Strong, ""),
            EMPHASIS => Piece::Open(Style::Emphasis, ""),
            CODE => Piece::Open(Style::Code, ""),
            KEY => Piece::Open(Style::Key, ""),
            LINK => {
                let (href, after) = rest.split_once(LINK_TEXT).unwrap_or((rest, ""));
                rest = after;
                Piece::Open(Style::Link, href)
            }
            _ => Piece::Close,
        })
    })
}

/// The text without its marks.
pub fn plain(rich: &str) -> String {
    pieces(rich).filter_map(|it| if let Piece::Text(text) = it { Some(text) } else { None }).collect()
}

/// Whether a link or a picture may point there: `http`, `https`, `mailto`,
/// `tel`, a relative address or `#entry-id`. Everything else (`javascript:`,
/// `data:`, a scheme hidden behind white space) is not followed.
pub fn is_safe_href(href: &str) -> bool {
    if href.bytes().any(|it| it <= b' ' || it == 0x7f) {
        return false;
    }
    let Some((scheme, _)) = href.split_once(':') else { return true };
    // A colon after a slash, a question mark or a hash belongs to the path.
    scheme.contains(['/', '?', '#'])
        || ["http", "https", "mailto", "tel"].iter().any(|it| scheme.eq_ignore_ascii_case(it))
}

/// Whether a picture may come from an address: as [`is_safe_href`] has it, or
/// from the address itself.
pub fn is_safe_src(src: &str) -> bool {
    src.starts_with("data:image/") || is_safe_href(src)
}

fn is_mark(it: u8) -> bool {
    matches!(char::from(it), STRONG..=CLOSE)
}
