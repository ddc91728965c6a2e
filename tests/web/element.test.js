// The contract of the element: attributes, properties, methods and events, as
// a host page uses them.
import assert from "node:assert/strict";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import {
  BILLING, LAZY, PAGES, add, answer, area, areas, build, checkArea, checkEvents, checkNumber, checkOpen, checkOpenIs, checkResults, consoleOf, copy,
  eventually, events, field, finish, focused, folder, hold, openAnswer, ready, requests, search, set, site, steps, twoPauses,
} from "./harness.js";

const AREAS = [
  "login-access", "calls", "dashboard", "billing", "notifications", "members", "playbook", "csv-exports", "api-integrations",
  "contact-center-sign-in", "stuck-contact-or-agent", "call-refusals", "stuck-contacts",
];
const READY = ["unstuck-ready", { entries: 43, areas: AREAS, lang: "en" }];
const CAPTCHA = "Login screen says captcha failed";

/**
 * The customer build; beside it the staff build, and in `kb-languages` a
 * knowledge base in two languages (with the same words: what counts is which
 * file is taken).
 */
const widget = () =>
  copy(async (dist) => {
    await build("kb", join(dist, "kb"), "--audience", "staff");
    const languages = join(dist, "kb-languages");
    const dutch = await copy(async (kb) => {
      const config = await readFile(join(kb, "kb.toml"), "utf8");
      await writeFile(join(kb, "kb.toml"), config.replace("lang = \"en\"", "lang = \"nl\""));
    }, "kb");
    const built = await folder();
    await build(dutch, built);
    await cp(join(dist, "kb"), languages, { recursive: true });
    await cp(built, languages, { recursive: true });
    const manifests = await Promise.all([join(dist, "kb"), built].map(async (it) => JSON.parse(await readFile(join(it, "customer.json"), "utf8"))));
    const [english, other] = manifests;
    await writeFile(join(languages, "customer.json"), JSON.stringify({ ...english, languages: { ...english.languages, ...other.languages } }));
  });

const own = site({ widget, examples: PAGES });

/** A page with an element that has these attributes, and the element. */
async function opened(attributes, options) {
  const page = await own.open("/examples/blank.html", options);
  return { page, help: await add(page, attributes) };
}

const held = (pattern) => {
  let release;
  return { prepare: async (page) => (release = await hold(page, pattern)), release: () => release() };
};

// --- attributes, at first and while it runs ---

test("Without attributes it offers everything", async () => {
  const { page, help } = await opened({});
  await checkNumber(help, 20);
  assert.equal((await areas(help)).length, 14);
  await checkArea(help, "All areas");
  await finish(page);
});

test("`area` is the area at first", async () => {
  const { page, help } = await opened({ area: "billing" });
  await checkResults(help, BILLING);
  await checkArea(help, "Billing");
  await finish(page);
});

test("`area` can be changed while it runs", async () => {
  const { page, help } = await opened({ area: "billing" });
  await checkResults(help, BILLING);
  await set(help, "area", "members");
  await checkArea(help, "Members");
  await checkNumber(help, 3);
  await set(help, "area", null);
  await checkArea(help, "All areas");
  await checkNumber(help, 20);
  await finish(page);
});

test("An area that does not exist is an error, and all areas are shown", async () => {
  const { page, help } = await opened({ area: "biling" });
  await checkNumber(help, 20);
  await checkArea(help, "All areas");
  const [error] = await events(page, "error");
  assert.equal(error.detail.code, "unknown-area");
  assert.match(error.detail.message, /biling/);
  await set(help, "area", "billing");
  await checkResults(help, BILLING);
  await set(help, "area", "biling");
  await eventually(async () => assert.equal((await events(page, "error")).length, 2));
  await finish(page);
});

test("`areas` are the only areas that exist", async () => {
  const { page, help } = await opened({ areas: "billing, members" });
  await checkNumber(help, 7);
  assert.deepEqual(await areas(help), ["All areas 7", "Billing 4", "Members 3"]);
  await search(help, "captcha");
  await checkNumber(help, 0);
  // Not even elsewhere.
  assert.equal(await help.getByRole("button", { name: /in other areas/ }).isVisible(), false);
  assert.deepEqual(await help.evaluate((it) => it.search("captcha")), []);
  await finish(page);
});

