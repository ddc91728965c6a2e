//! Serving where another program has the network, as Node has: it carries each
//! request here and each answer back. This program never speaks first but once,
//! to say where it wants to be served.
//!
//! What is asked is a line of JSON on standard input, what is answered is one on
//! standard output, whose `length` is that of the bytes that follow it:
//!
//! | asked | answered |
//! |---|---|
//! | nothing yet | `port`, and `look_ms`: how often to ask for news |
//! | `{"at": "127.0.0.1:8080"}`, or `{"failed": REASON}` | what the terminal is to be told; the program ends |
//! | `{"get": {"host", "path", "query"}}` | `status`, `headers`, `goes_on`: more of it follows as news |
//! | `"look"` | the news for whoever got what goes on: nothing where nothing was saved |

use std::fs;
use std::io::{BufRead, Write};
use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Site;
use crate::answer::{Answer, Asked, kind};
use crate::preview::{LOOK, event};

/// How the listening went.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Listening {
    At(SocketAddr),
    Failed(String),
}

/// What is asked from then on.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Line {
    Get(Asked),
    Look,
}

/// Whether requests come this way: always where there is no other.
#[cfg(feature = "cli")]
pub fn is_wanted() -> bool {
    std::env::var_os("UNSTUCK_CARRIED").is_some()
}

/// Answers until nobody asks any more.
pub fn serve(site: &Site) -> Result<()> {
    let (mut asked, mut out) = (std::io::stdin().lock(), std::io::stdout().lock());
    tell(&mut out, json!({ "port": site.address.port(), "look_ms": LOOK.as_millis() as u64 }), b"")?;
    match next(&mut asked)? {
        Some(Listening::At(address)) => tell(&mut out, json!({}), site.pages(address).as_bytes())?,
        Some(Listening::Failed(reason)) => return Err(anyhow!(reason).context(site.cannot_listen())),
        None => return Ok(()),
    }
    while let Some(line) = next(&mut asked)? {
        match line {
            Line::Look => {
                let news = site.preview.as_ref().filter(|it| it.look()).map(|it| event(it.version()));
                tell(&mut out, json!({}), news.unwrap_or_default().as_bytes())?;
            }
            Line::Get(asked) => {
                let Answer { status, headers, body, goes_on } = answer(site, &asked);
                let headers: serde_json::Map<String, Value> =
                    headers.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
                tell(&mut out, json!({ "status": status, "headers": headers, "goes_on": goes_on }), &body)?;
            }
        }
    }
    Ok(())
}

/// The next line; none where nobody asks any more.
fn next<T: DeserializeOwned>(asked: &mut impl BufRead) -> Result<Option<T>> {
    let mut line = String::new();
    if asked.read_line(&mut line).context("cannot read what is asked")? == 0 {
        return Ok(None);
    }
    serde_json::from_str(&line).map(Some).with_context(|| format!("cannot make out what is asked: {}", line.trim_end()))
}

fn tell(out: &mut impl Write, mut head: Value, body: &[u8]) -> Result<()> {
    head["length"] = body.len().into();
    writeln!(out, "{head}")?;
    out.write_all(body)?;
    Ok(out.flush()?)
}

fn answer(site: &Site, asked: &Asked) -> Answer {
    if let Some(it) = site.preview.as_ref().and_then(|it| it.answer(asked)) {
        return it;
    }
    let below = |it: &str| asked.path.strip_prefix(it).filter(|it| it.is_empty() || it.starts_with('/'));
    let (folder, path) = match (below("/unstuck"), &site.examples) {
        (Some(path), _) => (&site.widget, path),
        (None, Some(examples)) => below("/examples").map_or((&site.widget, &*asked.path), |it| (examples, it)),
        (None, None) if asked.path == "/" => return Answer::redirect(307, "/preview/"),
        (None, None) => return Answer::nothing(),
    };
    file(folder, path, &asked.path).unwrap_or_else(Answer::nothing)
}

/// A file of a folder, by what stands in the address below that of the folder.
fn file(folder: &Path, path: &str, address: &str) -> Option<Answer> {
    let mut found = folder.to_path_buf();
    let path = path.strip_prefix('/').unwrap_or(path);
    let (names, is_folder) = path.strip_suffix('/').map_or((path, path.is_empty()), |it| (it, true));
    for name in names.split('/').filter(|_| !names.is_empty()) {
        // Names and nothing else: no way up, and nothing that is a way on another system.
        if matches!(name, "" | "." | "..") || name.contains(['\\', ':', '\0']) {
            return None;
        }
        found.push(name);
    }
    if found.is_dir() {
        if !is_folder {
            return Some(Answer::redirect(307, format!("{address}/")));
        }
        found.push("index.html");
    } else if is_folder {
        return None;
    }
    let name = found.file_name()?.to_str()?;
    Some(Answer::file(kind(name), fs::read(&found).ok()?))
}
