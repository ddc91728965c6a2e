//! What the pages in `docs/` tell people to type works as it stands there.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{Serving, copy_folder, folder, repository};

/// A block of code and the last line of text before it.
struct Block {
    kind: String,
    before: String,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let text = fs::read_to_string(repository("docs").join(page)).expect("the page is in the tree");
    let (mut found, mut before): (Vec<Block>, String) = (Vec::new(), String::new());
    let mut open: Option<Block> = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(kind), None) => open = Some(Block { kind: kind.into(), before: before.clone(), text: String::new() }),
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) if !line.trim().is_empty() => before = line.into(),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{page}: a block of code without an end");
    found
}

/// Runs a text in the shell, with `unstuck` as it was built.
fn shell(text: &str, args: &[&str], at: &Path) -> (bool, String) {
    let binary = Path::new(env!("CARGO_BIN_EXE_unstuck"));
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let folders = [binary.parent().expect("a program is in a folder").to_owned()];
    let path = std::env::join_paths(folders.into_iter().chain(std::env::split_paths(&paths))).expect("paths join");
    let output = Command::new("sh").args(["-c", text, "sh"]).args(args).current_dir(at).env("PATH", path).output();
    let output = output.expect("there is a shell");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[track_caller]
fn run(text: &str, args: &[&str], at: &Path) -> String {
    let (is_clean, said) = shell(text, args, at);
    assert!(is_clean, "{text}\n{said}");
    said
}

/// The file that the text before a block names.
fn named(block: &Block) -> Option<&str> {
    block.before.split('`').nth(1)
}

/// Does what a page says, block by block.
fn follow(page: &str, at: &Path) {
    for block in blocks(page) {
        let is_beside = block.before.contains("beside the folder `kb`");
        let path = named(&block).map(|it| at.join(if is_beside { "" } else { "kb" }).join(it));
        // Whoever reads the page is to know in which folder.
        let has_folder = is_beside || block.before.contains("in the folder `kb`");
        assert!(block.kind == "sh" || has_folder, "{page}: in which folder? {:?}", block.before);
        match (block.kind.as_str(), block.before.split(' ').next(), path) {
            ("markdown" | "toml" | "jsonl", Some("Save"), Some(path)) => {
                fs::write(path, block.text).expect("a file can be written");
            }
            ("markdown", Some("Add"), Some(path)) => {
                let text = fs::read_to_string(&path).expect("it was saved before");
                fs::write(path, format!("{text}\n{}", block.text)).expect("a file can be written");
            }
            ("toml", Some("In"), Some(path)) => {
                let key = block.text.split('=').next().expect("a line has a beginning");
                let text = fs::read_to_string(&path).expect("it was made before");
                let lines = text.lines().map(|it| if it.starts_with(key) { block.text.trim_end() } else { it });
                fs::write(path, lines.map(|it| format!("{it}\n")).collect::<String>()).expect("a file can be written");
            }
            // Below the line that is named last.
            ("toml", Some("Add"), Some(path)) => {
                let anchor = block.before.rsplit('`').nth(1).expect("it says where");
                let text = fs::read_to_string(&path).expect("it was made before");
                let line = format!("\n{anchor}\n");
                assert_eq!(text.matches(&line).count(), 1, "{page}: {anchor} in {}", path.display());
                fs::write(path, text.replace(&line, &format!("{line}{}", block.text))).expect("a file can be written");
            }
            ("sh", _, _) => {
                for line in block.text.lines() {
                    // The other form of the program: tests/web/author.test.js follows the page with it.
                    if line.starts_with("npm ") {
                        continue;
                    }
                    // It goes on until it is ended.
                    if let Some(args) = line.strip_prefix("unstuck serve") {
                        let args: Vec<&str> =
                            ["serve", "--port", "0"].into_iter().chain(args.split_whitespace()).collect();
                        let serving = Serving::start(&args, at);
                        assert!(serving.get("/preview/").starts_with("HTTP/1.1 200"), "{line}");
                    } else {
                        run(line, &[], at);
                    }
                }
            }
            (kind, ..) => panic!("{page}: nobody knows what to do with {kind} after {:?}", block.before),
        }
    }
}

#[test]
fn what_the_page_for_authors_says_works_from_the_first_line_to_the_last() {
    let at = folder("docs-authoring");
    // What a developer built.
    fs::create_dir(at.join("dist")).expect("a folder can be made");
    for it in ["unstuck.js", "standalone.js"] {
        fs::write(at.join("dist").join(it), "").expect("a file can be written");
    }
    let event = "{\"type\":\"unstuck-no-match\",\"time\":1,\"detail\":{\"query\":\"bicycle\",\"area\":null}}\n";
    fs::write(at.join("events.jsonl"), event).expect("a file can be written");
    follow("authoring.md", &at);
    assert!(at.join("site/kb/customer.json").is_file() && at.join("site/kb/customer.single.html").is_file());
    // What the starter says of the words is still there.
    assert!(run("unstuck search 'no picture on the wall'", &[], &at).contains("the-room-display-stays-dark"));
    assert!(run("unstuck search 'the radiator hisses'", &[], &at).contains("heating-hissing-radiator"));
    let said = run("unstuck check --deny-warnings", &[], &at);
    assert!(said.contains("11 entries in 5 areas, 0 errors, 0 warnings"), "{said}");
    // What the page says of these searches.
    assert!(run("unstuck search 'heater gurgles'", &[], &at).contains("heating-bleed-a-radiator"));
    assert!(run("unstuck eval queries.jsonl", &[], &at).contains("1.000   1.000   1.000   1.000"));
}

#[test]
fn the_script_publishes_and_stops_where_something_is_wrong() {
    let at = folder("docs-publishing");
    let site = at.join("site");
    copy_folder(&repository("src/kb/starter"), &at.join("kb"));
    let query = "{\"q\":\"printer jam\",\"expect\":[\"printing-paper-jam-stays-on-the-screen\"],\"area\":null,\"kind\":\"a\"}\n";
    fs::write(at.join("queries.jsonl"), query).expect("a file can be written");
    let script = blocks("publishing.md").into_iter().find(|it| it.text.starts_with("#!/bin/sh")).expect("it is there");
    let args = &[site.to_str().expect("a path is text")];
    let (is_clean, said) = shell(&script.text, &[], &at);
    assert!(!is_clean && said.contains("sh publish.sh FOLDER") && !site.exists(), "{said}");
    run(&script.text, args, &at);
    let manifest = fs::read(site.join("customer.json")).expect("it is published");
    // Once more, with what is published to compare with.
    run(&script.text, args, &at);

    // What is published is broken: there is nothing to compare with.
    fs::write(site.join("customer.json"), "{}").expect("a file can be written");
    let (is_clean, said) = shell(&script.text, args, &at);
    assert!(!is_clean && said.contains("cannot read the earlier state"), "{said}");
    fs::write(site.join("customer.json"), &manifest).expect("a file can be written");

    // An entry is renamed without saying so: nothing is published.
    let path = at.join("kb/printing.md");
    let text = fs::read_to_string(&path).expect("it is there");
    fs::write(&path, text.replace("Pages come out blank", "Pages are empty")).expect("a file can be written");
    let (is_clean, said) = shell(&script.text, args, &at);
    assert!(!is_clean && said.contains("error[moved-id]") && said.contains("printing-pages-come-out-blank"), "{said}");
    assert_eq!(fs::read(site.join("customer.json")).expect("it is still there"), manifest);

    // The search gets worse: nothing is published.
    fs::write(&path, text.replace("Paper jam", "Red light")).expect("a file can be written");
    let config = at.join("kb/kb.toml");
    let moved = fs::read_to_string(&config).expect("it is there");
    let to = "[moved]\n\"printing-paper-jam-stays-on-the-screen\" = \"printing-red-light-stays-on-the-screen\"\n";
    fs::write(&config, moved.replace("[moved]", to)).expect("a file can be written");
    fs::write(at.join("kb/vocabulary.toml"), "").expect("a file can be written");
    let (is_clean, said) = shell(&script.text, args, &at);
    assert!(!is_clean && said.contains("s@1"), "{said}");
    assert_eq!(fs::read(site.join("customer.json")).expect("it is still there"), manifest);
}

#[test]
fn the_commands_of_the_service_are_commands() {
    let at = folder("docs-service");
    for it in ["repository/kb", "before/kb"] {
        copy_folder(&repository("src/kb/starter"), &at.join(it));
    }
    let query = "{\"q\":\"printer jam\",\"expect\":[\"printing-paper-jam-stays-on-the-screen\"],\"area\":null,\"kind\":\"a\"}\n";
    fs::write(at.join("repository/queries.jsonl"), query).expect("a file can be written");
    let service = blocks("publishing.md").into_iter().find(|it| it.kind == "yaml").expect("it is there");
    let commands: Vec<&str> = service.text.lines().filter_map(|it| it.trim().strip_prefix("run: unstuck")).collect();
    assert_eq!(commands.len(), 3);
    for it in commands {
        run(&format!("unstuck{it}"), &[], &at.join("repository"));
    }
    assert!(at.join("repository/site/kb/customer.json").is_file());
}

/// The line that the page shows is one that `gaps` reads.
#[test]
fn the_line_of_recorded_events_is_read() {
    let at = folder("docs-events");
    copy_folder(&repository("src/kb/starter"), &at.join("kb"));
    let line = blocks("events.md").into_iter().find(|it| it.kind == "json").expect("it is there");
    fs::write(at.join("events.jsonl"), line.text).expect("a file can be written");
    assert!(run("unstuck gaps events.jsonl kb", &[], &at).contains("1  gift cards"));
}

/// What the page says to record is what the element tells, and what `gaps` reads.
#[test]
fn the_recipe_for_events_names_events_of_the_element() {
    let text = fs::read_to_string(repository("src/element/custom-elements.json")).expect("it is in the tree");
    let manifest: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let events = manifest["modules"][0]["declarations"][0]["events"].as_array().expect("there are events");
    let script = blocks("events.md").into_iter().find(|it| it.text.contains("const RECORDED")).expect("it is there");
    let mut n = 0;
    for line in script.text.lines().filter(|it| it.starts_with("  \"unstuck-")) {
        let words: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
        let event = events.iter().find(|it| it["name"] == words[0]).unwrap_or_else(|| panic!("no event {}", words[0]));
        let detail = event["type"]["text"].as_str().expect("a type is text");
        for field in &words[1..] {
            assert!(detail.contains(field), "{} has no {field}: {detail}", words[0]);
        }
        n += 1;
    }
    assert_eq!(n, 6);
}