test("`areas` can be changed while it runs", async () => {
  const { page, help } = await opened({ areas: "billing,members", area: "members" });
  await checkArea(help, "Members");
  await set(help, "areas", "billing,calls");
  await eventually(async () => assert.deepEqual(await areas(help), ["All areas 9", "Calls 5", "Billing 4"]));
  await checkArea(help, "All areas");
  await set(help, "areas", null);
  await eventually(async () => assert.equal((await areas(help)).length, 14));
  await finish(page);
});

test("Whoever is in an answer when the host changes the words or the language stays in the element", async () => {
  for (const change of [{ "heading-level": "3" }, { lang: "de" }, { audience: "nobody" }]) {
    const { page, help } = await opened({});
    await checkNumber(help, 20);
    await answer(help, "Charged twice").focus();
    for (const name in change) await set(help, name, change[name]);
    await eventually(async () => {
      const { tag, inside } = await focused(page);
      assert.deepEqual([tag, inside], ["input", "help"]);
    });
    if (change.audience) await help.locator(".rescue").waitFor();
    await finish(page, { console: change.audience ? [/404/] : [] });
  }
});

test("Whoever is on an answer when nothing is found any more comes back to the field", async () => {
  const { page, help } = await opened({});
  await checkNumber(help, 20);
  await answer(help, "Charged twice").focus();
  await set(help, "query", "zzqx");
  await checkNumber(help, 0);
  await eventually(async () => assert.equal((await focused(page)).tag, "input"));
  // The same where a key comes before the answers to what was typed.
  await set(help, "query", "");
  await checkNumber(help, 20);
  await help.evaluate((it) => {
    const input = it.shadowRoot.querySelector("input");
    input.value = "zzqx";
    input.dispatchEvent(new Event("input"));
    input.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown" }));
  });
  await checkNumber(help, 0);
  await eventually(async () => assert.equal((await focused(page)).tag, "input"));
  await finish(page);
});

test("Whoever asks for more answers just as there are none comes back to the field", async () => {
  const { page, help } = await opened({});
  await checkNumber(help, 20);
  await help.evaluate((it) => {
    const { shadowRoot: root } = it;
    const more = root.querySelector(".more");
    more.focus();
    root.querySelector("input").value = "zzqx";
    root.querySelector("input").dispatchEvent(new Event("input"));
    more.click();
  });
  await checkNumber(help, 0);
  await eventually(async () => assert.equal((await focused(page)).tag, "input"));
  await finish(page);
});

test("Whoever is among the steps of an answer that closes is on its row", async () => {
  const { page, help } = await opened({ entry: "billing-charged-twice" });
  await checkOpen(help, "Charged twice");
  await help.getByRole("checkbox").first().focus();
  await set(help, "entry", null);
  await checkOpenIs(help, null);
  await eventually(async () => assert.equal((await focused(page)).text, "Charged twice"));
  await finish(page);
});

test("A `query` of several lines is searched for as the field shows it", async () => {
  const { page, help } = await opened({ query: "charged\ntwice" });
  await checkResults(help, ["Charged twice"]);
  assert.equal(await field(help).inputValue(), "charged twice");
  await set(help, "query", "captcha\r\nfailed");
  await checkResults(help, ["Login screen says captcha failed"]);
  assert.equal(await field(help).inputValue(), "captcha failed");
  await finish(page);
});

test("An area that `areas` names twice is there once", async () => {
  const { page, help } = await opened({});
  await checkNumber(help, 20);
  await set(help, "areas", "calls, billing, calls");
  await eventually(async () => assert.deepEqual(await areas(help), ["All areas 9", "Calls 5", "Billing 4"]));
  await set(help, "areas", "calls,calls");
  await eventually(async () => assert.equal(await help.getByRole("group", { name: "Areas" }).count(), 0));
  await checkNumber(help, 5);
  await finish(page);
});

test("One unknown area among `areas` is an error, and the others work", async () => {
  const { page, help } = await opened({ areas: "billing,nowhere" });
  await checkResults(help, BILLING);
  assert.deepEqual((await events(page, "error")).map((it) => it.detail.code), ["unknown-area"]);
  await finish(page);
});

