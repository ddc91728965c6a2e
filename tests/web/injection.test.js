// Whoever wrote a knowledge base, and whoever compiled it: its texts are shown
// as texts, its links lead where links may lead, and its pictures are pictures.
// Without a policy in the page, so that nothing but the widget itself is in the
// way, and with it.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { forge } from "./forge.js";
import { POLICY, build, consoleOf, copy, eventually, field, finish, folder, requests, site } from "./harness.js";
import { ADDRESSES, ELSEWHERE, MARKUP } from "./vectors.js";

/** What a link may be. */
const SCHEMES = ["http:", "https:", "mailto:", "tel:"];

/** For `prepare`: notes what runs, and what asks. */
const wary = async (page) => {
  page.dialogs = [];
  page.on("dialog", (it) => (page.dialogs.push(it.message()), it.dismiss()));
  await page.addInitScript(() => {
    globalThis.ran = [];
    globalThis.trapped = (n) => globalThis.ran.push(n);
    globalThis.printed = 0;
    globalThis.print = () => globalThis.printed++;
  });
};

/** All elements of the page, through shadow roots, as far as they could do harm. */
function dangers(schemes) {
  const found = [];
  const roots = [document];
  for (const root of roots) {
    for (const it of root.querySelectorAll("*")) {
      if (it.shadowRoot) roots.push(it.shadowRoot);
      const name = it.localName;
      if (/^(script|iframe|object|embed|base|template|form|foreignobject|math|meta)$/.test(name) && !it.closest("head") && !it.matches("[data-unstuck-file],[data-ours],#explain,#choices")) found.push(name);
      for (const { name: attribute, value } of it.attributes) if (/^on|^style$|^srcdoc$|^srcset$|^action$/.test(attribute) && it.id !== "stage") found.push(`${name} ${attribute}=${value}`);
      if (name === "a" && it.hasAttribute("href") && !schemes.includes(it.protocol) && !it.getAttribute("href").startsWith("#")) found.push(it.href);
      if (name === "img" && !it.src.startsWith("data:image/") && new URL(it.src).origin !== location.origin) found.push(it.src);
    }
  }
  return found;
}

/** Nothing ran, nothing asked, nothing is there that could; nobody else was asked for anything. */
async function checkHarmless(page) {
  await eventually(async () => assert.equal(await page.evaluate(() => document.readyState), "complete"));
  await new Promise((done) => setTimeout(done, 200));
  assert.deepEqual(await page.evaluate(() => globalThis.ran), [], "it ran");
  assert.deepEqual(page.dialogs, []);
  assert.deepEqual(await page.evaluate(dangers, SCHEMES), []);
  assert.deepEqual(requests(page).filter((it) => it.startsWith("http")), [], "requests to another origin");
}

/** The addresses that a click on a link of the page leads to: each is followed, and none but a page's own runs. */
async function checkClicks(page) {
  const led = await page.evaluate(() => {
    const seen = [];
    const roots = [document];
    for (const root of roots) for (const it of root.querySelectorAll("*")) if (it.shadowRoot) roots.push(it.shadowRoot);
    // As the browser would follow it, but for the going.
    addEventListener("click", (event) => {
      const link = event.composedPath().find((it) => it.localName === "a");
      if (link?.href && !event.defaultPrevented) {
        seen.push(link.protocol);
        event.preventDefault();
      }
    });
    for (const root of roots) for (const it of root.querySelectorAll("a")) it.click();
    return [...new Set(seen)];
  });
  assert.deepEqual(led.filter((it) => !SCHEMES.includes(it)), []);
  assert.deepEqual(await page.evaluate(() => globalThis.ran), [], "a click ran it");
}

/** Opens each entry that the element lists, and hands over from it. */
async function openAll(page, ids) {
  const help = page.locator("unstuck-help");
  await help.evaluate((it) => it.ready.then(() => undefined));
  for (const id of ids) {
    await help.evaluate((it, id) => it.openEntry(id), id);
    await help.locator("[data-open] .entry").waitFor();
    // All at once, and not only the first step.
    await checkHarmlessNow(page);
  }
}

async function checkHarmlessNow(page) {
  assert.deepEqual(await page.evaluate(dangers, SCHEMES), []);
  assert.deepEqual(await page.evaluate(() => globalThis.ran), []);
}

// --- a compiled file that nobody's compiler wrote ---

