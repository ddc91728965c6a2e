// The workbench: a knowledge base is written, checked, seen and downloaded in
// the browser, and what is downloaded is what the command line writes.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { findings as axeFindings, withAxe } from "./axe.js";
import { PACKAGE, UNSTUCK, button, checkNumber, checkResults, drawn, eventually, finish, folder, openAnswer, press, requests, search, site, tabTo } from "./harness.js";

const run = promisify(execFile);
const built = site();

/** Under which name it keeps what was written. */
const KEPT = ["unstuck-workbench"];

/** The page, once the example is shown. */
async function opened(options) {
  const page = await built.open("/workbench.html", options);
  const help = page.locator("#help");
  await checkNumber(help, 6);
  return { page, help, text: textOf(page) };
}

const textOf = (page) => page.getByRole("textbox", { name: /^Text of / });
const files = (page) => page.getByRole("list", { name: "Files" }).getByRole("button");
const names = (page) => files(page).locator(".path").allTextContents();
const checkNames = (page, expected) => eventually(async () => assert.deepEqual(await names(page), expected));
const choose = (page, name) => files(page).filter({ hasText: name }).click();

/** The findings as they are listed: severity, code, words, hint and place. */
const findings = (page) =>
  page.locator("#findings > li").evaluateAll((all) =>
    all.map((it) => [
      it.className,
      it.querySelector(".message > code:last-child").textContent,
      it.querySelector(".message").textContent,
      it.querySelector(".hint")?.textContent ?? null,
      it.querySelector(".place").textContent,
    ]),
  );

/** The same of what `unstuck check` says of files. */
async function checked(written) {
  const kb = await folder();
  for (const [path, bytes] of Object.entries(written)) {
    await mkdir(dirname(join(kb, path)), { recursive: true });
    await writeFile(join(kb, path), bytes);
  }
  const { stdout } = await run(UNSTUCK, ["check", kb, "--format", "json"]).catch((error) => error);
  const plain = (text) => text.replaceAll("`", "");
  const said = JSON.parse(stdout).map((it) => [it.severity, it.code, `${it.severity} ${plain(it.message)} ${it.code}`, it.hint && plain(it.hint), `${it.file}:${it.line}:${it.column}`]);
  return [...said.filter(([severity]) => severity === "error"), ...said.filter(([severity]) => severity !== "error")];
}

/** What is downloaded when a button is pressed: the name, and the files by path. */
async function downloaded(page, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), button(page, name).click()]);
  const unpacked = unzipSync(await readFile(await download.path()));
  return { name: download.suggestedFilename(), files: Object.fromEntries(Object.entries(unpacked).map(([path, bytes]) => [path, Buffer.from(bytes)])) };
}

/** All files below a folder, by path. */
async function contents(of) {
  const found = (await readdir(of, { recursive: true, withFileTypes: true })).filter((it) => it.isFile());
  return Object.fromEntries(await Promise.all(found.map(async (it) => [join(it.parentPath, it.name).slice(of.length + 1), await readFile(join(it.parentPath, it.name))])));
}

const sorted = (files) => Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));

test("It begins with what `unstuck new` writes, shown and without a finding", async () => {
  const { page, help } = await opened();
  const starter = join(await folder(), "kb");
  await run(UNSTUCK, ["new", starter]);
  await page.getByText("every one can be found, and nothing is wrong").waitFor();
  assert.deepEqual((await downloaded(page, "Download the sources")).files, await contents(starter));
  await search(help, "paper jam");
  await checkNumber(help, 1);
  await finish(page);
});

const WRONG = "# Coffee\n\nSome text.\n\nMore text.\n\n| Symptom | Cause | What to do |\n|---|---|---|\n| No coffee | Empty | |\n| Cold ☕ coffee | Off | Call ana@example.com. |\n| No coffee | Empty | Look at [it](#nowhere); Wait. |\n";

test("What is written is checked as `unstuck check` does: the same words, codes and places", async () => {
  const { page } = await opened();
  await page.getByLabel("New file").fill("coffee");
  await button(page, "Add").click();
  await textOf(page).fill(WRONG);
  const written = { ...(await contents(new URL("../../src/kb/starter", import.meta.url).pathname)), "coffee.md": WRONG };
  const expected = await checked(written);
  assert.ok(expected.length > 3, "there is something to say");
  await eventually(async () => assert.deepEqual(await findings(page), expected));
  await page.getByRole("heading", { name: /^Findings: \d errors?, \d warnings?$/ }).waitFor();
  await finish(page, { stored: KEPT });
});