test("`query` is the query at first, before anything is loaded as well", async () => {
  const { page, help } = await opened({ query: "captcha", loading: "interaction" });
  assert.equal(await field(help).inputValue(), "captcha");
  await set(help, "query", "401");
  assert.equal(await field(help).inputValue(), "401");
  await ready(help);
  await checkResults(help, ["401 Unauthorized"]);
  assert.equal(await field(help).inputValue(), "401");
  await finish(page);
});

test("`query` can be changed while it runs", async () => {
  const { page, help } = await opened({});
  await checkNumber(help, 20);
  await set(help, "query", "captcha");
  await checkResults(help, [CAPTCHA]);
  assert.equal(await field(help).inputValue(), "captcha");
  await set(help, "query", null);
  await checkNumber(help, 20);
  assert.equal(await field(help).inputValue(), "");
  await finish(page);
});

test("`query` in an area searches that area", async () => {
  const { page, help } = await opened({ area: "billing", query: "captcha" });
  await help.getByText("No answer matches “captcha”").first().waitFor();
  await checkArea(help, "Billing");
  await finish(page);
});

test("`entry` is open at first, even where it is not among the first twenty", async () => {
  const { page, help } = await opened({ entry: "stuck-contacts-clearing-a-stuck-contact" });
  await checkOpen(help, "Clearing a stuck contact");
  await finish(page);
});

test("`entry` is open although query and area would hide it", async () => {
  const { page, help } = await opened({ entry: "billing-charged-twice", area: "members", query: "captcha" });
  await checkOpen(help, "Charged twice");
  await finish(page);
});

test("`entry` can be changed while it runs", async () => {
  const { page, help } = await opened({ entry: "billing-charged-twice" });
  await checkOpenIs(help, "Charged twice");
  await set(help, "entry", "calls-new-calls-not-appearing");
  await checkOpenIs(help, "New calls not appearing");
  await set(help, "entry", null);
  await checkOpenIs(help, null);
  await finish(page);
});

test("An entry that does not exist is an error, and the widget works", async () => {
  const { page, help } = await opened({ entry: "billing-charged-thrice" });
  await checkNumber(help, 20);
  await checkOpenIs(help, null);
  const [error] = await events(page, "error");
  assert.equal(error.detail.code, "unknown-entry");
  assert.match(error.detail.message, /billing-charged-thrice/);
  await finish(page);
});

test("`kb` is the folder of the knowledge base, with or without a slash, seen from the page", async () => {
  for (const kb of ["../kb-languages", "../kb-languages/"]) {
    const { page, help } = await opened({ kb, lang: "nl" });
    await checkNumber(help, 20);
    assert.deepEqual(requests(page, /\/kb/).slice(0, 1), ["/kb-languages/customer.json"]);
    await finish(page);
  }
});

test("`kb` can be changed while it runs", async () => {
  const { page, help } = await opened({});
  await checkNumber(help, 20);
  await search(help, "captcha");
  await checkResults(help, [CAPTCHA]);
  await set(help, "kb", "../kb-languages");
  await eventually(async () => assert.equal((await events(page, "ready")).length, 2));
  await checkResults(help, [CAPTCHA]);
  assert.equal(await field(help).inputValue(), "captcha");
  assert.ok(requests(page).includes("/kb-languages/customer.json"));
  await finish(page);
});

test("`kb` can be changed while the first one loads", async () => {
  const manifest = held("**/kb/customer.json");
  const { page, help } = await opened({ loading: "eager" }, manifest);
  await eventually(async () => assert.equal(requests(page, /\/kb\/customer\.json/).length, 1));
  await help.evaluate((it) => {
    it.lang = "nl";
    it.kb = "../kb-languages";
  });
  manifest.release();
  await checkNumber(help, 20);
  await ready(help);
  assert.deepEqual((await events(page, "ready")).map((it) => it.detail.lang), ["nl"]);
  await finish(page);
});

test("A `kb` that was wrong can be put right", async () => {
  const { page, help } = await opened({ kb: "../nowhere" });
  await eventually(async () => assert.deepEqual((await events(page, "error")).map((it) => it.detail.code), ["kb-not-found"]));
  await set(help, "kb", "../kb");
  await checkNumber(help, 20);
  await finish(page, { console: [/404 \(Not Found\)/] });
});