const link = (href, text = href) => `\x05${href.replace(/[\x06]/g, "")}\x06${text}\x07`;

/** Every vector in every place that a text has, as the JSON form has it. */
function contents() {
  const entries = MARKUP.map((it, at) => ({
    id: `${it} ${at}`,
    area: at % 3,
    lang: at % 2 ? it : "",
    symptom: `\x01${it}\x07 ${at}`,
    causes: [it, link(it)],
    description: [it, `\x03${it}\x07\x04${it}\x07`],
    after: [it],
    guide: at % 5 === 0,
    contact: at % 3,
    steps: [
      { text: it, notes: ["note", "warning", "item", "code"].map((kind) => ({ kind, text: it, src: "", alt: "" })) },
      { text: link(ADDRESSES[at % ADDRESSES.length], it), notes: [{ kind: "picture", text: it, src: it, alt: it }, { kind: "picture", text: it, src: `${ELSEWHERE}/${at}.png`, alt: it }] },
      { text: it, hands: at % 3, notes: [] },
    ],
  }));
  entries.push(
    ...ADDRESSES.map((it, at) => ({
      id: `address-${at}`,
      area: 0,
      lang: "",
      symptom: `Address ${at}`,
      causes: [link(it)],
      description: [link(it), `\x01${link(it)}\x07`, `\x05${it}`],
      after: [link(it)],
      guide: false,
      contact: at % 3,
      steps: [{ text: link(it), notes: [{ kind: "picture", text: it, src: it, alt: it }, { kind: "note", text: link(it), src: "", alt: "" }] }],
    })),
  );
  return {
    format: 2,
    lang: "en",
    title: MARKUP[10],
    heading: MARKUP[0],
    text: MARKUP[1],
    areas: [0, 1, 2].map((it) => ({ id: MARKUP[it + 30], title: MARKUP[it + 19] })),
    contacts: ADDRESSES.map((href, at) => ({ id: `c${at}`, label: MARKUP[at], href, text: MARKUP[at + 40] ?? "" })),
    links: ADDRESSES.map((href, at) => ({ id: `l${at}`, label: MARKUP[at], href, text: MARKUP[at] })),
    entries,
  };
}

const page = (policy, body) =>
  `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n${policy}<title>A page</title>\n<link rel="icon" href="data:,">\n<script data-ours type="module" src="../unstuck.js"></script>\n<main>${body}</main>\n`;
const META = `<meta http-equiv="Content-Security-Policy" content="${POLICY}">\n`;
const ELEMENT = '<unstuck-help loading="eager" remember="local"></unstuck-help>';

/** Pages with and without a policy. */
const pages = async () => {
  const path = await folder();
  await writeFile(join(path, "bare.html"), page("", ELEMENT));
  await writeFile(join(path, "strict.html"), page(META, ELEMENT));
  return path;
};

/** The widget over a forged knowledge base. */
const forged = (change = (it) => it) => () =>
  copy(async (dist) => {
    const all = change(contents());
    const bytes = forge(all);
    await writeFile(join(dist, "kb", "forged.bin"), bytes);
    const integrity = `sha256-${createHash("sha256").update(bytes).digest("base64")}`;
    await writeFile(join(dist, "kb", "customer.json"), JSON.stringify({ format: 2, default: "en", languages: { en: { file: "forged.bin", integrity, blocks: {} } } }));
    await writeFile(join(dist, "kb", "customer.entries.json"), JSON.stringify(all));
  });

const forgedSite = site({ widget: forged(), examples: pages });

for (const name of ["bare", "strict"]) {
  test(`Forged, in a page ${name === "bare" ? "without a policy" : "with the policy"}: all of it is text in the widget, and no link runs`, async () => {
    const page = await forgedSite.open(`/examples/${name}.html`, { prepare: wary });
    await openAll(page, contents().entries.map((it) => it.id));
    await checkHarmless(page);
    await checkClicks(page);
    await page.context().close();
  });

  test(`Forged, in a page ${name === "bare" ? "without a policy" : "with the policy"}: all of it is text in the plain list`, async () => {
    const prepare = async (page) => {
      await wary(page);
      await page.route(/unstuck\.wasm/, (it) => it.abort());
    };
    const page = await forgedSite.open(`/examples/${name}.html`, { prepare });
    const list = page.locator(".rescue");
    await list.locator("details").last().waitFor();
    await list.evaluate((it) => it.querySelectorAll("details").forEach((it) => (it.open = true)));
    assert.equal(await list.locator("details").count(), contents().entries.length);
    await checkHarmless(page);
    await checkClicks(page);
    await page.context().close();
  });
}