test("A finding leads to its place in the text", async () => {
  const { page, text } = await opened();
  await page.getByLabel("New file").fill("coffee.md");
  await button(page, "Add").click();
  await text.fill(`# Coffee\n\n| Symptom | What to do |\n|---|---|\n${"| Filler | Wait for it, and then look again and again and again. |\n".repeat(80)}| 😀 cold | |\n`);
  await choose(page, "printing.md");
  await page.getByRole("button", { name: /^coffee\.md:85:/ }).first().click();
  const [selected, isInSight] = await text.evaluate((it) => {
    const { value, selectionStart, selectionEnd, scrollTop, scrollHeight, clientHeight } = it;
    return [value.slice(selectionStart, selectionEnd), scrollTop + clientHeight > scrollHeight - 100];
  });
  assert.match(selected, /😀 cold|^$/);
  assert.ok(isInSight, "the last line is in sight");
  assert.equal(await page.evaluate(() => document.activeElement.id), "text");
  await page.getByText(/^Line 85, column \d+$/).waitFor();
  await finish(page, { stored: KEPT });
});

test("While there are errors the last version without them stays, and the page says so", async () => {
  const { page, help, text } = await opened();
  await choose(page, "printing.md");
  const good = await text.inputValue();
  await openAnswer(help, (await help.getByRole("heading").getByRole("button").allTextContents())[0]);
  await text.fill(`${good}| Broken row | \n`);
  const behind = page.getByRole("alert");
  await behind.getByText("1 error keeps it from being built: this is the last version without errors.").waitFor();
  await checkNumber(help, 6);
  // What was open stays open.
  assert.equal(await help.getByRole("button", { expanded: true }).count(), 1);
  await button(page, "Download the knowledge base").click();
  await page.getByText("Nothing was built: see the findings.").waitFor();
  await text.fill(`${good}| Broken row | It is loose | Tighten it. |\n`);
  await checkNumber(help, 7);
  assert.equal(await behind.count(), 0);
  assert.equal(await help.getByRole("button", { expanded: true }).count(), 1);
  await finish(page, { stored: KEPT });
});