test("`audience` chooses the build of the knowledge base", async () => {
  const { page, help } = await opened({ audience: "staff" });
  const row = await openAnswer(help, "Charged twice");
  assert.equal(await steps(row).first().textContent(), "Refund the duplicate payment in Stripe.");
  await help.getByRole("link", { name: "On-call Playbook" }).waitFor();
  assert.deepEqual(requests(page, /\/kb\/.*\.json/), ["/kb/staff.json"]);
  await finish(page);
});

test("`audience` can be changed while it runs", async () => {
  const { page, help } = await opened({ query: "charged twice" });
  const first = async () => steps(await openAnswer(help, "Charged twice")).first().textContent();
  assert.match(await first(), /^Ask support to refund the second charge\./);
  const playbook = help.getByRole("link", { name: "On-call Playbook" });
  await set(help, "audience", "staff");
  await playbook.waitFor();
  assert.equal(await first(), "Refund the duplicate payment in Stripe.");
  await set(help, "audience", "customer");
  await playbook.waitFor({ state: "detached" });
  assert.match(await first(), /^Ask support to refund the second charge\./);
  await finish(page);
});

test("A missing audience is `kb-not-found`, never another audience, and can be put right", async () => {
  const { page, help } = await opened({});
  await checkNumber(help, 20);
  await set(help, "audience", "agent");
  await eventually(async () => assert.deepEqual((await events(page, "error")).map((it) => it.detail.code), ["kb-not-found"]));
  await help.getByText("What we wrote ourselves").waitFor();
  await checkNumber(help, 0);
  await set(help, "audience", "customer");
  await checkNumber(help, 20);
  await finish(page, { console: [/404 \(Not Found\)/] });
});

test("The language is the nearest `lang`, through shadow roots; one that is not there falls back", async () => {
  const page = await own.open("/examples/languages.html");
  await page.evaluate(() => {
    const element = document.createElement("unstuck-help");
    element.id = "inside";
    element.setAttribute("kb", "../kb-languages");
    document.querySelector("#shadow").attachShadow({ mode: "open" }).append(element);
  });
  for (const [id, lang] of [["page", "nl"], ["section", "en"], ["own", "nl"], ["region", "nl"], ["unknown", "en"], ["inside", "en"]]) {
    await ready(page.locator(`#${id}`));
    // An event that leaves a shadow root seems to come from its host.
    const at = id === "inside" ? "shadow" : id;
    assert.deepEqual((await events(page, "ready")).filter((it) => it.at === at).map((it) => it.detail.lang), [lang], id);
  }
  await finish(page);
});

test("`lang` can be changed while it runs", async () => {
  const { page, help } = await opened({ kb: "../kb-languages" });
  await checkNumber(help, 20);
  await set(help, "lang", "nl");
  await eventually(async () => assert.deepEqual((await events(page, "ready")).map((it) => it.detail.lang), ["en", "nl"]));
  await checkNumber(help, 20);
  await finish(page);
});

test("Changing the language is no search of the person's", async () => {
  const { page, help } = await opened({ kb: "../kb-languages" });
  await checkNumber(help, 20);
  await search(help, "captcha");
  await eventually(async () => assert.equal((await events(page, "search")).length, 1));
  await set(help, "lang", "nl");
  await eventually(async () => assert.equal((await events(page, "ready")).length, 2));
  await twoPauses();
  assert.equal((await events(page, "search")).length, 1);
  await finish(page);
});

// --- loading ---

/** What is requested before the given moment, and that all of it is after. */
async function checkLoading(page, help, moment) {
  await twoPauses();
  assert.deepEqual(requests(page, LAZY), []);
  await moment();
  await checkAllLoaded(page);
}

async function checkAllLoaded(page) {
  await eventually(async () => assert.equal((await events(page, "ready")).length, 1));
  const files = requests(page, LAZY).map((it) => it.replace(/[0-9a-f]{16}/, "*"));
  assert.deepEqual(files.toSorted(), ["/kb/*.bin", "/kb/customer.json", "/unstuck.wasm", "/widget.js"]);
}

test("`loading` is `visible` by default: what is far below is loaded when it comes into sight", async () => {
  const page = await own.open("/examples/below.html");
  const help = page.locator("#help");
  await checkLoading(page, help, () => help.scrollIntoViewIfNeeded());
  await checkNumber(help, 20);
  await finish(page);
});

