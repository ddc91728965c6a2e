//! The block of settings at the head of a Markdown file.

use std::ops::Range;

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};

use super::diagnostic::{Diagnostic, edits};
use super::letters::{hidden, hidden_setting};
use super::source::Source;

/// The settings that mean something here. Keys of site generators are ignored.
#[derive(Clone, Debug, Default)]
pub struct FrontMatter {
    pub title: Option<String>,
    pub area: Option<String>,
    pub id: Option<String>,
    pub audience: Option<String>,
    pub contact: Option<String>,
    pub lang: Option<String>,
    /// When somebody last looked at it: a date, if it is right.
    pub reviewed: Option<String>,
    /// Where the block stands in the file, for findings about its settings.
    pub span: Range<usize>,
}

/// Reads the YAML between the two rulers. A block that is not valid YAML is
/// reported and passed over: the answers below it are still worth reading.
pub fn read(source: &Source, yaml: &str, span: Range<usize>, diagnostics: &mut Vec<Diagnostic>) -> FrontMatter {
    let mut front = FrontMatter { span: span.clone(), ..FrontMatter::default() };
    if yaml.lines().any(is_too_deep) {
        let message = "front matter begins deeper in its lines than anybody writes settings";
        let found = Diagnostic::warning("front-matter", source, span.clone(), message);
        diagnostics.push(found.hint("write one setting a line, as in `title: Billing`"));
        if yaml.lines().any(|it| is_audience_key(it.split(':').next().unwrap_or_default())) {
            diagnostics.push(lost_audience(source, &span));
        }
        return read_lines(yaml, span);
    }
    let documents = match MarkedYaml::load_from_str(yaml) {
        Ok(documents) => documents,
        Err(error) => {
            let found = Diagnostic::warning(
                "front-matter",
                source,
                span.clone(),
                format!("front matter is not valid YAML: {}", error.info()),
            );
            diagnostics.push(found.hint("put texts with a colon, a quote or a hash in quotation marks"));
            // Who may see the file would be forgotten with the rest.
            if yaml.lines().any(|it| is_audience_key(it.split(':').next().unwrap_or_default())) {
                diagnostics.push(lost_audience(source, &span));
            }
            return read_lines(yaml, span);
        }
    };
    let Some(YamlData::Mapping(settings)) = documents.first().map(|it| &it.data) else { return front };
    for (key, value) in settings {
        let key = text(key);
        if let Some(name) = &key
            && is_audience_key(name)
            && (name != "audience" || text(value).is_none())
        {
            diagnostics.push(lost_audience(source, &span));
        }
        let (Some(key), Some(value)) = (key, text(value)) else { continue };
        if let Some(hidden) = hidden(&value) {
            diagnostics.push(hidden_setting(source, span.clone(), hidden));
        }
        match key.as_str() {
            "title" => front.title = Some(value),
            "area" => front.area = Some(value),
            "id" => front.id = Some(value),
            "audience" => front.audience = Some(value),
            "contact" => front.contact = Some(value),
            "lang" => front.lang = Some(value),
            "reviewed" => front.reviewed = Some(value),
            _ => {}
        }
    }
    front
}

/// Settings that begin further in than this, in bytes, are not read: what stands
/// in something else begins at least a byte further in, and the parser goes a
/// call deeper for each. Ours begin with their lines, those of site generators
/// seldom after ten.
const MAX_INDENT: usize = 100;

/// Whether a line of settings begins so far in, or opens so many lists and keys
/// before it says anything, that the parser would go deeper than its stack.
fn is_too_deep(line: &str) -> bool {
    line.bytes().take_while(|it| matches!(it, b' ' | b'\t' | b'-' | b'?' | b':')).count() > MAX_INDENT
}

/// Whether a setting is the one for who may see the file, or a slip in its name.
pub fn is_audience_key(name: &str) -> bool {
    edits(&name.trim().to_lowercase(), "audience") <= 2
}

/// The finding about a file that was to be for some only, and would be for all.
pub fn lost_audience(source: &Source, span: &Range<usize>) -> Diagnostic {
    let message = "the audience of this file cannot be read, and everybody would see it";
    Diagnostic::error("unknown-audience", source, span.clone(), message)
        .hint("write `audience: customer`, `audience: agent` or `audience: staff`")
}

/// Reads the title line by line, from settings that are no YAML: what the page
/// is called is worth having, all else is too unsure.
pub fn read_lines(settings: &str, span: Range<usize>) -> FrontMatter {
    let title = settings.lines().find_map(|it| {
        let rest = it.strip_prefix("title")?.trim_start();
        Some(rest.strip_prefix([':', '='])?.trim().trim_matches(['"', '\'']).trim().to_owned())
    });
    FrontMatter { title: title.filter(|it| !it.is_empty()), span, ..FrontMatter::default() }
}

fn text(node: &MarkedYaml<'_>) -> Option<String> {
    match &node.data {
        YamlData::Value(Scalar::Integer(number)) => Some(number.to_string()),
        YamlData::Value(Scalar::String(text)) | YamlData::Representation(text, ..) => Some(text.to_string()),
        _ => None,
    }
    .filter(|it| !it.trim().is_empty())
}
