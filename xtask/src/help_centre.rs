//! The help centre's page, `index.html`: what stands in it between marks is made
//! from the compiled knowledge base, so that it is readable before any script
//! runs and says what the knowledge base says.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

const PAGE: &str = "index.html";

/// The pictures of the areas.
const ICONS: &str = "site/areas.svg";

/// Brings the page up to date with a compiled knowledge base.
pub fn update(kb: &Path) -> Result<()> {
    let page = fs::read_to_string(PAGE)?;
    let updated = filled(&page, kb)?;
    if updated != page {
        fs::write(PAGE, updated)?;
    }
    Ok(())
}

fn filled(page: &str, kb: &Path) -> Result<String> {
    let knowledge: Value = serde_json::from_slice(&fs::read(kb.join("customer.entries.json"))?)?;
    let list = |name: &str| knowledge[name].as_array().map(Vec::as_slice).unwrap_or_default();
    let (areas, entries) = (list("areas"), list("entries"));
    let icons = fs::read_to_string(ICONS)?;
    let find = |id: &Value| entries.iter().find(|it| it["id"] == *id);

    let card = |(at, area): (usize, &Value)| {
        let (id, n) = (text(&area["id"]), entries.iter().filter(|it| it["area"] == at).count());
        let icon = if icons.contains(&format!("id=\"{id}\"")) { id.as_str() } else { "other" };
        format!(
            "<li><a href=\"./kb/customer.html#area-{id}\" data-area=\"{id}\"><svg aria-hidden=\"true\"><use href=\"./site/areas.svg#{icon}\"></use></svg>\
             <span>{}</span> <span class=\"count\">{n} {}</span></a></li>",
            text(&area["title"]),
            if n == 1 { "answer" } else { "answers" }
        )
    };
    let link = |it: &Value| {
        let id = text(&it["id"]);
        format!("<li><a href=\"./kb/customer.html#{id}\" data-entry=\"{id}\">{}</a></li>", text(&it["symptom"]))
    };
    let onward = |it: &Value| {
        format!("<li><a href=\"{}\">{}</a><br>{}</li>", text(&it["href"]), text(&it["label"]), text(&it["text"]))
    };

    let popular: Vec<&Value> = list("popular").iter().filter_map(find).collect();
    let guides = entries.iter().filter(|it| it["guide"] == true);
    let answers = popular.iter().map(|it| details(kb, it, areas)).collect::<Result<Vec<_>>>()?.concat();
    let heading = format!("<h2 id=\"way-on\">{}</h2>\n", text(&knowledge["way_on_heading"]));
    let parts = [
        ("areas", list_of("cards", areas.iter().enumerate().map(card))),
        ("answers", answers),
        ("popular", list_of("", popular.into_iter().map(link))),
        ("guides", list_of("", guides.map(link))),
        ("links", heading + &list_of("", list("links").iter().map(onward))),
    ];
    let mut page = page.to_owned();
    for (name, html) in parts {
        let begin = format!("<!-- {name}: made from kb/ by `cargo xtask build` -->\n");
        let from = page.find(&begin).with_context(|| format!("{PAGE} has no mark `{}`", begin.trim()))? + begin.len();
        let end = format!("<!-- end of {name} -->");
        let to = from + page[from..].find(&end).with_context(|| format!("{PAGE} has no mark `{end}`"))?;
        let indent = page[..to].rfind('\n').map_or(0, |it| to - it - 1);
        page.replace_range(from..to - indent, &html);
    }
    Ok(page)
}

/// An answer as the compiler wrote it for pages without the widget.
fn details(kb: &Path, entry: &Value, areas: &[Value]) -> Result<String> {
    let area = entry["area"].as_u64().and_then(|at| areas.get(usize::try_from(at).ok()?));
    let area = area.context("an entry without an area")?;
    let html = fs::read_to_string(kb.join("customer").join(format!("{}.html", text(&area["id"]))))?;
    let begin = format!("<details id=\"{}\"", text(&entry["id"]));
    let from = html.find(&begin).context("an entry that is not in the page of its area")?;
    let end = "</details>\n";
    let to = from + html[from..].find(end).context("an answer that does not end")? + end.len();
    // Its id belongs to the widget's address.
    Ok(html[from..to].replacen(&begin, "<details", 1))
}

fn list_of(class: &str, items: impl Iterator<Item = String>) -> String {
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    let items: Vec<String> = items.collect();
    format!("<ul{class}>\n{}\n</ul>\n", items.join("\n"))
}

/// A rich text without its marks, for HTML.
fn text(value: &Value) -> String {
    let plain: String = value.as_str().unwrap_or_default().chars().filter(|it| !it.is_control()).collect();
    plain.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
