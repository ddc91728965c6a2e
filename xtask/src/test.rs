//! All tests: native ones, and those in a real browser over the built files.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use crate::run::{cargo, command, run, say};
use crate::tools;
use crate::{bench, build, package};

/// Runs everything. `with_trunk`: Trunk is installed and compared too.
/// `is_long`: also what takes minutes for one statement.
pub fn test(with_trunk: bool, is_long: bool) -> Result<()> {
    say("native tests: cargo test");
    run(cargo().args(["test", "--workspace", "--quiet"]))?;
    let package = package::package()?;
    if with_trunk {
        trunk()?;
    }
    let chromium = tools::chromium()?;
    let (nginx, python) = (tools::nginx()?, tools::python()?);
    tools::npm_packages()?;
    say("browser tests over the built files: node --test tests/web");
    let server = build::command_line()?;
    let mut tests = Vec::new();
    for folder in ["tests/web", "tests/web/long"].iter().take(if is_long { 2 } else { 1 }) {
        let files = fs::read_dir(folder)?.filter_map(|it| Some(it.ok()?.path()));
        tests.extend(files.filter(|it| it.to_string_lossy().ends_with(".test.js")));
    }
    tests.sort();
    // One file at a time: the browser takes what there is of two cores.
    run(command("node")
        .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .args(tests)
        .env("CHROMIUM", chromium)
        .env("NGINX", nginx)
        .env("PACKAGE", package)
        .env("PYTHON", python)
        .env("UNSTUCK", server))?;
    bench::smoke()
}

/// What Trunk adds to the page: its mark on the link that it skipped.
const TRUNK_MARK: &str = " data-trunk-id=\"0\"";

/// Trunk's build is ours: the same files with the same bytes, but for the mark
/// that Trunk leaves in the page.
fn trunk() -> Result<()> {
    let trunk = tools::trunk()?;
    say("building with Trunk");
    run(command(trunk).args(["build", "--dist", "target/trunk"]))?;
    compare(Path::new("dist"), Path::new("target/trunk"))
}

fn compare(ours: &Path, theirs: &Path) -> Result<()> {
    for it in fs::read_dir(ours)? {
        let it = it?;
        let other = theirs.join(it.file_name());
        if it.file_type()?.is_dir() {
            compare(&it.path(), &other)?;
            continue;
        }
        let mut built = fs::read(&other).unwrap_or_default();
        if it.file_name() == "index.html" {
            built = String::from_utf8_lossy(&built).replace(TRUNK_MARK, "").into_bytes();
        }
        if fs::read(it.path())? != built {
            bail!("Trunk built another {}", other.display());
        }
    }
    Ok(())
}
