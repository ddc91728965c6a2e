//! The sources of a knowledge base, as they come from wherever they are kept.

use std::collections::BTreeMap;

use super::config;

/// Largest source file in bytes. Markdown written by people stays far below;
/// above it is most likely an export or a mistake, and checking it on each
/// key press would be slow.
pub const MAX_SOURCE_BYTES: usize = 2 << 20;

/// All files of a knowledge base, by path relative to its folder.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: BTreeMap<String, Vec<u8>>,
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
}

impl Sources {
    /// Adds a file. Paths use `/` and are relative to the knowledge base.
    pub fn add(&mut self, path: impl Into<String>, bytes: Vec<u8>) {
        self.files.insert(path.into(), bytes);
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
                name.is_some_and(|it| it.ends_with(".md"))
            })
            .map(|(path, bytes)| Source::new(path, bytes))
    }

    /// The folders that hold a translation: their names are language tags
    /// (`es`, `pt-BR`), and there is text in them.
    pub(super) fn languages(&self) -> Vec<String> {
        let folders = self.files.keys().filter_map(|path| {
            let (folder, name) = path.split_once('/')?;
            let is_language = config::is_language_tag(folder) && folder.split('-').next()?.len() <= 3;
            (is_language && (name.ends_with(".md") || name.ends_with(".toml"))).then(|| folder.to_owned())
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

    fn new(path: &str, bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let not_utf8 = std::str::from_utf8(bytes).err().map(|it| it.valid_up_to());
        Self { path: path.into(), text: String::from_utf8_lossy(bytes).into_owned(), not_utf8 }
    }

    /// Line and column (in characters), both from 1, of a byte offset.
    pub(super) fn position(&self, at: usize) -> (usize, usize) {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let before = &self.text[..at];
        let line_start = before.rfind('\n').map_or(0, |it| it + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}