test("`loading=visible` does not load what is hidden", async () => {
  const { page, help } = await opened({ loading: "visible", hidden: "" });
  await checkLoading(page, help, () => set(help, "hidden", null));
  await finish(page);
});

test("`loading=eager` loads at once, in sight or not", async () => {
  const { page } = await opened({ loading: "eager", hidden: "" });
  await checkAllLoaded(page);
  await finish(page);
});

test("`loading=idle` loads when the page has nothing to do, in sight or not", async () => {
  const { page } = await opened({ loading: "idle", hidden: "" });
  await checkAllLoaded(page);
  await finish(page);
});

test("`loading=interaction` loads when the field gets the focus", async () => {
  const { page, help } = await opened({ loading: "interaction" });
  await checkLoading(page, help, () => field(help).focus());
  await finish(page);
});

test("`loading=interaction` loads when a child is pressed", async () => {
  const { page, help } = await opened({ loading: "interaction" });
  await checkLoading(page, help, () => help.getByText("What we wrote ourselves").click());
  await finish(page);
});

test("`loading` can be changed while nothing is loaded", async () => {
  const { page, help } = await opened({ loading: "interaction" });
  await checkLoading(page, help, () => set(help, "loading", "eager"));
  await finish(page);
});

test("Reading `ready` starts the loading, and gives the element", async () => {
  const { page, help } = await opened({ loading: "interaction" });
  await checkLoading(page, help, async () => assert.ok(await help.evaluate(async (it) => (await it.ready) === it)));
  await finish(page);
});

test("The search field and the children are there until results replace them", async () => {
  const wasm = held("**/unstuck.wasm");
  const { page, help } = await opened({}, wasm);
  await eventually(async () => assert.equal(requests(page, /unstuck\.wasm/).length, 1));
  await field(help).waitFor();
  await help.getByText("What we wrote ourselves").waitFor();
  await checkNumber(help, 0);
  wasm.release();
  await checkNumber(help, 20);
  assert.equal(await help.getByText("What we wrote ourselves").isVisible(), false);
  await field(help).waitFor();
  await finish(page);
});

test("What is typed before the WASM arrives is kept, searched and reported", async () => {
  const wasm = held("**/unstuck.wasm");
  const { page, help } = await opened({ loading: "interaction" }, wasm);
  await field(help).click();
  await page.keyboard.type("capt");
  await eventually(async () => assert.equal(requests(page, /unstuck\.wasm/).length, 1));
  await page.keyboard.type("cxa");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Backspace");
  wasm.release();
  await checkResults(help, [CAPTCHA]);
  assert.equal(await field(help).inputValue(), "captca");
  // The caret stays where it was: the next key goes there.
  await page.keyboard.type("h");
  await eventually(async () => assert.equal(await field(help).inputValue(), "captcha"));
  assert.equal((await focused(page)).tag, "input");
  await checkResults(help, [CAPTCHA]);
  await checkEvents(page, [READY, ["unstuck-search", { query: "captcha", area: null, count: 1 }]]);
  await finish(page);
});

test("What is typed before the WASM arrives wins over `query`", async () => {
  const wasm = held("**/unstuck.wasm");
  const { page, help } = await opened({ query: "401" }, wasm);
  await search(help, "captcha");
  await set(help, "query", "403");
  wasm.release();
  await checkResults(help, [CAPTCHA]);
  await finish(page);
});

// --- properties ---

test("Every attribute is a property of the same name", async () => {
  const { page, help } = await opened({ loading: "interaction" });
  const seen = await help.evaluate((it) => {
    const problems = [];
    for (const name of ["kb", "areas", "area", "query", "entry", "audience", "lang"]) {
      const before = it[name];
      if (before !== "") problems.push(`${name} is ${JSON.stringify(before)} at first`);
      it[name] = `${name}-1`;
      if (it.getAttribute(name) !== `${name}-1`) problems.push(`setting ${name} does not set the attribute`);
      it.setAttribute(name, `${name}-2`);
      if (it[name] !== `${name}-2`) problems.push(`${name} does not follow the attribute`);
      it[name] = null;
      if (it.hasAttribute(name)) problems.push(`null does not take ${name} away`);
    }
    return problems;
  });
  assert.deepEqual(seen, []);
  assert.equal(await help.evaluate((it) => it.loading), "interaction");
  await finish(page);
});

