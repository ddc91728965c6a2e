//! `unstuck eval`.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::{Deserialize, Serialize};
use unstuck::index::Index;
use unstuck::search::{self, Nearest, ReadWord};

use crate::why::{self, Aliases};
use crate::{AudienceArgument, Outcome, load};

/// Results below this rank do not count: nobody reads on.
const RANKS: usize = 10;

/// How far down an entry that was expected is looked for, to say what it lacks.
const NEAREST: usize = 200;

/// How many lines are named that cannot be read.
const NAMED: usize = 10;

/// What a line of the queries is, for whoever asks for help.
const LINES: &str = "\
Each line of the queries is an object:
  {\"q\": \"what people type\", \"expect\": [\"id-of-an-entry\"], \"area\": \"billing\", \"kind\": \"keyword\"}
An empty list as \"expect\" says that no match is right.
\"area\" and \"kind\" may be left out: then all areas are searched, and the kind is \"other\".

The columns: the share of queries whose answer came first (s@1) or among the first three (s@3), the mean of
1 / rank (mrr@10), and the share of those without an answer that got none (reject).

It ends with 0, with 1 when --min-success-at-1 is not met, and with 2 when it could not measure.";

#[derive(Args)]
#[command(override_usage = "unstuck eval [OPTIONS] [KB] QUERIES", after_help = LINES)]
pub struct Options {
    /// File with the queries; before it the knowledge base, a folder or a compiled .bin file, where that is not kb
    #[arg(num_args = 1..=2, required = true, value_name = "QUERIES")]
    kb_and_queries: Vec<PathBuf>,
    /// Write an object
    #[arg(long)]
    json: bool,
    /// Exit with 1 when success at 1 is below this share, from 0 to 1
    #[arg(long, value_name = "X", value_parser = share)]
    min_success_at_1: Option<f64>,
    /// List the queries that were not answered right, with what was found instead and why
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
    #[serde(default)]
    area: Option<String>,
    #[serde(default = "other")]
    kind: String,
}

/// The kind of a query that says none.
fn other() -> String {
    "other".into()
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|it| (0.0..=1.0).contains(it));
    share.ok_or_else(|| "expected a share from 0 to 1".into())
}

/// What was measured; shares from 0 to 1.
#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    all: Measure,
    by_kind: BTreeMap<String, Measure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failures: Option<Vec<Failure>>,
}

/// A query that was not answered right, and why.
#[derive(Serialize)]
struct Failure {
    line: usize,
    q: String,
    kind: String,
    area: Option<String>,
    expect: Vec<String>,
    /// Ids of `expect` that are not in the knowledge base.
    missing: Vec<String>,
    /// What was found instead, best first; empty for "no match".
    found: Vec<String>,
    /// Above 0 the first of `found` is an answer; none where nothing matched.
    confidence: Option<i32>,
    words: Vec<ReadWord>,
    /// What speaks for the entry that came first, answer or not.
    first: Option<Nearest>,
    /// What speaks for the entry that was expected, and the rank at which it
    /// stands, from 1; none where it has nothing of the query.
    expected: Option<Nearest>,
    rank: Option<usize>,
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
        [kb] if is_kb(kb) => {
            bail!("the queries are missing: expected unstuck eval {} QUERIES.jsonl", kb.display())
        }
        [queries] => (PathBuf::from("kb"), queries),
        [queries, kb] if is_kb(kb) && !is_kb(queries) => bail!(
            "{} is no file with queries: the knowledge base comes first, as in unstuck eval {} {}",
            kb.display(),
            kb.display(),
            queries.display()
        ),
        [kb, queries] => (kb.clone(), queries),
        _ => bail!("expected [KB] QUERIES.jsonl"),
    };
    let index = load::index(&kb, options.audience.into(), options.lang.as_deref())?;
    let text = fs::read_to_string(queries).with_context(|| format!("cannot read {}", queries.display()))?;
    let mut answers: Vec<(String, Answer)> = Vec::new();
    let mut failures = Vec::new();
    let mut bad = Vec::new();
    // Some editors put a mark before UTF-8.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    for (i, line) in text.lines().enumerate().filter(|it| !it.1.trim().is_empty()) {
        let (query, area) = match read(&index, line) {
            Ok(it) => it,
            Err(reason) => {
                bad.push(format!("{} line {}: {reason}", queries.display(), i + 1));
                continue;
            }
        };
        let answer = ask(&index, &query, area);
        if options.failures && !matches!(answer, Answer::Rank(Some(1)) | Answer::Rejected(true)) {
            failures.push(failure(&index, &query, area, i + 1));
        }
        answers.push((query.kind, answer));
    }
    if !bad.is_empty() {
        let more = bad.len().saturating_sub(NAMED);
        bad.truncate(NAMED);
        if more > 0 {
            bad.push(format!("and {more} more"));
        }
        bail!("{}", bad.join("\n"));
    }
    if answers.is_empty() {
        bail!("no queries in {}", queries.display());
    }
    let mut kinds: BTreeMap<String, Vec<&Answer>> = BTreeMap::new();
    for (kind, answer) in &answers {
        kinds.entry(kind.clone()).or_default().push(answer);
    }
    let report = Report {
        all: measure(&answers.iter().map(|it| &it.1).collect::<Vec<_>>()),
        by_kind: kinds.into_iter().map(|(kind, answers)| (kind, measure(&answers))).collect(),
        failures: options.failures.then_some(failures),
    };
    let mut out = std::io::stdout().lock();
    if options.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        let mut out = load::Tame(out);
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
        if let Some(failures) = report.failures.filter(|it| !it.is_empty()) {
            let aliases = Aliases::of(&kb, options.lang.as_deref())?;
            for it in failures {
                print(&mut out, &it, &aliases)?;
            }
        }
    }
    let met = options.min_success_at_1.is_none_or(|min| report.all.success_at_1.unwrap_or_default() >= min);
    Ok(Outcome::from(met))
}

