// The live preview: what an author saves is on the page a moment later, with
// what is wrong with it and why a search finds what it finds. The native program
// serves it, and that of the package for npm, which has the widget in it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test as nodeTest } from "node:test";
import { promisify } from "node:util";
import { findings as axeFindings, withAxe } from "./axe.js";
import { UNSTUCK, checkNumber, checkOpenIs, eventually, field, finish, folder, installed, openAnswer, results, search, site, steps } from "./harness.js";

const SERVERS = {
  "the native program": async () => ({}),
  Node: async () => ({ command: (await installed()).command, widget: null }),
};
let server;

/** A test, with one server after the other. */
function test(title, check) {
  for (const [name, it] of Object.entries(SERVERS)) {
    nodeTest(`${title} (${name})`, async () => {
      server = await it();
      await check();
    });
  }
}

/** A knowledge base as `unstuck new` makes it, and the preview of it. */
async function started(change = () => {}) {
  const kb = join(await folder(), "kb");
  await promisify(execFile)(UNSTUCK, ["new", kb]);
  await change(kb);
  const preview = site({ kb, ...server });
  const open = async (path = "/", options) => {
    const page = await preview.open(path, options);
    return { page, help: page.locator("unstuck-help") };
  };
  return { kb, open };
}

/** Saves a file as changed. */
async function save(kb, name, change) {
  const path = join(kb, name);
  const text = await readFile(path, "utf8");
  const changed = change(text);
  assert.notEqual(changed, text, "nothing was changed");
  await writeFile(path, changed);
}

const BLANK = "Pages come out blank";
const list = (page) => page.locator("#findings");
const entry = (page) => page.locator("#entry");

test("What is saved is on the page at once; the query and the open answer stay", async () => {
  const { kb, open } = await started();
  const { page, help } = await open();
  await search(help, "blank pages");
  await checkOpenIs(help, BLANK);
  await page.evaluate(() => (globalThis.isSame = true));
  await save(kb, "printing.md", (it) => it.replace("Open the front cover", "Pull the blue lever; Open the front cover"));
  await eventually(async () => assert.match(await steps(help).first().textContent(), /Pull the blue lever/));
  await checkOpenIs(help, BLANK);
  assert.equal(await field(help).inputValue(), "blank pages");
  assert.ok(await page.evaluate(() => globalThis.isSame), "the page was loaded again");
  // Editors save by renaming.
  const text = (await readFile(join(kb, "printing.md"), "utf8")).replace("blue lever", "green lever");
  await writeFile(join(kb, "printing.md~"), text);
  await rename(join(kb, "printing.md~"), join(kb, "printing.md"));
  await eventually(async () => assert.match(await steps(help).first().textContent(), /Pull the green lever/));
  // A file that was not there before.
  await writeFile(join(kb, "coffee.md"), "# Coffee\n\n| Symptom | Cause | Fix |\n|---|---|---|\n| Coffee is cold | The plate is off | Switch the plate on |\n");
  await save(kb, "kb.toml", (it) => it.replace('"moving-desks"]', '"moving-desks", "coffee"]'));
  await search(help, "cold coffee");
  await eventually(async () => assert.deepEqual(await results(help), ["Coffee is cold"]));
  await finish(page);
});

test("The link past the head leads to the answers, and what is open stays open", async () => {
  const { open } = await started();
  const { page, help } = await open();
  await openAnswer(help, BLANK);
  await page.getByRole("link", { name: "Skip to the answers" }).focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "stage");
  assert.match(page.url(), /#unstuck=/);
  await checkOpenIs(help, BLANK);
  await finish(page);
});

test("A finding stands in the list and beside the entry that it is about", async () => {
  const { kb, open } = await started();
  const { page, help } = await open();
  await page.getByText("None: every entry can be found, and nothing is wrong.").waitFor();
  await save(kb, "meeting-rooms.md", (it) => it.replace(/Typical cause: The display.*\n/, ""));
  await list(page).getByText('"The room display stays dark" has no cause').waitFor();
  assert.equal(await page.locator("#findings-title").textContent(), "Findings: 1 warning");
  assert.match(await list(page).locator(".place").textContent(), /^meeting-rooms\.md:3:\d+/);
  assert.ok(await entry(page).isHidden());
  await list(page).getByRole("button", { name: "Show the entry: The room display stays dark" }).click();
  await checkOpenIs(help, "The room display stays dark");
  await entry(page).getByText('"The room display stays dark" has no cause').waitFor();
  // Another entry has nothing of it.
  await search(help, "blank pages");
  await checkOpenIs(help, BLANK);
  await entry(page).getByText("Nothing is wrong with it.").waitFor();
  assert.equal(await entry(page).locator("#entry-place").textContent(), "printing.md:6");
  await finish(page);
});

test("With errors the last version without them stays, and the errors are shown", async () => {
  const { kb, open } = await started();
  const { page, help } = await open();
  await search(help, "blank pages");
  await checkOpenIs(help, BLANK);
  await save(kb, "printing.md", (it) => it.replace(/Open the front cover;[^|]*/, " "));
  await page.getByRole("alert").getByText("1 error keeps it from being built: this is the last version without errors.").waitFor();
  await list(page).getByText(`"${BLANK}" has no resolution`).waitFor();
  // At the entry, which is what it was.
  await entry(page).getByText(`"${BLANK}" has no resolution`).waitFor();
  await checkOpenIs(help, BLANK);
  assert.match(await steps(help).first().textContent(), /Open the front cover/);
  await save(kb, "printing.md", (it) => it.replace(/(\| The toner is empty \|)\s*\|/, "$1 Shake the cartridge |"));
  await page.locator("#behind").waitFor({ state: "hidden" });
  await eventually(async () => assert.match(await steps(help).first().textContent(), /Shake the cartridge/));
  await page.getByText("None: every entry can be found, and nothing is wrong.").waitFor();
  await finish(page);
});

