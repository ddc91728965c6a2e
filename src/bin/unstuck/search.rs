//! `unstuck search`.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;
use unstuck::index::{Index, text};
use unstuck::search::{self, Hit};

use crate::{AudienceArgument, Outcome, load, why};

/// How many entries are shown that are no answers, where there is none.
const NEAREST: usize = 3;

#[derive(Args)]
pub struct Options {
    /// [KB] QUERY: the knowledge base (default: kb) and what to look for
    #[arg(num_args = 1..=2, required = true, value_names = ["KB", "QUERY"])]
    kb_and_query: Vec<String>,
    /// Only in this area (id or title)
    #[arg(long)]
    area: Option<String>,
    /// How many entries at most
    #[arg(long, default_value_t = 10)]
    limit: usize,
    /// Search the translation into this language
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
    /// Search what this audience sees; everything otherwise
    #[arg(long, value_enum, default_value_t = AudienceArgument::Staff)]
    audience: AudienceArgument,
    /// Write an array of objects
    #[arg(long)]
    json: bool,
}

pub fn run(options: &Options) -> Result<Outcome> {
    let (kb, query) = match options.kb_and_query.as_slice() {
        [query] => (PathBuf::from("kb"), query),
        [kb, query] => (PathBuf::from(kb), query),
        _ => bail!("expected [KB] QUERY"),
    };
    let index = load::index(&kb, options.audience.into(), options.lang.as_deref())?;
    let area = options.area.as_deref().map(|it| area(&index, it)).transpose()?;
    // Some answers come near, and an author wants to know why they are none.
    let why = search::explain(&index, query, area, options.limit.max(NEAREST));
    let found = &why.found;
    let hits = search::answers(&index, found, options.limit);
    let mut out = std::io::stdout().lock();
    if options.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&hits)?)?;
    } else {
        for it in &hits {
            writeln!(
                out,
                "{:>6}  {}\n        {} ({})\n        matched: {}",
                it.score,
                it.symptom,
                it.id,
                it.area,
                it.matched.join(", ")
            )?;
            if let Some(it) = why.nearest.iter().find(|nearest| nearest.id == it.id) {
                writeln!(out, "        {}", why::evidence(it))?;
            }
        }
        if hits.is_empty() {
            writeln!(out, "no match")?;
        }
        let symptom = |it: &Hit| text::plain(&index.summary(it.doc).symptom);
        for it in &found.near {
            writeln!(out, "perhaps meant: {}", symptom(it))?;
        }
        if hits.is_empty() {
            for it in why.nearest.iter().take(NEAREST) {
                writeln!(out, "nearest: {}\n        {}", it.id, why::evidence(it))?;
            }
        }
        if let Some(it) = &found.elsewhere {
            writeln!(out, "better in {}: {}", index.areas()[index.area_of(it.doc)].id, symptom(it))?;
        }
        if found.is_clear {
            writeln!(out, "the first is clear: pages show it opened")?;
        }
        // Why: also what matched in steps that are not listed here.
        let stood_for: Vec<String> = found.terms.iter().map(|it| index.nth_term(*it)).collect();
        let mut stood_for: Vec<&str> = stood_for.iter().map(String::as_str).collect();
        stood_for.sort_unstable();
        stood_for.dedup();
        if !stood_for.is_empty() {
            writeln!(out, "the words stood for: {}", stood_for.join(", "))?;
        }
        let unknown = why::unknown(&why.words);
        if !unknown.is_empty() {
            writeln!(out, "not known here: {}", unknown.join(", "))?;
        }
    }
    Ok(Outcome::from(!hits.is_empty()))
}

/// The area with this id or title.
pub fn area(index: &Index, name: &str) -> Result<usize> {
    let at = index.areas().iter().position(|it| it.id == name || it.title.eq_ignore_ascii_case(name));
    let Some(at) = at else {
        let known: Vec<&str> = index.areas().iter().map(|it| it.id.as_str()).collect();
        bail!("unknown area \"{name}\", expected one of {}", known.join(", "));
    };
    Ok(at)
}
