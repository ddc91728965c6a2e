//! All tests: native ones, and those in a real browser over the built files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::run::{cargo, command, run, say};
use crate::tools;
use crate::{bench, build, package, reproduce, supply};

/// Runs everything. `with_trunk`: Trunk is installed and compared too.
/// `is_long`: also what takes minutes for one statement.
pub fn test(with_trunk: bool, is_long: bool) -> Result<()> {
    say("native tests: cargo test");
    run(cargo().args(["test", "--workspace", "--quiet"]))?;
    let unchecked = supply::check()?;
    let package = package::package()?;
    if with_trunk {
        trunk()?;
    }
    tools::npm_packages()?;
    let tools = [
        ("CHROMIUM", tools::chromium()?),
        ("FIREFOX", tools::firefox()?),
        ("NGINX", tools::nginx()?),
        ("PACKAGE", package),
        ("PYTHON", tools::python()?),
        ("UNSTUCK", build::command_line()?),
        ("WEBKIT_DRIVER", tools::webkit()?),
        ("XVFB", tools::xvfb()?),
    ];
    say("browser tests over the built files: node --test tests/web");
    let mut tests = test_files("tests/web")?;
    if is_long {
        tests.extend(test_files("tests/web/long")?);
    }
    // One file at a time: the browser takes what there is of two cores.
    let node = || {
        let mut node = command("node");
        node.args(["--test", "--test-concurrency=1", "--test-reporter=spec"]).envs(tools.iter().cloned());
        node
    };
    run(node().args(tests))?;
    if is_long {
        say("the same in Firefox, where nothing in it is Chromium's alone");
        let files = IN_FIREFOX.map(|it| format!("tests/web/{it}.test.js"));
        run(node().env("BROWSER", "firefox").args(files))?;
        reproduce::reproduce()?;
    }
    bench::smoke()?;
    // Once more, where it is seen.
    for it in unchecked {
        say(&format!("NOT CHECKED: {it}"));
    }
    Ok(())
}

/// The files of tests that do nothing which only Chromium's tools can.
const IN_FIREFOX: [&str; 7] = ["every-entry", "finding", "hand-over", "hosts", "keyboard", "pages", "remember"];

fn test_files(folder: &str) -> Result<Vec<PathBuf>> {
    let files = fs::read_dir(folder)?.filter_map(|it| Some(it.ok()?.path()));
    let mut tests: Vec<_> = files.filter(|it| it.to_string_lossy().ends_with(".test.js")).collect();
    tests.sort();
    Ok(tests)
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
