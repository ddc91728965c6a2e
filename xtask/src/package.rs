//! The package for npm: what a host needs, with its types and how to import it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::build::{self, SCRIPTS, WORKBENCH};
use crate::notices;
use crate::run::{command, root, run, say};

/// Where the package is put together; the file lies beside it.
const STAGE: &str = "target/package/unstuck";

/// What else is in it, and its name there.
const TEXTS: [(&str, &str); 9] = [
    ("docs/npm.md", "README.md"),
    ("docs/authoring.md", "docs/authoring.md"),
    ("docs/diagnostics.md", "docs/diagnostics.md"),
    ("docs/events.md", "docs/events.md"),
    ("docs/hosting.md", "docs/hosting.md"),
    ("docs/nginx.conf", "docs/nginx.conf"),
    ("docs/publishing.md", "docs/publishing.md"),
    ("LICENSE", "LICENSE"),
    (notices::FILE, notices::FILE),
];

/// Where the texts lead in the repository, and in the package: first those of
/// its README, which stands above the others, then theirs.
const LINKS_OF_README: [(&str, &str); 4] = [
    ("](authoring.md)", "](docs/authoring.md)"),
    ("](hosting.md)", "](docs/hosting.md)"),
    ("](publishing.md)", "](docs/publishing.md)"),
    ("](../LICENSE)", "](LICENSE)"),
];
const LINKS: [(&str, &str); 1] = [("](npm.md)", "](../README.md)")];

/// Builds everything, and packs what hosts import. The package's file.
pub fn package() -> Result<PathBuf> {
    build::build("dist".as_ref())?;
    let stage = Path::new(STAGE);
    if stage.exists() {
        fs::remove_dir_all(stage)?;
    }
    fs::create_dir_all(stage.join("docs"))?;
    fs::create_dir_all(stage.join("site"))?;
    let scripts: Vec<String> = SCRIPTS.into_iter().chain(WORKBENCH).map(|it| format!("{it}.js")).collect();
    let others = [
        "compiler.wasm",
        "custom-elements.json",
        "element.d.ts",
        "integrity.json",
        "knowledge-base.schema.json",
        "site/icon.svg",
        "standalone.js",
        "unstuck.d.ts",
        "unstuck.wasm",
        "workbench.css",
        "workbench.html",
    ];
    for name in scripts.iter().map(String::as_str).chain(others) {
        fs::copy(Path::new("dist").join(name), stage.join(name)).with_context(|| format!("cannot copy {name}"))?;
    }
    for (from, to) in TEXTS {
        let mut text = fs::read_to_string(from).with_context(|| format!("cannot read {from}"))?;
        let links = if to == "README.md" { &LINKS_OF_README[..] } else { &LINKS[..] };
        for (link, here) in links {
            text = text.replace(link, here);
        }
        fs::write(stage.join(to), text)?;
    }
    for it in ["kb", "words"] {
        build::copy_folder(&Path::new("dist").join(it), &stage.join(it))?;
    }
    build::node_command(stage)?;
    let version = version()?;
    fs::write(stage.join("package.json"), format!("{:#}\n", manifest(&version)))?;
    for_everybody(stage)?;
    say("packing: npm pack");
    run(command("npm").current_dir(stage).args(["pack", "--silent", "--pack-destination", ".."]))?;
    let file = fs::canonicalize(format!("{STAGE}/../unstuck-{version}.tgz")).context("npm packed nothing")?;
    say(&format!("packed {}", file.display()));
    Ok(file)
}

/// Lets everybody read what is packed, whatever the machine that packs it gives
/// to new files: npm packs that along.
fn for_everybody(path: &Path) -> Result<()> {
    let is_folder = path.is_dir();
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(if is_folder { 0o755 } else { 0o644 }))?;
    if is_folder {
        for it in fs::read_dir(path)? {
            for_everybody(&it?.path())?;
        }
    }
    Ok(())
}

/// The version of the library, which is that of the package.
fn version() -> Result<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml"))?;
    let line = manifest.lines().find_map(|it| it.strip_prefix("version = \""));
    let version = line.and_then(|it| it.strip_suffix('"')).unwrap_or_default();
    ensure!(!version.is_empty(), "Cargo.toml names no version");
    Ok(version.to_owned())
}

/// What npm, bundlers and editors read.
fn manifest(version: &str) -> Value {
    json!({
        "name": "unstuck",
        "version": version,
        "description": "A troubleshooting widget for any web page: finds the answer, takes people through the fix, hands over when it fails",
        "license": "MIT",
        "keywords": ["troubleshooting", "help", "search", "custom-element", "web-component", "wasm"],
        "type": "module",
        "exports": {
            ".": { "types": "./unstuck.d.ts", "default": "./unstuck.js" },
            "./element.js": { "types": "./element.d.ts", "default": "./element.js" },
            "./unstuck.wasm": "./unstuck.wasm",
            "./custom-elements.json": "./custom-elements.json",
            "./integrity.json": "./integrity.json",
            "./knowledge-base.schema.json": "./knowledge-base.schema.json",
            "./kb/*": "./kb/*",
            "./package.json": "./package.json",
        },
        "bin": { "unstuck": "./unstuck-command.js" },
        "engines": { "node": ">=20" },
        "types": "./unstuck.d.ts",
        "customElements": "./custom-elements.json",
        // The others do nothing until they are called.
        "sideEffects": ["./unstuck.js"],
    })
}