test("Of what is typed fast the newest is shown, and the page never stands still", async () => {
  const { page, help, text } = await opened();
  await button(page, "Start empty").click();
  await text.fill("# Tea\n\n| Symptom | What to do |\n|---|---|\n| ");
  await text.press("Control+End");
  await page.evaluate(() => {
    globalThis.longest = 0;
    let last = performance.now();
    const step = (now) => {
      globalThis.longest = Math.max(globalThis.longest, now - last);
      last = now;
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
  await page.keyboard.type("The tea is cold | Heat it. |", { delay: 15 });
  await checkResults(help, ["The tea is cold"]);
  const longest = await page.evaluate(() => globalThis.longest);
  console.log(`longest frame ${Math.round(longest)} ms`);
  await finish(page, { stored: KEPT });
});

test("Nothing is asked of anybody once the page is there: it works when the server has gone", async () => {
  const gone = site();
  const page = await gone.open("/workbench.html");
  const help = page.locator("#help");
  await checkNumber(help, 6);
  await page.waitForLoadState("networkidle");
  await gone.stop();
  const before = requests(page).length;
  await button(page, "Start empty").click();
  await textOf(page).fill("# Té\n\n| Symptom | What to do |\n|---|---|\n| The tea is cold | Heat it. |\n| The tea is bitter | Steep it for less time. |\n");
  await checkResults(help, ["The tea is cold", "The tea is bitter"]);
  await search(help, "bitter");
  await openAnswer(help, "The tea is bitter");
  await page.getByLabel("Audience").selectOption("staff");
  await downloaded(page, "Download the sources");
  const { files } = await downloaded(page, "Download the knowledge base");
  assert.ok("staff.json" in files);
  // The icon is the browser's own business, whenever the address changes.
  assert.deepEqual(requests(page).slice(before).filter((it) => !it.startsWith("blob:") && it !== "/site/icon.svg"), []);
  await page.context().close();
});

/** Compiles a folder by opening it, for each audience. */
async function throughThePage(kb, audiences) {
  const { page } = await opened();
  page.setDefaultTimeout(process.env.CORPORA ? 600_000 : 60_000);
  await page.locator("#folder-input").setInputFiles(kb);
  await page.getByText(/\d files were opened\./).waitFor();
  const made = {};
  for (const audience of audiences) {
    await page.getByLabel("Audience").selectOption(audience);
    const { name, files } = await downloaded(page, "Download the knowledge base");
    assert.equal(name, `kb-${audience}.zip`);
    made[audience] = sorted(files);
  }
  return { page, made };
}

/** The command of the package for npm, installed. */
async function installed() {
  const project = await folder();
  await writeFile(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await run("npm", ["install", "--offline", "--no-fund", "--no-audit", PACKAGE], { cwd: project });
  return join(project, "node_modules/unstuck/unstuck-command.js");
}

async function checkIdentical(kb, audiences) {
  const command = await installed();
  const { page, made } = await throughThePage(kb, audiences);
  for (const audience of audiences) {
    const [native, node] = await Promise.all([folder(), folder()]);
    await run(UNSTUCK, ["build", kb, "--out", native, "--audience", audience], { maxBuffer: 1 << 28 });
    await run(process.execPath, [command, "build", kb, "--out", node, "--audience", audience], { maxBuffer: 1 << 28 });
    const expected = sorted(await contents(native));
    assert.deepEqual(Object.keys(made[audience]), Object.keys(expected), audience);
    assert.deepEqual(made[audience], expected, audience);
    assert.deepEqual(sorted(await contents(node)), expected, audience);
  }
  return page;
}

test("The browser, Node and the native program build the same bytes, for every audience and language", async () => {
  const page = await checkIdentical("kb", ["customer", "agent", "staff"]);
  const help = page.locator("#help");
  assert.deepEqual(await page.getByLabel("Language").locator("option").allTextContents(), ["en", "es"]);
  await page.getByLabel("Language").selectOption("es");
  // The element speaks the language too.
  await help.getByRole("searchbox", { name: /^Busca/ }).fill("factura");
  await help.getByRole("heading").getByRole("button", { name: /factura/i }).first().waitFor();
  // The pictures are those that were opened.
  await page.getByLabel("Language").selectOption("en");
  await choose(page, "images/contact-options.svg");
  await page.getByRole("img", { name: "images/contact-options.svg" }).waitFor();
  await finish(page, { stored: KEPT });
});

test("So do they for thousands of real entries", { skip: !process.env.CORPORA && "CORPORA names no folder with entries.jsonl.gz" }, async () => {
  const { knowledgeBase, real } = await import("../../bench/corpora.js");
  const kb = join(await folder(), "kb");
  await knowledgeBase(await real(process.env.CORPORA, Number(process.env.ENTRIES ?? 12441)), kb);
  const start = performance.now();
  const page = await checkIdentical(kb, ["customer"]);
  console.log(`the same bytes three times, in ${Math.round(performance.now() - start)} ms`);
  await page.context().close();
});

test("Files are added, renamed and removed, and what was removed can be had back", async () => {
  const { page, text } = await opened();
  const beginning = ["kb.toml", "meeting-rooms.md", "move-your-desk.md", "printing.md", "vocabulary.toml"];
  await checkNames(page, beginning);
  await page.getByLabel("New file").fill("coffee.doc");
  await button(page, "Add").click();
  await page.getByText("“coffee.doc” cannot be read").waitFor();
  await page.getByLabel("New file").fill("printing.md");
  await button(page, "Add").click();
  await page.getByText("There is a file printing.md already.").waitFor();
  await page.getByLabel("New file").fill("es/coffee");
  await button(page, "Add").click();
  await checkNames(page, [...beginning, "es/coffee.md"]);
  await text.fill("Hola");
  await page.getByLabel("File name").fill("tea.md");
  await button(page, "Rename").click();
  await checkNames(page, ["kb.toml", "meeting-rooms.md", "move-your-desk.md", "printing.md", "tea.md", "vocabulary.toml"]);
  assert.equal(await text.inputValue(), "Hola");
  await button(page, "Remove").click();
  await checkNames(page, beginning);
  await button(page, "Put it back").click();
  await checkNames(page, ["kb.toml", "meeting-rooms.md", "move-your-desk.md", "printing.md", "tea.md", "vocabulary.toml"]);
  assert.equal(await text.inputValue(), "Hola");
  // What takes the place of everything can be undone too.
  await button(page, "Start empty").click();
  await checkNames(page, ["answers.md"]);
  await text.fill("Written meanwhile");
  await button(page, "Put it back").click();
  assert.equal(await text.inputValue(), "Hola");
  // And so can that.
  await button(page, "Put it back").click();
  assert.equal(await text.inputValue(), "Written meanwhile");
  await finish(page, { stored: KEPT });
});

test("Sources come back as they were, byte for byte, whatever their line ends and encoding", async () => {
  const kb = await folder();
  const written = {
    "kb.toml": Buffer.from('title = "T"\n'),
    "a.md": Buffer.from("\ufeff# A\r\n\r\n| Symptom | Fix |\r\n|---|---|\r\n| One | Look. |\r\n"),
    "latin.md": Buffer.from([35, 32, 0xe9, 10]),
    "images/a.png": Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 255]),
  };
  await mkdir(join(kb, "images"));
  for (const [path, bytes] of Object.entries({ ...written, "notes.docx": "no", ".hidden.md": "no" })) await writeFile(join(kb, path), bytes);
  const { page, text } = await opened();
  await page.locator("#folder-input").setInputFiles(kb);
  await page.getByText("4 files were opened. Not read: notes.docx").waitFor();
  assert.deepEqual(sorted((await downloaded(page, "Download the sources")).files), sorted(written));
  // What is not UTF-8 is a finding, as on a disk, and cannot be written over by accident.
  await eventually(async () => assert.deepEqual(await findings(page), await checked(written)));
  await choose(page, "latin.md");
  assert.equal(await text.evaluate((it) => it.readOnly), true);
  await choose(page, "a.md");
  await text.fill("# A\n\n| Symptom | Fix |\n|---|---|\n| Two | Look. |\n");
  const { files } = await downloaded(page, "Download the sources");
  assert.equal(files["a.md"].toString(), "\ufeff# A\r\n\r\n| Symptom | Fix |\r\n|---|---|\r\n| Two | Look. |\r\n");
  await finish(page, { stored: KEPT });
});

test("What was written is there after a reload, and closing asks first", async () => {
  const { page, text } = await opened();
  // Nothing is kept of what nobody has written.
  assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage)), []);
  await choose(page, "printing.md");
  await text.fill(`${await text.inputValue()}| The printer hums | It is old | Ignore it. |\n`);
  const asked = new Promise((done) => page.once("dialog", (it) => (done(it.type()), it.accept())));
  await page.reload();
  assert.equal(await asked, "beforeunload");
  await page.getByText("This is what you wrote before the page was loaded again.").waitFor();
  await checkNumber(page.locator("#help"), 7);
  assert.match(await text.inputValue(), /The printer hums/);
  // What was downloaded need not be asked about.
  await downloaded(page, "Download the sources");
  await page.reload();
  await checkNumber(page.locator("#help"), 7);
  await finish(page, { stored: KEPT });
});