test("A property set before the element is defined is kept, and is live afterwards", async () => {
  const page = await own.open("/examples/late.html");
  const help = page.locator("#help");
  await help.evaluate((it) => {
    it.area = "billing";
    it.query = "card";
  });
  await page.evaluate(() => import("/unstuck.js").then(() => undefined));
  assert.equal(await help.getAttribute("area"), "billing");
  assert.equal(await field(help).inputValue(), "card");
  await ready(help);
  await checkArea(help, "Billing");
  await help.evaluate((it) => (it.area = "members"));
  await checkArea(help, "Members");
  await finish(page);
});

// --- methods ---

test("`search` gives hits and changes nothing on the page", async () => {
  const { page, help } = await opened({});
  await checkNumber(help, 20);
  const hits = await help.evaluate((it) => it.search("captchas failed login"));
  const [first] = hits;
  assert.deepEqual(Object.keys(first).toSorted(), ["area", "cause", "id", "matched", "score", "symptom"]);
  assert.equal(first.id, "login-access-login-screen-says-captcha-failed");
  assert.equal(first.area, "login-access");
  assert.equal(first.symptom, CAPTCHA);
  assert.equal(first.cause, "The browser is blocking the JavaScript that the captcha needs.");
  assert.ok(Number.isFinite(first.score) && first.score > 0);
  assert.ok(first.matched.includes("captcha"), String(first.matched));
  const scores = hits.map((it) => it.score);
  assert.deepEqual(scores, scores.toSorted((a, b) => b - a));
  // A hit is a plain object: it survives being stored or sent.
  assert.ok(await help.evaluate(async (it) => (await it.search("captcha")).every((hit) => Object.getPrototypeOf(hit) === Object.prototype)));
  await twoPauses();
  await checkNumber(help, 20);
  await checkEvents(page, [READY]);
  await finish(page);
});

test("`search` gives ten hits, or `limit`, or those of an `area`", async () => {
  const { page, help } = await opened({ loading: "interaction" });
  const check = async (options, expected) => {
    const hits = await help.evaluate((it, options) => it.search("call", options), options);
    expected(hits);
  };
  await check(undefined, (hits) => assert.equal(hits.length, 10));
  await check({}, (hits) => assert.equal(hits.length, 10));
  await check({ limit: 3 }, (hits) => assert.equal(hits.length, 3));
  await check({ limit: 100 }, (hits) => assert.ok(hits.length > 10));
  await check({ area: "billing", limit: 100 }, (hits) => {
    assert.ok(hits.length > 0);
    assert.ok(hits.every((it) => it.area === "billing"), JSON.stringify(hits));
  });
  assert.deepEqual(await help.evaluate((it) => it.search("qqqqqq")), []);
  await finish(page);
});

test("`search` without a limit is one with `Infinity`", async () => {
  const { page, help } = await opened({ loading: "interaction" });
  const [all, hundred] = await help.evaluate(async (it) => [await it.search("call", { limit: Infinity }), await it.search("call", { limit: 100 })]);
  assert.equal(all.length, hundred.length);
  await finish(page);
});

test("`search` in an area that does not exist gives no answers of other areas", async () => {
  const { page, help } = await opened({ loading: "interaction" });
  const found = await help.evaluate((it) => it.search("captcha", { area: "biling" }).catch((error) => error.code));
  // Either says so, or finds nothing; the contract has a code for it.
  assert.ok(found === "unknown-area" || found.length === 0, JSON.stringify(found));
  await finish(page);
});

test("`openEntry` opens an entry, and loads what it needs", async () => {
  const { page, help } = await opened({ loading: "interaction" });
  await help.evaluate((it) => it.openEntry("stuck-contacts-clearing-a-stuck-contact"));
  await checkOpen(help, "Clearing a stuck contact");
  await help.evaluate((it) => it.openEntry("billing-charged-twice"));
  await checkOpenIs(help, "Charged twice");
  await checkEvents(page, [READY]);
  await finish(page);
});