/// Whether this is where a knowledge base is, and no file with queries.
fn is_kb(path: &Path) -> bool {
    path.is_dir() || path.extension().is_some_and(|it| it == "bin")
}

/// A line as a query and the area that it is asked in, or what is wrong with it.
fn read(index: &Index, line: &str) -> Result<(Query, Option<usize>), String> {
    let query: Query = serde_json::from_str(line).map_err(|error| {
        // The line that it knows of is always the first: each is read alone.
        let (said, place) = (error.to_string(), format!(" at line {} column {}", error.line(), error.column()));
        format!("{} (column {})", said.strip_suffix(&place).unwrap_or(&said), error.column())
    })?;
    let area = query.area.as_deref().map(|it| crate::search::area(index, it)).transpose();
    Ok((query, area.map_err(|it| it.to_string())?))
}

fn ask(index: &Index, query: &Query, area: Option<usize>) -> Answer {
    let hits = search::run(index, &query.q, area).hits;
    if query.expect.is_empty() {
        return Answer::Rejected(hits.is_empty());
    }
    let mut ids = hits.iter().take(RANKS).map(|it| index.summary(it.doc).id);
    Answer::Rank(ids.position(|it| query.expect.contains(&it)).map(|it| it + 1))
}

fn failure(index: &Index, query: &Query, area: Option<usize>, line: usize) -> Failure {
    let why = search::explain(index, &query.q, area, NEAREST);
    let rank = why.nearest.iter().position(|it| query.expect.contains(&it.id));
    let exists = |id: &&String| index.find(id).is_some_and(|it| index.summary(it).id == **id);
    Failure {
        line,
        q: query.q.clone(),
        kind: query.kind.clone(),
        area: query.area.clone(),
        expect: query.expect.clone(),
        missing: query.expect.iter().filter(|it| !exists(it)).cloned().collect(),
        found: why.found.hits.iter().take(RANKS).map(|it| index.summary(it.doc).id).collect(),
        confidence: why::confidence(&why),
        words: why.words,
        expected: rank.map(|it| why.nearest[it].clone()),
        first: why.nearest.into_iter().next(),
        rank: rank.map(|it| it + 1),
    }
}

fn print(out: &mut impl Write, it: &Failure, aliases: &Aliases) -> Result<()> {
    let expected = it.expect.first().map_or("no match", String::as_str);
    let found = it.found.first().map_or("no match", String::as_str);
    writeln!(out, "{:<12} {:?}: expected {expected}, found {found}", it.kind, it.q)?;
    for id in &it.missing {
        writeln!(out, "    there is no entry {id}")?;
    }
    match (&it.first, &it.expected) {
        (Some(first), Some(expected)) if first.id == expected.id => {
            writeln!(out, "    {} is not sure enough: {}", first.id, why::evidence(first, aliases))?;
        }
        (first, expected) => {
            if let Some(first) = first {
                writeln!(out, "    {}: {}", first.id, why::evidence(first, aliases))?;
            }
            if let (Some(expected), Some(rank)) = (expected, it.rank) {
                writeln!(out, "    {}, number {rank}: {}", expected.id, why::evidence(expected, aliases))?;
            } else if it.missing.len() < it.expect.len() {
                writeln!(out, "    what was expected has nothing of the query")?;
            }
        }
    }
    let unknown: Vec<&str> = why::unknown(&it.words);
    if !unknown.is_empty() {
        writeln!(out, "    not known here: {}", unknown.join(", "))?;
    }
    Ok(())
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
