//! `unstuck check`.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use unstuck::kb::{Audience, Book, MAX_FOLDER_DEPTH, NO_ENTRY, Severity, Sources};

use crate::{KbArgument, Outcome, count, load};

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    kb: KbArgument,
    /// How findings are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// An earlier state of the knowledge base (folder or compiled file): ids that are gone are errors
    #[arg(long, value_name = "OLD")]
    against: Option<PathBuf>,
    /// Make the changes that are safe to make without asking, then check what is left
    #[arg(long)]
    fix: bool,
    /// Say on standard error what the time went into
    #[arg(long)]
    timings: bool,
    /// Exit with 1 on warnings too
    #[arg(long)]
    deny_warnings: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people, with the lines they are about
    Text,
    /// One array of objects
    Json,
}

/// How often findings are fixed at most: what one fix uncovers is fixed by the
/// next, and nothing is uncovered for ever.
const MAX_ROUNDS: usize = 8;

/// How many files are named that are not read.
const NAMED: usize = 10;

pub fn run(options: &Options) -> Result<Outcome> {
    let kb = &options.kb.kb;
    if options.fix {
        fix(kb)?;
    }
    let sources = load::sources(kb)?;
    let start = Instant::now();
    let mut book = Book::read(&sources);
    let read = start.elapsed();
    let start = Instant::now();
    book.lint();
    if options.timings {
        eprintln!("read {}", in_ms(read));
        eprintln!("rules {}", in_ms(start.elapsed()));
        time_files(&book, &sources);
    }
    if let Some(old) = &options.against {
        let old_ids = ids(old)?;
        book.lint_against(&old_ids);
    }
    let errors = book.diagnostics.iter().filter(|it| it.severity == Severity::Error).count();
    let warnings = book.diagnostics.len() - errors;
    let contents = book.contents(Audience::Staff);
    let mut out = std::io::stdout().lock();
    match options.format {
        Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&book.diagnostics)?)?,
        Format::Text => {
            load::print(&mut out, &book, kb, &book.diagnostics)?;
            writeln!(
                out,
                "{}: {} in {}, {}, {}",
                kb.display(),
                count(contents.entries.len(), "entry", "entries"),
                count(contents.areas.len(), "area", "areas"),
                count(errors, "error", "errors"),
                count(warnings, "warning", "warnings")
            )?;
            for lang in book.languages().skip(1) {
                let Some(translation) = book.in_language(lang) else { continue };
                let entries = translation.contents(Audience::Staff).entries;
                let n = entries.iter().filter(|it| it.lang.is_empty()).count();
                let all = count(entries.len(), "entry", "entries");
                writeln!(out, "{}: {lang}: {n} of {all} translated", kb.display())?;
            }
            print_unread(&mut out, &book, kb)?;
        }
    }
    if contents.entries.is_empty() && errors == 0 {
        eprintln!("{}", no_entry(kb));
        return Ok(Outcome::Findings);
    }
    Ok(Outcome::from(errors == 0 && (warnings == 0 || !options.deny_warnings)))
}

/// What to say of a knowledge base without an entry: it answers nothing.
pub fn no_entry(kb: &Path) -> String {
    format!("{}: {NO_ENTRY}", kb.display())
}

/// Names the files that are in the folder and that nothing is made of.
fn print_unread(out: &mut impl Write, book: &Book, kb: &Path) -> Result<()> {
    let mut unread = Vec::new();
    add_unread(&mut unread, book, kb, "", 0);
    unread.sort_unstable();
    if let Some(named) = unread.chunks(NAMED).next() {
        let more = unread.len() - named.len();
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let names = named.join(", ");
        writeln!(
            out,
            "{}: not read: {names}{more}: expected kb.toml, vocabulary.toml, pictures, and text that ends in .md, in this \
             folder or in that of a language",
            kb.display()
        )?;
    }
    Ok(())
}

fn add_unread(unread: &mut Vec<String>, book: &Book, folder: &Path, prefix: &str, depth: usize) {
    // A folder that cannot be read is a finding already.
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') {
            continue;
        }
        let name = format!("{prefix}{name}");
        if !path.is_dir() {
            // What has a finding is spoken of.
            let is_known = book.source_text(&name).is_some() || book.diagnostics.iter().any(|it| it.file == name);
            if !load::is_picture(&path) && !is_known {
                unread.push(name);
            }
        } else if depth < MAX_FOLDER_DEPTH {
            add_unread(unread, book, &path, &format!("{name}/"), depth + 1);
        } else {
            unread.push(format!("{name}/"));
        }
    }
}

/// Makes every fix there is, and says on standard error what was changed, so
/// that what goes to standard output stays the findings that are left.
fn fix(kb: &Path) -> Result<()> {
    for _ in 0..MAX_ROUNDS {
        let mut book = Book::read(&load::sources(kb)?);
        // Searching finds nothing that could be fixed.
        book.check();
        let files = book.fixed();
        if files.is_empty() {
            break;
        }
        for it in files {
            let path = kb.join(&it.path);
            load::write(&path, &it.bytes)?;
            for at in it.made {
                let found = &book.diagnostics[at];
                eprintln!(
                    "fixed {}:{}:{}: {} [{}]",
                    path.display(),
                    found.line,
                    found.column,
                    found.message,
                    found.code
                );
            }
        }
    }
    Ok(())
}

/// What an editor waits for that checks the file at hand on each key press.
fn time_files(book: &Book, sources: &Sources) {
    let mut times: Vec<Duration> = Vec::new();
    for path in book.paths() {
        let start = Instant::now();
        book.check_file(sources, path);
        times.push(start.elapsed());
    }
    times.sort_unstable();
    if let (Some(median), Some(longest)) = (times.get(times.len() / 2), times.last()) {
        eprintln!("one file {}", in_ms(*median));
        eprintln!("the longest file {}", in_ms(*longest));
    }
}

fn in_ms(it: Duration) -> String {
    let micros = it.as_micros();
    format!("{}.{:03} ms", micros / 1000, micros % 1000)
}

/// The ids of an earlier state. That it has findings does not matter here.
fn ids(old: &Path) -> Result<BTreeSet<String>> {
    if old.is_dir() {
        let sources = load::sources(old).context("cannot read the earlier state")?;
        return Ok(Book::read(&sources).ids().map(String::from).collect());
    }
    let index = load::index(old, Audience::Staff, None).context("cannot read the earlier state")?;
    Ok((0..index.n_entries()).map(|doc| index.summary(doc).id).collect())
}