test("`openEntry` rejects an entry that does not exist, or not here", async () => {
  const { page, help } = await opened({ areas: "billing" });
  await checkResults(help, BILLING);
  for (const id of ["billing-charged-thrice", "members-cant-add-a-member"]) {
    const error = await help.evaluate((it, id) => it.openEntry(id).then(() => null, ({ code, message }) => ({ code, message })), id);
    assert.equal(error?.code, "unknown-entry", id);
    assert.match(error.message, new RegExp(id));
  }
  await checkOpenIs(help, null);
  assert.deepEqual((await events(page, "error")).map((it) => it.detail.code), ["unknown-entry", "unknown-entry"]);
  await finish(page);
});

test("`reset` starts over: no query, no open entry, the area of the attribute", async () => {
  const { page, help } = await opened({ area: "billing" });
  await checkResults(help, BILLING);
  await area(help, "All areas").click();
  await search(help, "captcha");
  await openAnswer(help, CAPTCHA);
  await help.evaluate((it) => it.reset());
  await checkResults(help, BILLING);
  await checkArea(help, "Billing");
  await checkOpenIs(help, null);
  assert.equal(await field(help).inputValue(), "");
  await finish(page);
});

test("`reset` takes back that more was shown", async () => {
  const { page, help } = await opened({});
  await help.getByRole("button", { name: "Show 23 more" }).click();
  await checkNumber(help, 40);
  await help.evaluate((it) => it.reset());
  await checkNumber(help, 20);
  await finish(page);
});

test("Methods called before anything is loaded wait for it, in a detached element too", async () => {
  const { page } = await opened({ loading: "interaction" });
  const first = await page.evaluate(async () => {
    const element = document.createElement("unstuck-help");
    const [, hits] = await Promise.all([element.reset(), element.search("captcha"), element.openEntry("billing-charged-twice")]);
    return hits[0].symptom;
  });
  assert.equal(first, CAPTCHA);
  await finish(page);
});

// --- events ---

test("A search is reported once the person has paused, and once", async () => {
  const { page, help } = await opened({});
  await checkNumber(help, 20);
  await field(help).pressSequentially("captcha", { delay: 60 });
  await checkEvents(page, [READY, ["unstuck-search", { query: "captcha", area: null, count: 1 }]]);
  await twoPauses();
  await checkEvents(page, [READY, ["unstuck-search", { query: "captcha", area: null, count: 1 }]]);
  await finish(page);
});

test("A search without a match is reported as both", async () => {
  const { page, help } = await opened({ area: "billing" });
  await checkResults(help, BILLING);
  await search(help, " qqqqqq ");
  await checkEvents(page, [
    READY,
    ["unstuck-search", { query: "qqqqqq", area: "billing", count: 0 }],
    ["unstuck-no-match", { query: "qqqqqq", area: "billing" }],
  ]);
  await finish(page);
});

test("Choosing an area with a query is a search at once, without one it is none", async () => {
  const { page, help } = await opened({});
  await area(help, "Billing").click();
  await checkArea(help, "Billing");
  await twoPauses();
  await checkEvents(page, [READY]);
  await search(help, "captcha");
  await checkEvents(page, [READY, ["unstuck-search", { query: "captcha", area: "billing", count: 0 }], ["unstuck-no-match", { query: "captcha", area: "billing" }]]);
  await area(help, "Login & access").click();
  await checkResults(help, [CAPTCHA]);
  assert.deepEqual((await events(page)).at(-1).detail, { query: "captcha", area: "login-access", count: 1 });
  await finish(page);
});

test("An opened entry tells whether it came from a search, an area or a link", async () => {
  const { page, help } = await opened({});
  await openAnswer(help, "Can't get past the 2FA screen");
  const opened2fa = ["unstuck-entry-opened", { id: "login-access-cant-get-past-the-2fa-screen", from: "area" }];
  await checkEvents(page, [READY, opened2fa]);
  // Closing is no event.
  await answer(help, "Can't get past the 2FA screen").click();
  await checkOpenIs(help, null);
  await search(help, "central queue");
  await openAnswer(help, "Contact is stuck in Central Queue");
  const { detail } = (await events(page, "search"))[0];
  assert.deepEqual({ ...detail, count: null }, { query: "central queue", area: null, count: null });
  await help.getByRole("link", { name: "Clear the stuck contact" }).click();
  await checkOpenIs(help, "Clearing a stuck contact");
  await twoPauses();
  await checkEvents(page, [
    READY,
    opened2fa,
    // Who opens a result has finished typing: the search is reported first, and not again after the pause.
    ["unstuck-search", detail],
    ["unstuck-entry-opened", { id: "stuck-contact-or-agent-contact-is-stuck-in-central-queue", from: "search" }],
    ["unstuck-entry-opened", { id: "stuck-contacts-clearing-a-stuck-contact", from: "link" }],
  ]);
  await finish(page);
});