test("Forged: what is printed, handed over and copied is text", async () => {
  const page = await forgedSite.open("/examples/bare.html", { prepare: wary });
  const help = page.locator("unstuck-help");
  await help.evaluate((it) => it.ready.then(() => undefined));
  for (const at of [0, 20, 38, ADDRESSES.length]) {
    const { id } = contents().entries[at];
    await help.evaluate((it, id) => it.openEntry(id), id);
    const open = help.locator("[data-open]");
    await open.getByRole("button", { name: "Print", exact: true }).click();
    await eventually(async () => assert.ok(await page.evaluate(() => globalThis.printed)));
    await checkHarmlessNow(page);
    await open.getByRole("button", { name: "No", exact: true }).click();
    const opener = open.getByRole("button", { name: /^Hand over/ }).last();
    await opener.click();
    await open.getByRole("textbox").waitFor();
    await checkHarmlessNow(page);
    await checkClicks(page);
  }
  await page.context().close();
});

test("Forged: what a person types and what a page gives is text, and no contact of a page runs", async () => {
  const page = await forgedSite.open("/examples/bare.html", { prepare: wary });
  const help = page.locator("unstuck-help");
  await help.evaluate((it) => it.ready.then(() => undefined));
  for (const text of MARKUP) {
    await field(help).fill(text.replace(/[\r\n]/g, " "));
    await checkHarmlessNow(page);
  }
  const given = { markup: MARKUP, addresses: ADDRESSES };
  await help.evaluate((it, { markup, addresses }) => {
    it.messages = Object.fromEntries(["noMatch", "noMatchHint", "handOver", "showAll", "searchLabel", "clear", "answersMany"].map((key, at) => [key, markup[at + 19]]));
    it.label = markup[19];
    it.contacts = Object.fromEntries(addresses.map((href, at) => [`c${at}`, { label: markup[at], href, text: markup[at] }]));
    it.context = { [markup[0]]: markup[1] };
  }, given);
  for (let at = 0; at < 6; at++) {
    await help.evaluate((it, id) => it.openEntry(id), `address-${at}`);
    await checkHarmlessNow(page);
    await checkClicks(page);
  }
  await page.context().close();
});

test("Forged: a text of a hundred thousand marks in each other is shown, in the widget and in the list", async () => {
  const deep = "\x01".repeat(100_000) + "\x05".repeat(100_000) + "\x06";
  const change = (it) => ({ ...it, entries: [{ ...it.entries[0], id: "deep", symptom: `It is deep ${deep}x`, description: [`${deep}The end`], causes: [], after: [], steps: [{ text: `${deep}Press it`, notes: [] }] }] });
  const own = site({ widget: forged(change), examples: pages });
  const page = await own.open("/examples/bare.html", { prepare: wary });
  await openAll(page, ["deep"]);
  await page.locator("unstuck-help").getByText("The end").waitFor();
  await page.context().close();
  const prepare = (page) => page.route(/unstuck\.wasm/, (it) => it.abort());
  const plain = await own.open("/examples/bare.html", { prepare });
  await plain.locator(".rescue summary").click();
  await plain.locator(".rescue").getByText("The end").waitFor();
  await plain.context().close();
});

test("Forged: a language that is none keeps nobody from handing over", async () => {
  const change = (it) => ({ ...it, lang: "no language", entries: [{ ...it.entries[0], lang: "", id: "one", symptom: "It fails", guide: false, steps: [{ text: "Press it", notes: [] }] }] });
  const own = site({ widget: forged(change), examples: pages });
  const page = await own.open("/examples/strict.html", { prepare: wary });
  await openAll(page, ["one"]);
  const open = page.locator("unstuck-help [data-open]");
  await open.getByRole("checkbox").first().check();
  await open.getByRole("button", { name: "No", exact: true }).click();
  await open.getByRole("button", { name: /^Hand over/ }).last().click();
  assert.match(await open.getByRole("textbox").inputValue(), /Press it/);
  await page.context().close();
});

