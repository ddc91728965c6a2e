//! `unstuck eval`.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::{Deserialize, Serialize};
use unstuck::index::Index;
use unstuck::search;

use crate::{AudienceArgument, Outcome, load};

/// Results below this rank do not count: nobody reads on.
const RANKS: usize = 10;

#[derive(Args)]
pub struct Options {
    /// [KB] QUERIES.jsonl: the knowledge base (default: kb) and the queries
    #[arg(num_args = 1..=2, required = true, value_names = ["KB", "QUERIES"])]
    kb_and_queries: Vec<PathBuf>,
    /// Write an object
    #[arg(long)]
    json: bool,
    /// Exit with 1 when success at 1 is below this share
    #[arg(long, value_name = "X")]
    min_success_at_1: Option<f64>,
    /// List the queries that were not answered right
    #[arg(long)]
    failures: bool,
    /// Search the translation into this language
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
    /// Search what this audience sees; everything otherwise
    #[arg(long, value_enum, default_value_t = AudienceArgument::Staff)]
    audience: AudienceArgument,
}

#[derive(Deserialize)]
struct Query {
    q: String,
    expect: Vec<String>,
    area: Option<String>,
    kind: String,
}

/// What was measured; shares from 0 to 1.
#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    all: Measure,
    by_kind: BTreeMap<String, Measure>,
}

#[derive(Clone, Default, Serialize)]
struct Measure {
    queries: usize,
    success_at_1: Option<f64>,
    success_at_3: Option<f64>,
    mrr_at_10: Option<f64>,
    rejection: Option<f64>,
}

/// The rank at which a query found what it should, from 1; for a query to
/// which "no match" is right, whether it got that.
enum Answer {
    Rank(Option<usize>),
    Rejected(bool),
}

pub fn run(options: &Options) -> Result<Outcome> {
    let (kb, queries) = match options.kb_and_queries.as_slice() {
        [queries] => (PathBuf::from("kb"), queries),
        [kb, queries] => (kb.clone(), queries),
        _ => bail!("expected [KB] QUERIES.jsonl"),
    };
    let index = load::index(&kb, options.audience.into(), options.lang.as_deref())?;
    let text = fs::read_to_string(queries).with_context(|| format!("cannot read {}", queries.display()))?;
    let mut answers: Vec<(String, Answer)> = Vec::new();
    let mut failures = Vec::new();
    for (i, line) in text.lines().enumerate().filter(|it| !it.1.trim().is_empty()) {
        let query: Query =
            serde_json::from_str(line).with_context(|| format!("{} line {}", queries.display(), i + 1))?;
        let (answer, first) = ask(&index, &query).with_context(|| format!("{} line {}", queries.display(), i + 1))?;
        if !matches!(answer, Answer::Rank(Some(1)) | Answer::Rejected(true)) {
            let expected = query.expect.first().map_or("no match", String::as_str);
            failures.push(format!("{:<12} {:?}: expected {expected}, found {first}", query.kind, query.q));
        }
        answers.push((query.kind, answer));
    }
    let mut kinds: BTreeMap<String, Vec<&Answer>> = BTreeMap::new();
    for (kind, answer) in &answers {
        kinds.entry(kind.clone()).or_default().push(answer);
    }
    let report = Report {
        all: measure(&answers.iter().map(|it| &it.1).collect::<Vec<_>>()),
        by_kind: kinds.into_iter().map(|(kind, answers)| (kind, measure(&answers))).collect(),
    };
    let mut out = std::io::stdout().lock();
    if options.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        writeln!(out, "{:<14}{:>8}{:>8}{:>8}{:>8}{:>8}", "", "queries", "s@1", "s@3", "mrr@10", "reject")?;
        for (kind, it) in
            [("all", &report.all)].into_iter().chain(report.by_kind.iter().map(|(kind, it)| (kind.as_str(), it)))
        {
            let share = |it: Option<f64>| it.map_or("-".into(), |it| format!("{it:.3}"));
            let shares = [it.success_at_1, it.success_at_3, it.mrr_at_10, it.rejection].map(share);
            writeln!(
                out,
                "{kind:<14}{:>8}{:>8}{:>8}{:>8}{:>8}",
                it.queries, shares[0], shares[1], shares[2], shares[3]
            )?;
        }
    }
    if options.failures {
        for it in failures {
            writeln!(out, "{it}")?;
        }
    }
    let met = options.min_success_at_1.is_none_or(|min| report.all.success_at_1.unwrap_or_default() >= min);
    Ok(Outcome::from(met))
}

fn ask(index: &Index, query: &Query) -> Result<(Answer, String)> {
    let area = query.area.as_deref().map(|it| crate::search::area(index, it)).transpose()?;
    let hits = search::run(index, &query.q, area).hits;
    let ids: Vec<String> = hits.iter().take(RANKS).map(|it| index.summary(it.doc).id).collect();
    let answer = if query.expect.is_empty() {
        Answer::Rejected(ids.is_empty())
    } else {
        Answer::Rank(ids.iter().position(|it| query.expect.contains(it)).map(|it| it + 1))
    };
    Ok((answer, ids.into_iter().next().unwrap_or_else(|| "no match".into())))
}

fn measure(answers: &[&Answer]) -> Measure {
    let ranks: Vec<Option<usize>> =
        answers.iter().filter_map(|it| if let Answer::Rank(it) = it { Some(*it) } else { None }).collect();
    let rejected: Vec<bool> =
        answers.iter().filter_map(|it| if let Answer::Rejected(it) = it { Some(*it) } else { None }).collect();
    let within = |rank: usize| mean(ranks.iter().map(|it| f64::from(u8::from(it.is_some_and(|it| it <= rank)))));
    Measure {
        queries: answers.len(),
        success_at_1: within(1),
        success_at_3: within(3),
        mrr_at_10: mean(ranks.iter().map(|it| it.map_or(0.0, |it| 1.0 / f64::from(it as u32)))),
        rejection: mean(rejected.iter().map(|it| f64::from(u8::from(*it)))),
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut n) = (0.0, 0u32);
    for it in values {
        sum += it;
        n += 1;
    }
    (n > 0).then(|| sum / f64::from(n))
}
