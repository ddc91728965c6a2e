//! Measuring against peers, in one run and one browser.

use anyhow::Result;

use crate::build;
use crate::run::{cargo, command, run, say};
use crate::tools;

/// Everything, at all sizes: about half an hour.
pub fn bench() -> Result<()> {
    run(cargo().args(["build", "--release", "--package", "unstuck", "--bin", "unstuck"]))?;
    build::build("dist".as_ref())?;
    measure(&[], "target/release/unstuck")
}

/// A short run on small knowledge bases, so that the benchmark cannot rot.
pub fn smoke() -> Result<()> {
    measure(&["--smoke"], "target/debug/unstuck")
}

fn measure(args: &[&str], unstuck: &str) -> Result<()> {
    tools::npm_packages()?;
    say("installing the peers to measure against: npm ci --prefix bench");
    run(command("npm").args(["ci", "--prefix", "bench", "--no-fund", "--no-audit", "--loglevel=error"]))?;
    say("measuring: node bench/run.js");
    run(command("node").arg("bench/run.js").args(args).env("CHROMIUM", tools::chromium()?).env("UNSTUCK", unstuck))
}
