//! Knowledge bases from disk, and findings to the terminal.

use std::borrow::Cow;
use std::fs;
use std::io::{ErrorKind, IsTerminal, Write};
use std::ops::Range;
use std::path::Path;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use anyhow::{Context, Result, bail};
use unstuck::index::{self, Index};
use unstuck::kb::{self, Audience, Book, Diagnostic, MAX_FILE_BYTES, MAX_FOLDER_DEPTH, Severity, Sources};

/// All files of a knowledge base.
pub fn sources(kb: &Path) -> Result<Sources> {
    if !kb.is_dir() {
        bail!("no knowledge base at {}: expected a folder with kb.toml and Markdown files", kb.display());
    }
    let mut sources = Sources::default();
    add_folder(&mut sources, kb, "", 0)?;
    Ok(sources)
}

fn add_folder(sources: &mut Sources, folder: &Path, prefix: &str, depth: usize) -> Result<()> {
    for it in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = it?.path();
        let Some(name) = path.file_name().and_then(|it| it.to_str()).filter(|it| !it.starts_with('.')) else {
            continue;
        };
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            if depth < MAX_FOLDER_DEPTH
                && let Err(error) = add_folder(sources, &path, &format!("{name}/"), depth + 1)
            {
                sources.add_unreadable(name, error.root_cause().to_string().to_lowercase());
            }
        } else if is_source(&path) {
            // One file that cannot be read is a finding; the others are still worth a word.
            match read_file(&path) {
                Ok(bytes) => sources.add(name, bytes),
                Err(reason) => sources.add_unreadable(name, reason),
            }
        }
    }
    Ok(())
}

fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let reason = |error: std::io::Error| error.to_string().to_lowercase();
    let facts = fs::metadata(path).map_err(reason)?;
    // A pipe or a device, perhaps by a link, has no size and perhaps no end.
    if !facts.is_file() {
        return Err("it is no file".into());
    }
    let bytes = facts.len();
    if bytes > MAX_FILE_BYTES {
        return Err(format!("it has {bytes} bytes, expected at most {MAX_FILE_BYTES}"));
    }
    fs::read(path).map_err(reason)
}

/// Whether a file is one of a knowledge base, by its name.
pub fn is_source(path: &Path) -> bool {
    name(path).is_some_and(kb::is_source)
}

/// Whether a file is a picture that pages can show, by its name.
pub fn is_picture(path: &Path) -> bool {
    name(path).is_some_and(kb::is_picture)
}

fn name(path: &Path) -> Option<&str> {
    path.file_name().and_then(|it| it.to_str())
}

/// An index to search: compiled from a folder, or read from a compiled file.
/// Findings go to standard error; with errors there is no index.
pub fn index(kb: &Path, audience: Audience, lang: Option<&str>) -> Result<Index> {
    let bytes = if kb.is_file() {
        fs::read(kb).with_context(|| format!("cannot read {}", kb.display()))?
    } else {
        let book = Book::read(&sources(kb)?);
        if book.has_errors() {
            print(&mut std::io::stderr(), &book, kb, &book.diagnostics)?;
            bail!("{} has errors", kb.display());
        }
        index::write(&in_language(&book, kb, lang)?.contents(audience))
    };
    let index = Index::open(bytes).with_context(|| format!("cannot open {}", kb.display()))?;
    // The resolutions of a large one stand beside it.
    for doc in 0..index.n_entries() {
        if let Some(name) = index.block(doc) {
            let path = kb.with_file_name(name);
            let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            index.add_block(bytes).with_context(|| format!("cannot open {}", path.display()))?;
        }
    }
    Ok(index)
}

/// The knowledge base in a language, or its own where none is asked for.
pub fn in_language<'a>(book: &'a Book, kb: &Path, lang: Option<&str>) -> Result<&'a Book> {
    let Some(lang) = lang else { return Ok(book) };
    let Some(found) = book.in_language(lang) else {
        let known: Vec<&str> = book.languages().collect();
        bail!("{} is not in \"{lang}\": expected one of {}", kb.display(), known.join(", "));
    };
    Ok(found)
}

