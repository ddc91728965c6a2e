//! `unstuck check`.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use unstuck::kb::{Audience, Book, Severity};

use crate::{KbArgument, Outcome, load};

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

pub fn run(options: &Options) -> Result<Outcome> {
    let kb = &options.kb.kb;
    if options.fix {
        fix(kb)?;
    }
    let mut book = Book::read(&load::sources(kb)?);
    book.lint();
    if let Some(old) = &options.against {
        let old_ids = ids(old)?;
        book.lint_against(&old_ids);
    }
    let errors = book.diagnostics.iter().filter(|it| it.severity == Severity::Error).count();
    let warnings = book.diagnostics.len() - errors;
    let mut out = std::io::stdout().lock();
    match options.format {
        Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&book.diagnostics)?)?,
        Format::Text => {
            load::print(&mut out, &book, kb, &book.diagnostics)?;
            let contents = book.contents(Audience::Staff);
            writeln!(
                out,
                "{}: {} entries in {} areas, {errors} errors, {warnings} warnings",
                kb.display(),
                contents.entries.len(),
                contents.areas.len()
            )?;
            for lang in book.languages().skip(1) {
                let Some(translation) = book.in_language(lang) else { continue };
                let entries = translation.contents(Audience::Staff).entries;
                let n = entries.iter().filter(|it| it.lang.is_empty()).count();
                writeln!(out, "{}: {lang}: {n} of {} entries translated", kb.display(), entries.len())?;
            }
        }
    }
    Ok(Outcome::from(errors == 0 && (warnings == 0 || !options.deny_warnings)))
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

fn ids(old: &Path) -> Result<BTreeSet<String>> {
    let index = load::index(old, Audience::Staff, None).context("cannot read the earlier state")?;
    Ok((0..index.n_entries()).map(|doc| index.summary(doc).id).collect())
}
