//! The sources of a knowledge base, as they come from wherever they are kept.

use std::collections::BTreeMap;

use super::config;
use super::diagnostic::Diagnostic;

/// Largest source file in bytes. Markdown written by people stays far below;
/// above it is most likely an export or a mistake, and checking it on each
/// key press would be slow.
pub const MAX_SOURCE_BYTES: usize = 2 << 20;

/// Largest file that is read at all, pictures included: far above what a page
/// should load, and far below what fills the memory of a machine.
pub const MAX_FILE_BYTES: u64 = 16 * MAX_SOURCE_BYTES as u64;

/// Folders deeper than this are not part of a knowledge base; on a disk it also
/// ends loops of links.
pub const MAX_FOLDER_DEPTH: usize = 4;

/// All files of a knowledge base, by path relative to its folder.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: BTreeMap<String, Vec<u8>>,
    unreadable: BTreeMap<String, String>,
}

/// A text file.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Path relative to the knowledge base, with `/`.
    pub path: String,
    /// All of it. A byte order mark is left out; what is not UTF-8 is replaced.
    pub text: String,
    /// Where the first byte that is not UTF-8 stands, if there is one.
    pub(super) not_utf8: Option<usize>,
    /// Where each line begins.
    lines: Vec<usize>,
    /// How many characters stand before each stretch of [`STRETCH`] bytes: a
    /// long line may have thousands of findings, and each has a column.
    chars: Vec<usize>,
    /// Whether a byte order mark stood before the text.
    has_mark: bool,
}

/// So many bytes are counted through for one column, at most twice.
const STRETCH: usize = 512;

/// The byte order mark that some editors put before UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Whether a file holds Markdown, by its name: `.md` or `.markdown`, in capitals too.
pub(super) fn is_markdown(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |it| it.1);
    ["md", "markdown"].iter().any(|it| ending.eq_ignore_ascii_case(it))
}

/// Whether a file is one of a knowledge base, by its path below the folder of
/// that: not what is hidden, lies too deep or is of another kind.
///
/// ```
/// use unstuck::kb::is_source;
///
/// assert!(is_source("es/Billing.MD") && is_source("kb.toml") && is_source("images/menu.svg"));
/// assert!(!is_source("notes.docx") && !is_source(".git/readme.md") && !is_source("a/b/c/d/e/f.md"));
/// ```
pub fn is_source(path: &str) -> bool {
    let is_near = path.split('/').count() <= MAX_FOLDER_DEPTH + 1;
    // Text in capitals too, as some editors save it; pages ask for pictures by their very name.
    is_near
        && !path.split('/').any(|it| it.starts_with('.'))
        && (is_markdown(path) || ending(path) == "toml" || is_picture(path))
}

/// Whether a file is a picture that pages can show, by its name.
pub fn is_picture(path: &str) -> bool {
    ["svg", "png", "jpg", "jpeg", "webp", "gif", "avif"].contains(&ending(path))
}

/// What stands behind the last full stop of a name; nothing where that is its first character.
fn ending(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').filter(|it| !it.0.is_empty()).map_or("", |it| it.1)
}

impl Sources {
    /// Adds a file. Paths use `/` and are relative to the knowledge base.
    pub fn add(&mut self, path: impl Into<String>, bytes: Vec<u8>) {
        self.files.insert(path.into(), bytes);
    }

    /// Adds a file that is there and cannot be read, with the reason: lower
    /// case, no full stop. It becomes a finding.
    pub fn add_unreadable(&mut self, path: impl Into<String>, reason: impl Into<String>) {
        self.unreadable.insert(path.into(), reason.into());
    }

    /// Paths and reasons of the files that cannot be read.
    pub(super) fn unreadable(&self) -> impl Iterator<Item = (&str, &str)> {
        self.unreadable.iter().map(|(path, reason)| (path.as_str(), reason.as_str()))
    }

    /// The bytes of a file.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// The Markdown files of a folder, in the order of their paths; the empty
    /// string for those of the default language.
    pub(super) fn markdown(&self, folder: &str) -> impl Iterator<Item = Source> {
        self.files
            .iter()
            .filter(move |(path, _)| {
                let name = path.strip_prefix(folder).filter(|it| !it.contains('/'));
                name.is_some_and(is_markdown)
            })
            .map(|(path, bytes)| Source::new(path, bytes))
    }

