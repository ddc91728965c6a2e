//! What must be absent from the tree.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of the repository with one of these endings, below these folders.
fn files(folders: &[&str], endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = folders.iter().map(|it| root().join(it)).collect();
    while let Some(path) = open.pop() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // What is installed into an example, or built from it, is nobody's source.
        if path.is_dir() && !["node_modules", "dist", "public", "target"].contains(&&*name) {
            for it in fs::read_dir(&path).expect("a folder can be listed") {
                open.push(it.expect("an entry").path());
            }
        } else if endings.iter().any(|it| path.extension().is_some_and(|ending| ending == *it)) {
            found.push(path);
        }
    }
    assert!(!found.is_empty(), "nothing below {folders:?}");
    found
}

#[track_caller]
fn check_absent(folders: &[&str], endings: &[&str], words: &[&str], why: &str) {
    for path in files(folders, endings) {
        let text = fs::read_to_string(&path).expect("a source is text");
        for (i, line) in text.lines().enumerate() {
            let is_comment = line.trim_start().starts_with("//") || line.trim_start().starts_with('*');
            let word = words.iter().find(|it| line.contains(**it) && !is_comment);
            assert!(word.is_none(), "{}:{}: {:?}: {why}", path.display(), i + 1, word);
        }
    }
}

/// The crates that the library needs with one feature for the page.
fn tree(features: &str) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(root())
        .args([
            "tree",
            "--package",
            "unstuck",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--no-default-features",
            "--features",
            features,
        ])
        .args(["--target", "wasm32-unknown-unknown"])
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_widget_carries_no_compiler_and_no_command_line() {
    let widget = tree("widget");
    assert!(widget.lines().any(|it| it.starts_with("leptos ")));
    for name in ["pulldown-cmark ", "saphyr ", "annotate-snippets ", "clap ", "axum "] {
        assert!(!widget.lines().any(|it| it.starts_with(name)), "{name}is in the widget");
    }
}

#[test]
fn the_workbench_carries_the_compiler_and_no_widget() {
    let workbench = tree("workbench");
    assert!(workbench.lines().any(|it| it.starts_with("pulldown-cmark ")));
    for name in ["leptos ", "web-sys ", "annotate-snippets ", "clap ", "axum "] {
        assert!(!workbench.lines().any(|it| it.starts_with(name)), "{name}is in the workbench");
    }
}

#[test]
fn the_compiler_carries_no_page_and_no_files() {
    let compiler = tree("compiler");
    for name in ["leptos ", "web-sys ", "wasm-bindgen ", "clap ", "axum ", "tokio "] {
        assert!(!compiler.lines().any(|it| it.starts_with(name)), "{name}is in the compiler");
    }
}

#[test]
fn pure_rooms_know_nothing_of_the_outside() {
    let outside = [
        "leptos",
        "wasm_bindgen",
        "web_sys",
        "js_sys",
        "std::fs",
        "std::env",
        "std::time",
        "SystemTime",
        "println!",
        "std::net",
        "rand::",
    ];
    check_absent(
        &["src/index", "src/search", "src/session", "src/kb"],
        &["rs"],
        &outside,
        "a pure room knows no outside",
    );
}

#[test]
fn arrows_point_one_way() {
    check_absent(
        &["src/index"],
        &["rs"],
        &["crate::search", "crate::session", "crate::kb", "crate::ui", "crate::element", "crate::workbench"],
        "index is the last room",
    );
    check_absent(
        &["src/search"],
        &["rs"],
        &["crate::session", "crate::kb", "crate::ui", "crate::element", "crate::workbench"],
        "search knows the index only",
    );
    check_absent(
        &["src/session"],
        &["rs"],
        &["crate::kb", "crate::ui", "crate::element", "crate::workbench"],
        "session knows search and index",
    );
    check_absent(
        &["src/kb"],
        &["rs"],
        &["crate::session", "crate::ui", "crate::element", "crate::workbench"],
        "the compiler knows search and index",
    );
    check_absent(&["src/ui"], &["rs"], &["crate::kb", "crate::element"], "components know session, search and index");
    check_absent(
        &["src/workbench"],
        &["rs"],
        &["crate::session", "crate::ui", "crate::element", "crate::search"],
        "the workbench knows the compiler and the index that it writes",
    );
}

#[test]
fn nothing_in_the_browser_writes_html_or_styles() {
    let forbidden = [
        "innerHTML",
        "inner_html",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "createElement(\"style\")",
        "setAttribute(\"style\"",
        "view! {",
    ];
    check_absent(
        &["src/ui", "src/element", "src/bin", "src/workbench"],
        &["rs", "js"],
        &forbidden,
        "Trusted Types and the style policy refuse it",
    );
}

#[test]
fn what_is_written_depends_on_no_hash_order_and_no_floats() {
    check_absent(
        &["src/index", "src/kb"],
        &["rs"],
        &["HashMap", "HashSet", ".ln()", ".log2()", ".sqrt()", "f64", "f32"],
        "the same sources give the same bytes",
    );
}

#[test]
fn nothing_is_left_undone() {
    check_absent(
        &["src", "xtask/src", "tests/web", "examples"],
        &["rs", "js"],
        &["TODO", "FIXME", "XXX", "todo!(", "unimplemented!("],
        "an issue is the place for it",
    );
    check_absent(&["src", "xtask/src"], &["rs"], &["unsafe "], "there is none");
}

#[test]
fn every_dependency_has_its_line_in_the_architecture() {
    let architecture = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("it is in the tree");
    for manifest in ["Cargo.toml", "xtask/Cargo.toml"] {
        let text = fs::read_to_string(root().join(manifest)).expect("it is in the tree");
        let manifest: toml::Table = toml::from_str(&text).expect("a manifest is TOML");
        for name in manifest["dependencies"].as_table().expect("there are dependencies").keys() {
            assert!(architecture.contains(&format!("| `{name}` |")), "ARCHITECTURE.md has no line for {name}");
        }
    }
}

