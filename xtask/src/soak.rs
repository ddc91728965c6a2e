//! Random use of the portal page in a real browser, for an hour.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;

use crate::build;
use crate::run::{command, run, say};
use crate::tools;

/// Uses the page for so many minutes, or for so many acts where that is said.
/// Without a seed it is another run each time. Stops at what it finds, unless
/// it is told to go on.
pub fn soak(minutes: u32, seed: Option<u32>, acts: Option<u32>, goes_on: bool) -> Result<()> {
    build::build("dist".as_ref())?;
    let unstuck = build::command_line()?;
    tools::npm_packages()?;
    let seed = seed.unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |it| it.subsec_nanos()));
    let mut node = command("node");
    node.args(["--test", "--test-reporter=spec", "tests/web/soak.test.js"])
        .env("CHROMIUM", tools::chromium()?)
        .env("UNSTUCK", unstuck)
        .env("SOAK_SEED", seed.to_string());
    if goes_on {
        node.env("SOAK_GOES_ON", "yes");
    }
    if let Some(acts) = acts {
        say(&format!("soak: {acts} acts with seed {seed}"));
        node.env("SOAK_ACTS", acts.to_string());
    } else {
        say(&format!("soak: {minutes} minutes with seed {seed}"));
        node.env("SOAK_MINUTES", minutes.to_string());
    }
    run(&mut node)
}
