//! The compiler: what it reads, what it says, what it writes.

mod audience;
mod build;
mod content;
mod diagnostics;
mod fixtures;
mod gaps;
mod growth;
mod hostile;
mod imports;
mod json;
mod place;

use std::fs;
use std::path::{Path, PathBuf};

use unstuck::kb::{Book, Sources};

/// A path in the repository.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The real knowledge base.
fn kb_sources() -> Sources {
    let mut sources = Sources::default();
    for folder in ["", "images/"] {
        for it in fs::read_dir(repository("kb").join(folder)).expect("kb/ is there") {
            let path = it.expect("kb/ can be listed").path();
            if path.is_file() {
                let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
                sources.add(format!("{folder}{name}"), fs::read(&path).expect("kb/ can be read"));
            }
        }
    }
    sources
}

fn kb() -> Book {
    Book::read(&kb_sources())
}
