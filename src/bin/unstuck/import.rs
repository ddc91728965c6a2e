//! `unstuck import`.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use serde_json::json;
use unstuck::kb::{self, Import, Sources};

use crate::Outcome;

/// Folders deeper than this are not looked into; it also ends loops of links.
const MAX_FOLDER_DEPTH: usize = 16;

#[derive(Args)]
pub struct Options {
    /// Markdown files, folders of such, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Folder of the knowledge base to write; files that exist are never overwritten
    #[arg(long, default_value = "kb")]
    out: PathBuf,
    /// How the report is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people, a line for each thing
    Text,
    /// One object
    Json,
}

pub fn run(options: &Options) -> Result<Outcome> {
    let mut documents = Vec::new();
    for it in &options.files {
        if it.as_os_str() == "-" {
            let mut bytes = Vec::new();
            std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
            documents.push(("standard input".into(), bytes));
        } else {
            add(&mut documents, it, 0)?;
        }
    }
    if documents.is_empty() {
        bail!("no Markdown in what was named: expected files that end in .md, .mdx, .markdown or .txt");
    }
    let mut known = Sources::default();
    let config = options.out.join("kb.toml");
    if config.is_file() {
        known.add("kb.toml", fs::read(&config).with_context(|| format!("cannot read {}", config.display()))?);
    }
    let done = kb::import(&documents, &known);
    let taken: Vec<PathBuf> =
        done.files.iter().map(|it| options.out.join(&it.path)).filter(|it| it.symlink_metadata().is_ok()).collect();
    if !taken.is_empty() {
        let names: Vec<String> = taken.iter().map(|it| it.display().to_string()).collect();
        bail!(
            "{} exists already, and nothing was written: name an empty folder with --out, or move the file away",
            names.join(", ")
        );
    }
    for it in &done.files {
        let path = options.out.join(&it.path);
        fs::create_dir_all(&options.out).with_context(|| format!("cannot make {}", options.out.display()))?;
        let file = fs::File::create_new(&path).with_context(|| format!("cannot write {}", path.display()));
        file?.write_all(&it.bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    print(options, &done, config.is_file() && !known_is_empty(&known))?;
    Ok(Outcome::from(done.is_clean() && !done.files.is_empty()))
}

fn known_is_empty(known: &Sources) -> bool {
    known.get("kb.toml").is_none()
}

/// Adds a document, or those of a folder in the order of their names.
fn add(documents: &mut Vec<(String, Vec<u8>)>, path: &Path, depth: usize) -> Result<()> {
    if !path.is_dir() {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        documents.push((path.to_string_lossy().replace('\\', "/"), bytes));
        return Ok(());
    }
    let entries = fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut paths = entries.map(|it| Ok(it?.path())).collect::<Result<Vec<PathBuf>>>()?;
    paths.sort();
    for it in paths {
        let is_hidden = it.file_name().is_some_and(|it| it.to_string_lossy().starts_with('.'));
        let ending = it.extension().and_then(|it| it.to_str()).unwrap_or_default().to_ascii_lowercase();
        let is_document = ["md", "mdx", "markdown", "txt"].contains(&ending.as_str());
        if !is_hidden && (is_document || it.is_dir() && depth < MAX_FOLDER_DEPTH) {
            add(documents, &it, depth + 1)?;
        }
    }
    Ok(())
}

fn print(options: &Options, done: &Import, has_config: bool) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let count = |outcome: kb::Outcome| done.report.iter().filter(|it| it.outcome == outcome).count();
    let files: Vec<String> = done.files.iter().map(|it| options.out.join(&it.path).display().to_string()).collect();
    if matches!(options.format, Format::Json) {
        let report = json!({ "files": files, "entries": done.n_entries(), "report": done.report });
        writeln!(out, "{report:#}")?;
        return Ok(());
    }
    for it in &done.report {
        writeln!(out, "{}:{}: {}: {}", it.file, it.line, it.outcome.name(), it.what)?;
        if let Some(hint) = &it.hint {
            writeln!(out, "  {hint}")?;
        }
    }
    writeln!(
        out,
        "{}: {} in {}; kept as text: {}, unclear: {}, left out: {}",
        options.out.display(),
        crate::count(done.n_entries(), "entry", "entries"),
        crate::count(files.len(), "file", "files"),
        count(kb::Outcome::Kept),
        count(kb::Outcome::Unclear),
        count(kb::Outcome::LeftOut)
    )?;
    if files.is_empty() {
        writeln!(out, "nothing was written: no symptom table, issue or guide was found")?;
    } else if has_config {
        writeln!(out, "{} stays as it is: add the new areas to `areas` in it", options.out.join("kb.toml").display())?;
    }
    Ok(())
}