test("What has errors from the beginning is shown as soon as they are gone; a folder that goes away is named", async () => {
  const { kb, open } = await started((kb) => writeFile(join(kb, "coffee.md"), "# Coffee\n\n| Symptom | Fix |\n|---|---|\n| Coffee is cold | |\n"));
  const { page, help } = await open();
  await page.getByText("Nothing to show yet").waitFor();
  await list(page).getByText('"Coffee is cold" has no resolution').waitFor();
  assert.equal(await help.count(), 0);
  await rm(join(kb, "coffee.md"));
  await checkNumber(help, 6);
  await page.getByText("Nothing to show yet").waitFor({ state: "hidden" });
  await rename(kb, `${kb}-away`);
  await page.getByText("It cannot be read: no knowledge base at").waitFor();
  await checkNumber(help, 6);
  await rename(`${kb}-away`, kb);
  await page.locator("#behind").waitFor({ state: "hidden" });
  await finish(page);
});

test("A search is explained: its words, what each entry has of it, and why nothing is an answer", async () => {
  const { open } = await started();
  const { page, help } = await open();
  const verdict = (text) => eventually(async () => assert.match(await page.locator("#verdict").textContent(), text));
  // What is typed in the widget is explained too.
  await search(help, "printer jam again");
  await verdict(/^1 answer, confidence \d+: so clear that the first opens by itself\.$/);
  assert.equal(await page.getByLabel("Explain a search").inputValue(), "printer jam again");
  const words = await page.locator("#words li").allTextContents();
  assert.match(words.join("\n"), /^printer weight \d+\njam weight \d+\nagain says little about a problem/);
  const first = page.locator("#hits > li").first();
  await first.getByRole("button", { name: '"Paper jam" stays on the screen' }).waitFor();
  await first.getByText("answer", { exact: true }).waitFor();
  const row = first.getByRole("row").filter({ hasText: "jam" });
  assert.deepEqual((await row.getByRole("cell").allTextContents())[1], "symptom, alias");
  await first.getByText(/% in its alias “printer jam”, of which 100 % is in the search/).waitFor();
  await page.getByLabel("Explain a search").fill("zeppelin on the printer");
  await verdict(/^No match: confidence -\d+, and an answer needs more than 0\.$/);
  await page.locator("#words li.unknown").getByText("zeppelin").waitFor();
  await page.getByText(/It lacks zeppelin/).first().waitFor();
  // The widget goes its own way, and an entry is opened from here.
  assert.equal(await field(help).inputValue(), "printer jam again");
  await page.locator("#hits").getByRole("button", { name: "Nothing comes out of the printer" }).click();
  await checkOpenIs(help, "Nothing comes out of the printer");
  await finish(page);
});

test("Audience and language are chosen, and stay when the page is loaded again", async () => {
  const { kb, open } = await started(async (kb) => {
    await save(kb, "printing.md", (it) => it.replace("Close the cover and print again", "Close the cover and print again; {audience staff} Write the page count into the log"));
    await mkdir(join(kb, "es"));
    await writeFile(join(kb, "es/meeting-rooms.md"), "# Salas\n\n## La pantalla de la sala sigue oscura {#meeting-rooms-the-room-display-stays-dark}\n\nHas conectado tu ordenador.\n\nCausa: La pantalla muestra otra entrada.\n\nSolución:\n\n- Pulsa **Source**.\n- Comprueba el cable.\n- Pide otro cable.\n");
  });
  const { page, help } = await open();
  const row = await openAnswer(help, BLANK);
  await row.getByText("Close the cover and print again", { exact: true }).waitFor();
  assert.equal(await row.getByText("Write the page count into the log", { exact: true }).count(), 0);
  await page.getByLabel("Audience").selectOption("staff");
  await help.getByText("Write the page count into the log", { exact: true }).waitFor();
  await page.getByLabel("Language").selectOption("es");
  await help.getByText("La pantalla de la sala sigue oscura").waitFor();
  await page.reload();
  await help.getByText("La pantalla de la sala sigue oscura").waitFor();
  await help.getByText("Write the page count into the log", { exact: true }).waitFor();
  assert.deepEqual([await page.getByLabel("Audience").inputValue(), await page.getByLabel("Language").inputValue()], ["staff", "es"]);
  // A finding in a translation belongs to its entry as well.
  await save(kb, "es/meeting-rooms.md", (it) => it.replace("- Pide otro cable.\n", ""));
  await list(page).getByText(/no longer follows the original/).first().waitFor();
  await list(page).getByRole("button", { name: "Show the entry: The room display stays dark" }).first().waitFor();
  await finish(page);
});

test("axe finds nothing in the preview, light and dark, wide and narrow", async () => {
  const { kb, open } = await started();
  const { page, help } = await open("/", { prepare: withAxe, reducedMotion: "reduce" });
  await search(help, "printer jam again");
  await page.locator("#hits > li").first().waitFor();
  await save(kb, "meeting-rooms.md", (it) => it.replace(/Typical cause: A meeting.*\n/, ""));
  await save(kb, "printing.md", (it) => it.replace(/Open tray 2;[^|]*/, " "));
  await page.locator("#behind").waitFor();
  await entry(page).locator(".error").waitFor();
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1200, 320]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      assert.deepEqual(await axeFindings(page), [], `${colorScheme} ${width}`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `wider than ${width} pixels`);
      if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `${colorScheme}-${width}.png`), fullPage: true });
    }
  }
  await finish(page);
});
