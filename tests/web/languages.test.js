// The widget in the language of its page: its words, its numbers, and texts of
// one language in a page of another.
import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { PAGES, add, build, button, checkNumber, eventually, events, finish, hold, openAnswer, ready, requests, set, site, twoPauses } from "./harness.js";

const own = site({ examples: PAGES });
const FOLDER = "src/ui/messages";
const LANGUAGES = ["ar", "de", "es", "fr", "ja"];
const messages = async (lang) => JSON.parse(await readFile(`${FOLDER}/${lang}.json`, "utf8"));
const words = (lang) => `/words/${lang}.js`;

/** A page in a language with an element. */
async function opened(lang, attributes = {}, options = {}) {
  const page = await own.open("/examples/blank.html", options);
  await page.evaluate((lang) => (document.documentElement.lang = lang), lang);
  return { page, help: await add(page, { area: "billing", ...attributes }) };
}

/** The field's name is this, so the words are there. */
function checkField(help, name) {
  return help.getByRole("searchbox", { name, exact: true }).waitFor();
}

test("Every language has every word, with the same placeholders; beyond them only forms for numbers", async () => {
  assert.deepEqual((await readdir(FOLDER)).toSorted(), [...LANGUAGES, "en"].toSorted().map((it) => `${it}.json`));
  const english = await messages("en");
  const holes = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).toSorted();
  for (const lang of LANGUAGES) {
    const theirs = await messages(lang);
    for (const [key, text] of Object.entries(english)) {
      assert.ok(theirs[key], `${lang}: ${key}`);
      // A form for one thing may say the number or not.
      if (!key.endsWith("One")) assert.deepEqual(holes(theirs[key]), holes(text), `${lang}: ${key}`);
    }
    for (const key of Object.keys(theirs).filter((it) => !(it in english))) {
      const [, name] = /^(\w+)(?:Zero|Two|Few)$/.exec(key) ?? [];
      assert.ok(`${name}Many` in english, `${lang}: ${key}`);
    }
  }
});

for (const lang of LANGUAGES) {
  test(`${lang}: the words are those of the language, and no other language is fetched`, async () => {
    const { searchLabel, allAreas, cause, fixed, yes, handOver, answersFew, answersMany } = await messages(lang);
    const { page, help } = await opened(lang);
    await checkField(help, searchLabel);
    await checkNumber(help, 4);
    await help.getByText((answersFew ?? answersMany).replace("{n}", "4"), { exact: true }).waitFor();
    await help.getByText(cause, { exact: true }).first().waitFor();
    // There is a translation into Spanish; in the others the answers are in English, and say so.
    const [symptom, support] = lang === "es" ? ["Se ha cobrado dos veces", "Soporte"] : ["Charged twice", "Support"];
    const row = await openAnswer(help, symptom);
    await row.getByText(fixed, { exact: true }).waitFor();
    await button(row, yes).waitFor();
    await button(row, handOver.replace("{to}", support)).first().waitFor();
    const languageOf = (it) => it.closest("[lang]").lang;
    const texts = { symptom: row.locator(".toggle span"), cause: row.locator(".cause .text").first(), step: row.locator(".step label").first() };
    for (const [name, it] of Object.entries(texts)) assert.equal(await it.evaluate(languageOf), lang === "es" ? "es" : "en", name);
    assert.equal(await row.getByText(fixed, { exact: true }).evaluate(languageOf), lang);
    await help.getByRole("button", { name: new RegExp(`^${allAreas} `) }).waitFor();
    assert.deepEqual(requests(page, /words/), ["/words.js", words(lang)]);
    await finish(page);
  });
}

test("What is not translated is the original's, in its language; nothing of the default language is fetched", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "unstuck-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await cp("kb", folder, { recursive: true });
  const file = join(folder, "es", "billing.md");
  const table = await readFile(file, "utf8");
  await writeFile(file, table.split("\n").filter((it) => !it.includes("billing-invoice-past-due")).join("\n"));
  await build(folder, join(folder, "out"));
  const { page, help } = await opened("es", { kb: "/partly/" }, {
    prepare: async (page) => {
      await page.route("**/partly/**", async (it) => {
        const path = new URL(it.request().url()).pathname.replace("/partly/", "");
        await it.fulfill({ body: await readFile(join(folder, "out", path)), contentType: path.endsWith(".json") ? "application/json" : "application/octet-stream" });
      });
    },
  });
  await checkNumber(help, 4);
  const languageOf = (it) => it.closest("[lang]").lang;
  const row = await openAnswer(help, "Invoice past due");
  assert.equal(await row.locator(".toggle span").evaluate(languageOf), "en");
  assert.equal(await row.locator(".step label").first().evaluate(languageOf), "en");
  assert.equal(await row.locator(".cause .label").evaluate(languageOf), "es");
  const other = help.locator(".result .toggle span").nth(1);
  assert.equal(await other.evaluate(languageOf), "es");
  const { languages } = JSON.parse(await readFile(join(folder, "out", "customer.json"), "utf8"));
  assert.deepEqual(requests(page, /partly/), ["/partly/customer.json", `/partly/${languages.es.file}`]);
  await finish(page);
});