test("A manifest that names a file of another origin leads to none", async () => {
  const widget = () =>
    copy(async (dist) => {
      const manifest = JSON.parse(await readFile(join(dist, "kb", "customer.json"), "utf8"));
      for (const it of Object.values(manifest.languages)) Object.assign(it, { file: `${ELSEWHERE}/x.bin`, integrity: "" });
      await writeFile(join(dist, "kb", "customer.json"), JSON.stringify(manifest));
    });
  const own = site({ widget, examples: pages });
  const page = await own.open("/examples/bare.html", { prepare: wary });
  const code = await page.locator("unstuck-help").evaluate((it) => it.ready.catch((code) => code));
  assert.equal(code, "kb-not-found");
  assert.deepEqual(requests(page).filter((it) => it.startsWith("http")), []);
  await page.context().close();
});

test("What somebody else left in the storage is text, or nothing", async () => {
  const leave = async (page) => {
    await wary(page);
    await page.addInitScript((markup) => {
      // Twice, so that the third load finds it whatever the name is.
      for (let at = 0; at < localStorage.length; at++) {
        const key = localStorage.key(at);
        localStorage.setItem(key, key.endsWith("recent") ? JSON.stringify(markup) : `unstuck 1\n${markup.join("\n")}\n`);
      }
    }, MARKUP.map((it) => it.slice(0, 60)));
  };
  const own = site({ examples: pages });
  const page = await own.open("/examples/bare.html", { prepare: leave });
  const help = page.locator("unstuck-help");
  await help.evaluate((it) => it.ready.then(() => undefined));
  await page.evaluate(() => {
    const key = ["unstuck/1", "/kb/", "customer"].join(" ");
    localStorage.setItem(key, "x");
    localStorage.setItem(`${key} recent`, "[]");
  });
  await page.reload();
  await help.evaluate((it) => it.ready.then(() => undefined));
  await help.getByRole("group", { name: "Recent searches" }).waitFor();
  await checkHarmless(page);
  await page.context().close();
});

test("What an address says is text, or nothing", async () => {
  const own = site({ examples: async () => {
    const path = await folder();
    await writeFile(join(path, "bare.html"), page("", '<unstuck-help loading="eager" route="hash"></unstuck-help>'));
    return path;
  } });
  const opened = await own.open("/examples/bare.html", { prepare: wary });
  const help = opened.locator("unstuck-help");
  await help.evaluate((it) => it.ready.then(() => undefined));
  for (const it of [...MARKUP, ...ADDRESSES]) {
    await opened.evaluate((it) => (location.hash = `unstuck=${encodeURIComponent(it)}`), it);
    await opened.evaluate((it) => (location.hash = `unstuck=${it}`), it);
  }
  for (const it of ["%", "%ff/9", "billing-charged-twice/999999999999", "billing-charged-twice/-1", "__proto__", "x".repeat(100_000)]) {
    await opened.evaluate((it) => (location.hash = `unstuck=${it}`), it);
  }
  await checkHarmless(opened);
  await opened.close();
});

// --- what our compiler makes of it ---