/// Writes a file beside its place and moves it there, so that nobody reads half
/// of it and nothing is lost when there is no room.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    // What is a link stays one, and who may read it may go on reading it.
    let path = &path.canonicalize().unwrap_or_else(|_| path.into());
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let draft = path.with_added_extension("new");
    fs::write(&draft, bytes).with_context(|| format!("cannot write {}", draft.display()))?;
    if let Ok(before) = fs::metadata(path) {
        match fs::set_permissions(&draft, before.permissions()) {
            // Where there are no permissions to set, as in Node, nothing is lost.
            Err(error) if error.kind() != ErrorKind::Unsupported => {
                return Err(error).with_context(|| format!("cannot write {}", draft.display()));
            }
            _ => {}
        }
    }
    if let Err(error) = fs::rename(&draft, path) {
        // The draft helps nobody; that it could not be moved is what matters.
        let _ = fs::remove_file(&draft);
        return Err(error).with_context(|| format!("cannot write {}", path.display()));
    }
    Ok(())
}

/// Shows findings with the lines they are about: in colours where that goes to a
/// terminal and nobody has asked for none (`NO_COLOR`, as Node does for us).
pub fn print(out: &mut (impl Write + IsTerminal), book: &Book, kb: &Path, diagnostics: &[Diagnostic]) -> Result<()> {
    let is_plain = std::env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty());
    let renderer = if out.is_terminal() && !is_plain { Renderer::styled() } else { Renderer::plain() };
    for it in diagnostics.iter().take(MAX_SHOWN) {
        let path = kb.join(&it.file);
        let path = path.to_string_lossy();
        let text = book.source_text(&it.file).unwrap_or_default();
        let line = Line::of(text, &it.span);
        let level = match it.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let snippet = Snippet::source(line.text).line_start(it.line);
        let snippet = snippet.annotation(AnnotationKind::Primary.span(line.span));
        let message = shown(&it.message);
        let title = level.primary_title(message.as_ref()).id(it.code);
        let mut group = if line.is_beheaded {
            // Its column would be counted from where the line was cut.
            let origin = Origin::path(path.as_ref()).line(it.line).char_column(it.column);
            title.element(origin).element(snippet)
        } else {
            title.element(snippet.path(path.as_ref()))
        };
        if let Some(hint) = &it.hint {
            group = group.element(Level::HELP.message(shown(hint)));
        }
        writeln!(out, "{}\n", renderer.render(&[group]))?;
    }
    if let Some(more) = diagnostics.len().checked_sub(MAX_SHOWN).filter(|it| *it > 0) {
        writeln!(out, "{more} more findings are not shown: mend some of these first, or see --format json\n")?;
    }
    Ok(())
}

/// Writes texts without their control characters: what anybody may have typed on
/// a page, or put into a compiled file, is not to move the cursor of whoever
/// reads of it, nor to change their terminal.
pub struct Tame<W>(pub W);

impl<W: Write> Write for Tame<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        // What is formatted comes text by text, each whole.
        let text = String::from_utf8_lossy(bytes);
        self.0.write_all(text.replace(|it: char| it.is_control() && it != '\n', "\u{fffd}").as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

/// Most findings that are drawn: ten thousand real entries had half as many, and
/// nobody reads on in a hundred megabytes.
const MAX_SHOWN: usize = 20_000;

/// Longest message that is shown: a symptom of a megabyte stands in what is said
/// of it. `--format json` has all of it.
const MAX_MESSAGE_CHARS: usize = 1_000;

/// So much of a line is shown before what a finding is about, and twice as much
/// from there on, in bytes. The renderer cuts lines to the width of a terminal,
/// which characters without a width never fill.
const MAX_LINE_BYTES: usize = 300;

/// A text of no more than a few lines.
fn shown(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MAX_MESSAGE_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

/// The line in which a span begins, and the part of it that is in the span: a
/// finding about a whole table need not show the table, and drawing a line of a
/// large file need not read all of it.
struct Line<'a> {
    text: &'a str,
    span: Range<usize>,
    /// Whether its head is left out.
    is_beheaded: bool,
}

impl<'a> Line<'a> {
    fn of(text: &'a str, span: &Range<usize>) -> Self {
        let boundary = |mut at: usize| {
            at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = boundary(span.start);
        let first = boundary(start.saturating_sub(MAX_LINE_BYTES));
        let last = boundary(start + 2 * MAX_LINE_BYTES);
        let line_start = text[first..start].rfind('\n').map(|it| first + it + 1);
        let is_beheaded = line_start.is_none() && first > 0 && !text[..first].ends_with('\n');
        let line_start = line_start.unwrap_or(first);
        let line_end = text[start..last].find(['\r', '\n']).map_or(last, |it| start + it);
        let span = start - line_start..boundary(span.end.clamp(start, line_end)) - line_start;
        Self { text: &text[line_start..line_end], span, is_beheaded }
    }
}