#[test]
fn every_page_carries_the_policy_that_the_readme_gives() {
    let policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; require-trusted-types-for 'script'";
    assert!(fs::read_to_string(root().join("README.md")).expect("it is in the tree").contains(policy));
    let mut pages = files(&["examples", "src/bin", "src/workbench"], &["html"]);
    pages.extend(["index.html", "site/playground.html"].map(|it| root().join(it)));
    for page in pages {
        let text = fs::read_to_string(&page).expect("a page is text");
        // Where a server renders or builds the page, the header is in its configuration.
        let config = fs::read_to_string(page.with_file_name("vite.config.js")).unwrap_or_default();
        // Turbo makes pages of texts, which no Trusted Types allow, and styles its progress bar.
        let others = text.replace(" 'sha256-WAyOw4V+FqDc35lQPyRADLBWbuNK8ahvYEaQIYF1+Ps='", "");
        let is_of_turbo = page.parent().is_some_and(|it| it.ends_with("turbo"));
        let of_turbo = policy.replace("; require-trusted-types-for 'script'", "");
        // Pictures that were opened there have no address of their own, and its compiler is in a worker.
        let of_workbench = policy.replace("img-src 'self'", "img-src 'self' data:");
        let of_workbench = of_workbench.replace("connect-src 'self'", "connect-src 'self'; worker-src 'self'");
        let is_workbench = page.parent().is_some_and(|it| it.ends_with("workbench"));
        let carries = text.contains(policy) || config.contains(policy) || is_of_turbo && others.contains(&of_turbo);
        let carries = carries || is_workbench && text.contains(&of_workbench);
        assert!(carries, "{}", page.display());
    }
}

/// The compiler will run in a browser too.
#[test]
fn the_words_of_other_people_stay_within_their_budget() {
    let bytes: u64 =
        files(&["src/kb/lexicon"], &["txt"]).iter().map(|it| fs::metadata(it).expect("it is there").len()).sum();
    assert!(bytes <= 200_000, "the lexicon has {bytes} bytes");
}

/// The titles of the tests in some files for Node, each in the pieces that stand
/// between what it fills in.
fn titles(files: &[PathBuf]) -> Vec<Vec<String>> {
    let mut titles = Vec::new();
    for path in files {
        let text = fs::read_to_string(path).expect("a test can be read");
        for quote in ['"', '`'] {
            for it in text.split(&format!("test({quote}")).skip(1) {
                let title = it.split(&format!("{quote}, ")).next().unwrap_or_default();
                let mut pieces = title.split("${");
                let mut found = vec![pieces.next().unwrap_or_default().to_owned()];
                found.extend(pieces.map(|it| it.split_once('}').map_or(it, |it| it.1).to_owned()));
                titles.push(found);
            }
        }
    }
    titles
}

/// Whether one of the tests has this name.
fn fits(titles: &[Vec<String>], name: &str) -> bool {
    titles.iter().any(|pieces| {
        let mut rest = name;
        let is_in_order = pieces.iter().all(|it| {
            let found = rest.split_once(it.as_str());
            rest = found.map_or(rest, |it| it.1);
            found.is_some()
        });
        let (first, last) = (&pieces[0], &pieces[pieces.len() - 1]);
        is_in_order && name.starts_with(first.as_str()) && name.ends_with(last.as_str())
    })
}

/// The rows of the tables whose last column names tests, with that cell.
fn rows(page: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(root().join(page)).expect("the page is there");
    let is_table = |it: &&str| it.lines().next().is_some_and(|it| it.ends_with("| test |"));
    let rows = text.split("\n\n").filter(is_table).flat_map(|it| it.lines().skip(2));
    let cell = |row: &str| row.trim_end_matches('|').rsplit('|').next().unwrap_or_default().trim().to_owned();
    rows.map(|row| (row.to_owned(), cell(row))).collect()
}

#[test]
fn every_row_about_hosting_names_its_test() {
    let titles = titles(&files(&["tests/web"], &["js"]));
    let mut n = 0;
    for (row, cell) in rows("docs/hosting.md") {
        let names: Vec<&str> = match cell.strip_prefix("`` ").or_else(|| cell.strip_prefix("``")) {
            Some(it) => vec![it.trim_end_matches('`').trim_end()],
            None => cell.split('`').skip(1).step_by(2).collect(),
        };
        assert!(cell == "all of them" || !names.is_empty(), "no test: {row}");
        for name in names {
            // A code span cannot end with its own quotes: what the name ends with is lost there.
            assert!(fits(&titles, name) || fits(&titles, &format!("{name}`")), "no such test: {name}");
            n += 1;
        }
    }
    assert!(n > 20, "{n} rows");
}

#[test]
fn every_promise_about_security_names_its_test() {
    let mut n = 0;
    for (row, cell) in rows("docs/security.md") {
        // A file, then the tests in it.
        let mut file = None;
        for name in cell.split('`').skip(1).step_by(2) {
            let path = root().join(name);
            if name.starts_with("tests/") {
                assert!(path.is_file(), "no such file: {row}");
                file = Some(path);
                continue;
            }
            let file = file.clone().unwrap_or_else(|| panic!("a test without its file: {row}"));
            let text = fs::read_to_string(&file).expect("a test can be read");
            let is_there = text.contains(&format!("fn {name}(")) || fits(&titles(&[file]), name);
            assert!(is_there, "no such test: {name}");
            n += 1;
        }
        assert!(file.is_some(), "no test: {row}");
    }
    assert!(n > 20, "{n} rows");
}