test("Files and folders that are dropped are opened", async () => {
  const { page } = await opened();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(["# Tea\n\n| Symptom | Fix |\n|---|---|\n| The tea is cold | Heat it. |\n"], "tea.md"));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await checkNames(page, ["tea.md"]);
  await checkResults(page.locator("#help"), ["The tea is cold"]);
  await finish(page, { stored: KEPT });
});

test("A knowledge base without an entry says what to write", async () => {
  const { page } = await opened();
  await button(page, "Start empty").click();
  await page.getByText("There is no entry: write a table with the columns Symptom, Likely cause, What to do into a file that ends in .md.").waitFor();
  await page.getByRole("alert").getByText("There is no entry: this is the last version without errors.").waitFor();
  await finish(page);
});

test("Where the compiler cannot be loaded the page says so, and tries again with what is done next", async () => {
  let isDown = true;
  const prepare = (page) => page.context().route(/compiler\.wasm/, (route) => (isDown ? route.abort() : route.continue()));
  const page = await built.open("/workbench.html", { prepare });
  await page.getByText(/^The compiler cannot be loaded: /).waitFor();
  await button(page, "Start with the example").click();
  await page.getByText(/^That did not work: /).waitFor();
  isDown = false;
  await button(page, "Start with the example").click();
  await checkNumber(page.locator("#help"), 6);
  await finish(page);
});

test("All of it is done by keyboard", async () => {
  const { page, text } = await opened();
  await press(page, "Tab", "Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "text");
  await page.keyboard.insertText("# Printing\n\n| Symptom | Fix |\n|---|---|\n| No paper | |\n\n");
  await page.getByRole("heading", { name: /^Findings: / }).waitFor();
  await tabTo(page, /^Download the sources$/, "Shift+Tab");
  await tabTo(page, /^printing\.md$/);
  await press(page, "Enter");
  assert.match(await text.inputValue(), /^# Printing/);
  await finish(page, { stored: KEPT });
});

test("axe finds nothing, light and dark, wide and narrow, from right to left", async () => {
  const page = await built.open("/workbench.html", { prepare: withAxe });
  await checkNumber(page.locator("#help"), 6);
  await page.getByLabel("New file").fill("coffee");
  await button(page, "Add").click();
  await textOf(page).fill(WRONG);
  await page.getByRole("heading", { name: /^Findings: / }).waitFor();
  for (const direction of ["ltr", "rtl"]) {
    await page.evaluate((dir) => (document.documentElement.dir = dir), direction);
    for (const colorScheme of ["light", "dark"]) {
      for (const width of [1200, 320]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await drawn(page);
        assert.deepEqual(await axeFindings(page), [], `${direction} ${colorScheme} ${width}`);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `it is wider than ${width} pixels`);
      }
    }
  }
  await page.context().close();
});