test("What the host sets is not reported", async () => {
  const { page, help } = await opened({ query: "captcha", area: "login-access", entry: "login-access-login-screen-says-captcha-failed" });
  await checkOpenIs(help, CAPTCHA);
  await set(help, "entry", null);
  await set(help, "query", "qqqqqq");
  await set(help, "area", "billing");
  await set(help, "areas", "billing,members");
  await help.evaluate(async (it) => {
    await it.search("qqqqqq");
    await it.openEntry("billing-charged-twice");
    await it.reset();
  });
  await checkResults(help, BILLING);
  await twoPauses();
  await checkEvents(page, [READY]);
  await finish(page);
});

test("Events bubble, leave shadow roots, cannot be cancelled, and their detail is plain", async () => {
  const { page, help } = await opened({ loading: "interaction" });
  await page.evaluate(() => {
    globalThis.kinds = [];
    const names = ["ready", "search", "no-match", "entry-opened", "error"];
    // A host that puts the element into a shadow root of its own.
    const root = document.createElement("div");
    document.body.append(root);
    for (const name of names) {
      root.addEventListener(`unstuck-${name}`, ({ bubbles, composed, cancelable, detail }) => {
        const plain = Object.getPrototypeOf(detail) === Object.prototype && JSON.stringify(structuredClone(detail)) === JSON.stringify(detail);
        globalThis.kinds.push([name, bubbles, composed, cancelable, plain].join());
      });
    }
    root.attachShadow({ mode: "open" }).append(document.querySelector("#help"));
  });
  await help.evaluate((it) => void it.ready);
  await checkNumber(help, 20);
  await search(help, "qqqqqq");
  await eventually(async () => assert.equal((await events(page, "no-match")).length, 1));
  await search(help, "captcha");
  await openAnswer(help, CAPTCHA);
  await set(help, "area", "nowhere");
  await eventually(async () => {
    const kinds = await page.evaluate(() => [...new Set(globalThis.kinds)].toSorted());
    const expected = ["entry-opened", "error", "no-match", "ready", "search"].map((it) => `${it},true,true,false,true`);
    assert.deepEqual(kinds, expected);
  });
  await finish(page);
});

test("A host may change the element while it is being told", async () => {
  const { page, help } = await opened({ kb: "../kb-languages" });
  await checkNumber(help, 20);
  // The listener runs in the middle of the widget's own work.
  await help.evaluate((it) => it.addEventListener("unstuck-entry-opened", () => it.setAttribute("area", "billing"), { once: true }));
  await answer(help, "Can't get past the 2FA screen").click();
  await checkArea(help, "Billing");
  await help.evaluate((it) => it.addEventListener("unstuck-entry-opened", () => it.setAttribute("lang", "nl"), { once: true }));
  await answer(help, "Charged twice").click();
  await eventually(async () => assert.deepEqual((await events(page, "ready")).map((it) => it.detail.lang), ["en", "nl"]));
  await checkResults(help, BILLING);
  await help.evaluate((it) => it.addEventListener("unstuck-entry-opened", () => it.remove(), { once: true }));
  await answer(help, "Charged twice").click();
  await eventually(async () => assert.equal(await help.count(), 0));
  await finish(page);
});

test("A listener of the page that throws does not harm the widget", async () => {
  const { page, help } = await opened({});
  await checkNumber(help, 20);
  await help.evaluate((it) => it.addEventListener("unstuck-entry-opened", () => { throw new Error("the page's own"); }));
  await page.evaluate(() => addEventListener("error", (it) => { globalThis.own = it.message; it.preventDefault(); }));
  await openAnswer(help, "New calls not appearing");
  await openAnswer(help, "Charged twice");
  await checkOpenIs(help, "Charged twice");
  assert.match(await page.evaluate(() => globalThis.own), /the page's own/);
  assert.deepEqual(consoleOf(page), []);
  await finish(page);
});