/** A text with a backslash before every sign, so that Markdown takes none of it for its own. */
const literal = (text) => text.replace(/[\r\n\t]/g, " ").replace(/[!-/:-@[-`{-~]/g, "\\$&");

/** The vectors that a knowledge base can say without an error: what is hidden in them is refused. */
const sayable = MARKUP.filter((it) => !/[\x00-\x08\x0b-\x1f]/.test(it));

/** A knowledge base that says all of them, as a text of each kind. */
async function written() {
  const kb = await folder();
  const toml = (text) => JSON.stringify(text.replace(/[\x00-\x1f{}]/g, " "));
  const entry = (it, at) =>
    `## ${literal(it)} number ${at}\n\nThis is ${literal(it)} here\n\nTypical cause: ${literal(it)}\n\nResolution:\n\n1. Look at ${literal(it)}\n   ![${literal(it)}](picture.svg "${literal(it)}")\n\n   \`\`\`\n   ${it.replace(/[\r\n]/g, " ")}\n   \`\`\`\n2. Look at \`${it.replace(/[`\r\n|]/g, " ")}\` and [${literal(it)}](https://example.com/?${encodeURIComponent(it)})\n\n`;
  const braces = (it) => !/[{}]/.test(it);
  await writeFile(join(kb, "all.md"), `# ${literal(sayable[0])} all\n\n${sayable.filter(braces).map(entry).join("")}`);
  await writeFile(join(kb, "picture.svg"), '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9"/></svg>');
  const contacts = sayable.slice(0, 30).map((it, at) => `[contacts.c${at}]\nlabel = ${toml(it)}\ntext = ${toml(it)}\nhref = "mailto:a@example.com?x=${encodeURIComponent(it)}"\n`);
  const links = sayable.slice(0, 30).map((it, at) => `[[links]]\nid = "l${at}"\nlabel = ${toml(it)}\ntext = ${toml(it)}\nhref = "/x?${encodeURIComponent(it)}"\n`);
  await writeFile(join(kb, "kb.toml"), `title = ${toml(sayable[10])}\n\n[no-match]\nheading = ${toml(sayable[0])}\ntext = ${toml(sayable[1])}\n\n${[...contacts, ...links].join("\n")}`);
  return kb;
}

const bases = {};
const ownKb = () => (bases.kb ??= written());

const compiled = site({
  widget: () =>
    copy(async (dist) => {
      await build(await ownKb(), join(dist, "kb"), "--single-file", "--widget", dist);
      const single = await readFile(join(dist, "kb", "customer.single.html"), "utf8");
      await mkdir(join(dist, "bare"));
      await writeFile(join(dist, "bare", "single.html"), single.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "").replace('<script type="module">', '<script data-ours type="module">'));
    }),
  examples: pages,
});

test("Compiled: all of it is text in the widget", async () => {
  const page = await compiled.open("/examples/bare.html", { prepare: wary });
  const { entries } = await page.evaluate(() => fetch("/kb/customer.entries.json").then((it) => it.json()));
  assert.ok(entries.length > 90, `${entries.length}`);
  await openAll(page, entries.map((it) => it.id));
  await checkHarmless(page);
  await checkClicks(page);
  await page.context().close();
});

test("Compiled: all of it is text in the pages without script, whole and by area", async () => {
  const page = await compiled.open("/kb/customer.html", { prepare: wary });
  await page.evaluate(() => document.querySelectorAll("details").forEach((it) => (it.open = true)));
  await checkHarmless(page);
  await checkClicks(page);
  const { areas } = await page.evaluate(() => fetch("/kb/customer.entries.json").then((it) => it.json()));
  for (const it of areas) {
    await page.goto(`${await compiled.origin()}/kb/customer/${encodeURIComponent(it.id)}.html`);
    await checkHarmless(page);
  }
  await page.context().close();
});

test("Compiled: all of it is text in the single file, also without its policy", async () => {
  const page = await compiled.open("/bare/single.html", { prepare: wary });
  await page.locator("unstuck-help").evaluate((it) => it.ready.then(() => undefined));
  await checkHarmless(page);
  await page.context().close();
});

test("The preview shows all of it as text: the answers, what is wrong with them, and why a search finds what it finds", async () => {
  const kb = await ownKb();
  const bad = await folder();
  for (const name of await readdir(kb)) await writeFile(join(bad, name), await readFile(join(kb, name)));
  const preview = site({ kb: bad });
  const page = await preview.open("/preview/#unstuck=%", { prepare: wary });
  await page.locator("unstuck-help").evaluate((it) => it.ready.then(() => undefined));
  for (const it of MARKUP.slice(0, 30)) await page.locator("#explain input").fill(it);
  await eventually(async () => assert.ok(await page.locator("#hits li").count()));
  await checkHarmlessNow(page);
  // And as it stands, which is full of errors.
  const raw = [...MARKUP, ...ADDRESSES.map((it) => `[x](${it}) <${it}> ![x](${it})`)].map((it, at) => `## ${it} ${at}\n\nCause: ${it}\n\nResolution:\n\n1. ${it} {wait}\n\n`);
  await writeFile(join(bad, "raw.md"), `# Raw\n\n${raw.join("")}`);
  await eventually(async () => assert.ok((await page.locator("#findings li").count()) > 100));
  await checkHarmlessNow(page);
  assert.deepEqual(page.dialogs, []);
  assert.deepEqual(consoleOf(page), []);
  const origin = await preview.origin();
  const answer = await fetch(`${origin}/preview/state.json`).then((it) => it.json());
  const files = await fetch(`${origin}/preview/kb/${answer.shown}/customer.html`);
  assert.match(files.headers.get("content-security-policy"), /default-src 'none'.*sandbox/);
  await finish(page);
});