test("In Spanish, what people type in Spanish finds the answers, and the English error messages do too", async () => {
  const { page, help } = await opened("es", { area: "" });
  for (const [query, id] of [
    ["me cobraron dos veces", "billing-charged-twice"],
    ["no puedo pasar la pantalla del 2fa", "login-access-cant-get-past-the-2fa-screen"],
    ["401 Unauthorized", "api-integrations-401-unauthorized"],
  ]) {
    const hits = await help.evaluate(async (it, query) => (await it.ready).search(query), query);
    assert.equal(hits[0]?.id, id, query);
  }
  await finish(page);
});

test("In English no words are fetched", async () => {
  const { page, help } = await opened("en-GB");
  await checkNumber(help, 4);
  assert.deepEqual(requests(page, /words/), []);
  await finish(page);
});

test("A language that it does not speak is answered in English", async () => {
  const { page, help } = await opened("pl");
  await checkNumber(help, 4);
  await checkField(help, (await messages("en")).searchLabel);
  assert.deepEqual(requests(page, /words\//), []);
  await finish(page);
});

test("Numbers have the forms of the language: one, two, few and many in Arabic", async () => {
  const { page, help } = await opened("ar", { area: "" });
  const theirs = await messages("ar");
  const status = help.locator("[part~=status]");
  const format = new Intl.NumberFormat("ar", { numberingSystem: "latn" });
  for (const [name, n, text] of [
    ["Stuck contacts", 1, theirs.answersOne],
    ["Stuck contact or agent", 2, theirs.answersTwo],
    ["Call refusals", 3, theirs.answersFew],
  ]) {
    await help.getByRole("button", { name: new RegExp(`^${name} \\d+$`) }).click();
    await checkNumber(help, n);
    await eventually(async () => assert.equal(await status.textContent(), text.replace("{n}", format.format(n))));
  }
  await help.getByRole("button", { name: new RegExp(`^${theirs.allAreas} `) }).click();
  await eventually(async () => assert.equal(await status.textContent(), theirs.answersMany.replace("{n}", format.format(43))));
  await finish(page);
});

test("The element's own `lang` counts, with a region and in capitals too, and changes the words while it runs", async () => {
  const { page, help } = await opened("en", { lang: "ES-MX" });
  await checkField(help, (await messages("es")).searchLabel);
  await set(help, "lang", "fr-CA");
  await checkField(help, (await messages("fr")).searchLabel);
  await set(help, "lang", "en");
  await checkField(help, (await messages("en")).searchLabel);
  await checkNumber(help, 4);
  // Another attribute changes nothing about it.
  await set(help, "lang", "de");
  await checkField(help, (await messages("de")).searchLabel);
  await set(help, "theme", "dark");
  await checkField(help, (await messages("de")).searchLabel);
  await finish(page);
});

test("The language that is set last holds, however long another's words take", async () => {
  const page = await own.open("/examples/blank.html");
  const release = await hold(page, /words\/es/);
  const help = await add(page, { area: "billing", lang: "es", loading: "eager" });
  await eventually(() => assert.ok(requests(page, /words\/es/).length));
  await set(help, "lang", "fr");
  await checkField(help, (await messages("fr")).searchLabel);
  release();
  await twoPauses();
  await checkField(help, (await messages("fr")).searchLabel);
  await finish(page);
});

test("What is no language tag is taken by its beginning", async () => {
  const { page, help } = await opened("de-!!");
  await checkField(help, (await messages("de")).searchLabel);
  await help.getByText("4 Antworten", { exact: true }).waitFor();
  await finish(page);
});

test("Another language before it is loaded names what opens it anew", async () => {
  const { page, help } = await opened("de", { mode: "panel", loading: "interaction" });
  await button(help, (await messages("de")).launcher).waitFor();
  await set(help, "lang", "es");
  await button(help, (await messages("es")).launcher).waitFor();
  await set(help, "lang", "en");
  await button(help, "Help").waitFor();
  await finish(page);
});

test("The page's own words come before those of the language", async () => {
  const { page, help } = await opened("es");
  await help.evaluate((it) => (it.messages = { searchLabel: "¿Qué pasa?", answersMany: "{n} cosas", cause: null }));
  await checkField(help, "¿Qué pasa?");
  await help.getByText("4 cosas", { exact: true }).waitFor();
  await help.getByText((await messages("es")).cause, { exact: true }).first().waitFor();
  await finish(page);
});

test("What opens a panel is named in the language before anything else is loaded", async () => {
  const { page, help } = await opened("de", { mode: "panel", loading: "interaction" });
  const { launcher, close } = await messages("de");
  await button(help, launcher).click();
  await button(help, close).waitFor();
  await finish(page);
});

test("Words that cannot be fetched leave it in English", async () => {
  const { page, help } = await opened("ja", {}, { prepare: (page) => page.route(/words\/ja/, (it) => it.abort()) });
  await checkNumber(help, 4);
  await checkField(help, (await messages("en")).searchLabel);
  assert.deepEqual(await events(page, "error"), []);
  await finish(page, { console: [/ERR_FAILED/] });
});

test("The plain list speaks the language too", async () => {
  const { page, help } = await opened("fr", {}, { prepare: (page) => page.route(/unstuck\.wasm/, (it) => it.abort()) });
  const [french, spanish] = [await messages("fr"), await messages("es")];
  await button(help, french.retry).waitFor();
  await checkField(help, french.searchLabel);
  await help.getByRole("searchbox").fill("captcha failed");
  await help.getByText(`${french.failed} ${french.plain} 1 réponse`, { exact: true }).waitFor();
  await set(help, "lang", "es");
  await button(help, spanish.retry).waitFor();
  await checkField(help, spanish.searchLabel);
  await help.getByText(spanish.failed).first().waitFor();
  assert.equal(await help.locator(".rescue").count(), 1);
  await finish(page, { console: [/ERR_FAILED/] });
});

test("In the plain list from right to left markers stand on the page's side, and English sentences end with their full stop", async () => {
  const { page, help } = await opened("ar", { entry: "billing-charged-twice" }, { prepare: (page) => page.route(/unstuck\.wasm/, (it) => it.abort()) });
  await page.evaluate(() => (document.documentElement.dir = "rtl"));
  const step = help.locator("details[open] ol bdi").first();
  await step.waitFor();
  assert.ok((await step.evaluate(ends)).isLeftToRight);
  // Before the text, the triangle: there is room for it on the right.
  const gap = await help.locator("details[open] summary").evaluate((it) => it.getBoundingClientRect().right - it.firstChild.getBoundingClientRect().right);
  assert.ok(gap > 8, `${gap} pixels`);
  await finish(page, { console: [/ERR_FAILED/] });
});

/** Where the first and the last sign of a text stand. */
function ends(element) {
  const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
  const place = (at) => {
    const range = document.createRange();
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    return range.getBoundingClientRect();
  };
  const [first, last] = [place(0), place(text.data.length - 1)];
  return { isLeftToRight: first.x < last.x, gap: element.parentElement.getBoundingClientRect().right - last.right };
}

test("An English sentence in a page from right to left ends with its full stop, on the page's side", async () => {
  const { page, help } = await opened("ar", {}, { viewport: { width: 1000, height: 800 } });
  await page.evaluate(() => (document.documentElement.dir = "rtl"));
  await ready(help);
  const row = await openAnswer(help, "Invoice past due");
  const step = row.getByText("Retry the payment.", { exact: true });
  const { isLeftToRight } = await step.evaluate(ends);
  assert.ok(isLeftToRight);
  const cause = row.getByText("The card has expired or was declined.");
  const seen = await cause.evaluate(ends);
  assert.ok(seen.isLeftToRight);
  assert.ok(seen.gap < 3, `${seen.gap} pixels from the right`);
  assert.equal(await help.evaluate((it) => getComputedStyle(it.shadowRoot.querySelector("[part~=areas]")).direction), "rtl");
  await finish(page);
});
