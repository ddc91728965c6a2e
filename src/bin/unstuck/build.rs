//! `unstuck build`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use unstuck::kb::{Book, BuiltFile};

use crate::{AudienceArgument, KbArgument, Outcome, load};

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    kb: KbArgument,
    /// Folder to write to; made where it does not exist
    #[arg(long)]
    out: PathBuf,
    /// Whom the build is for: it holds no byte that is for a narrower circle
    #[arg(long, value_enum, default_value_t = AudienceArgument::Customer)]
    audience: AudienceArgument,
}

pub fn run(options: &Options) -> Result<Outcome> {
    let kb = &options.kb.kb;
    let mut book = Book::read(&load::sources(kb)?);
    book.lint();
    if book.has_errors() {
        load::print(&mut std::io::stderr(), &book, kb, &book.diagnostics)?;
        eprintln!("{}: nothing was built", kb.display());
        return Ok(Outcome::Findings);
    }
    // The manifest is the last of the files: see `Build::files`.
    for it in book.build(options.audience.into()).files {
        write(&options.out, &it)?;
    }
    Ok(Outcome::Clean)
}

/// Writes a file beside its place and moves it there, so that nobody reads half of it.
fn write(out: &Path, it: &BuiltFile) -> Result<()> {
    let path = out.join(&it.path);
    let folder = path.parent().unwrap_or(out);
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let draft = path.with_added_extension("new");
    fs::write(&draft, &it.bytes).with_context(|| format!("cannot write {}", draft.display()))?;
    fs::rename(&draft, &path).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(())
}