    /// The folders that hold a translation: their names are language tags
    /// (`es`, `pt-BR`), and there is text in them.
    pub(super) fn languages(&self) -> Vec<String> {
        let folders = self.files.keys().filter_map(|path| {
            let (folder, name) = path.split_once('/')?;
            let is_language = config::is_language_tag(folder) && folder.split('-').next()?.len() <= 3;
            (is_language && (is_markdown(name) || name.ends_with(".toml"))).then(|| folder.to_owned())
        });
        let mut folders: Vec<String> = folders.collect();
        folders.dedup();
        folders
    }

    pub(super) fn text(&self, path: &str) -> Option<Source> {
        self.get(path).map(|bytes| Source::new(path, bytes))
    }
}

impl Source {
    /// Of a document that was found: in whatever form of Unicode it is.
    pub(super) fn decoded(path: &str, bytes: &[u8]) -> Self {
        let units =
            |from: fn([u8; 2]) -> u16| bytes[2..].chunks_exact(2).map(|it| from([it[0], it[1]])).collect::<Vec<u16>>();
        let units = match bytes {
            [0xff, 0xfe, ..] => units(u16::from_le_bytes),
            [0xfe, 0xff, ..] => units(u16::from_be_bytes),
            _ => return Self::new(path, bytes),
        };
        Self::new(path, String::from_utf16_lossy(&units).as_bytes())
    }

    pub(super) fn new(path: &str, bytes: &[u8]) -> Self {
        let without_mark = bytes.strip_prefix(MARK);
        let has_mark = without_mark.is_some();
        let bytes = without_mark.unwrap_or(bytes);
        let not_utf8 = std::str::from_utf8(bytes).err().map(|it| it.valid_up_to());
        let text = String::from_utf8_lossy(bytes).into_owned();
        let lines = [0].into_iter().chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let mut n_chars = 0;
        let of_stretch = |it: &[u8]| {
            let before = n_chars;
            n_chars += n_chars_begun(it);
            before
        };
        let chars = text.as_bytes().chunks(STRETCH).map(of_stretch).collect();
        Self { path: path.into(), text, not_utf8, lines, chars, has_mark }
    }

    /// What there is to say where the file is not UTF-8.
    pub(super) fn wrong_encoding(&self) -> Option<Diagnostic> {
        let at = self.not_utf8?;
        let found = Diagnostic::error("not-utf8", self, at..at, "expected UTF-8, found other bytes");
        // The byte order marks of UTF-16, as they look when they are replaced.
        let is_utf16 = at == 0 && self.text.starts_with("\u{fffd}\u{fffd}") && self.text.contains('\0');
        Some(found.hint(if is_utf16 {
            "it looks like UTF-16; choose the encoding UTF-8 where your editor saves a file under a name"
        } else {
            "save the file as UTF-8"
        }))
    }

    /// Another text in the place of this one, as the bytes of a file.
    pub(super) fn with_mark(&self, text: &str) -> Vec<u8> {
        let mark = if self.has_mark { MARK } else { &[] };
        [mark, text.as_bytes()].concat()
    }

    /// Line and column (in characters), both from 1, of a byte offset.
    pub(super) fn position(&self, at: usize) -> (usize, usize) {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let line = self.lines.partition_point(|it| *it <= at).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or_default();
        (line, self.n_chars_before(at) - self.n_chars_before(start) + 1)
    }

    /// How many characters begin before a byte offset.
    fn n_chars_before(&self, at: usize) -> usize {
        let stretch = (at / STRETCH).min(self.chars.len().saturating_sub(1));
        let before = self.chars.get(stretch).copied().unwrap_or_default();
        let rest = self.text.as_bytes().get(stretch * STRETCH..at).unwrap_or_default();
        before + n_chars_begun(rest)
    }

    /// Where the line begins in which a byte offset stands.
    pub(super) fn line_start(&self, at: usize) -> usize {
        let line = self.lines.partition_point(|it| *it <= at).max(1);
        self.lines.get(line - 1).copied().unwrap_or_default()
    }
}

/// How many characters begin in some bytes of UTF-8.
fn n_chars_begun(bytes: &[u8]) -> usize {
    bytes.iter().filter(|it| **it & 0xc0 != 0x80).count()
}
