// The recipe of docs/events.md, as it stands there: what is recorded, when, and
// what `unstuck gaps` makes of it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { POLICY, UNSTUCK, add, button, events, eventually, finish, folder, openFound, ready, search, site, twoPauses } from "./harness.js";

const [recipe, use] = [...(await readFile("docs/events.md", "utf8")).matchAll(/^```js\n(.*?)^```/gms)].map((it) => it[1]);

/** A host page that copied the recipe. */
const built = site({
  async examples() {
    const path = await folder();
    await writeFile(join(path, "record-events.js"), recipe);
    await writeFile(join(path, "host.js"), use);
    await writeFile(
      join(path, "host.html"),
      `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${POLICY}">
  <title>A page that records events</title>
  <link rel="icon" type="image/svg+xml" href="../site/icon.svg">
  <script type="module" src="../unstuck.js"></script>
  <script type="module" src="host.js"></script>
</head>
<body>
  <p><label><input type="checkbox" id="agree"> You may record what I look for</label></p>
  <main></main>
</body>
</html>
`,
    );
    return path;
  },
});

/** The page with an element, and the lines that its server got. */
async function opened(attributes = {}) {
  const lines = [];
  const prepare = (page) =>
    page.route("**/events", (route) => {
      lines.push(route.request().postData());
      return route.fulfill({ status: 204 });
    });
  const page = await built.open("/examples/host.html", { prepare });
  const element = await add(page, { loading: "eager", ...attributes });
  await ready(element);
  return { page, element, lines };
}

/** What `unstuck gaps` says of some lines. */
async function gaps(lines) {
  const path = join(await folder(), "events.jsonl");
  await writeFile(path, lines.map((it) => `${it}\n`).join(""));
  const { stdout } = await promisify(execFile)(UNSTUCK, ["gaps", path, "kb", "--json"]);
  return JSON.parse(stdout);
}

/** Looks for what is not there, then for what does not help, and asks somebody. */
async function work(page, element) {
  const before = (await events(page, "no-match")).length;
  await search(element, "zeppelin tickets");
  await eventually(async () => assert.equal((await events(page, "no-match")).length, before + 1));
  await search(element, "Charged twice");
  const row = await openFound(element, "Charged twice");
  await button(row, "No").click();
  await eventually(async () => assert.equal((await events(page, "not-resolved")).length, 1));
  await button(row, "Hand over to Support").first().click();
  await row.getByRole("textbox").fill("I was charged twice, and my number is 0123.");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await button(row, "Copy").click();
  await eventually(async () => assert.equal((await events(page, "escalated")).length, 1));
}

test("Once they agree, what was missing and what did not help is recorded, and becomes what to write next", async () => {
  const { page, element, lines } = await opened();
  await search(element, "nothing is recorded yet");
  await twoPauses();
  assert.deepEqual(lines, []);
  await page.getByLabel("You may record what I look for").check();
  await work(page, element);
  await eventually(() => assert.ok(lines.some((it) => it.includes("unstuck-escalated"))));
  for (const it of lines) {
    const { type, time, detail, ...rest } = JSON.parse(it);
    assert.match(type, /^unstuck-/);
    assert.equal(new Date(time).toISOString(), time);
    assert.equal(typeof detail, "object");
    assert.deepEqual(rest, {});
  }
  assert.ok(!lines.join().includes("0123"), "what they wrote to somebody is theirs");
  const { unanswered, unhelpful, bad } = await gaps(lines);
  assert.deepEqual(unanswered.map((it) => [it.query, it.count]), [["zeppelin tickets", 1]]);
  assert.deepEqual(unhelpful.map((it) => [it.id, it.not_resolved, it.escalated]), [["billing-charged-twice", 1, 1]]);
  assert.deepEqual(bad, []);
  // They take it back.
  await page.getByLabel("You may record what I look for").uncheck();
  const before = lines.length;
  await search(element, "zeppelin seats");
  await eventually(async () => assert.equal((await events(page, "no-match")).length, 3));
  await twoPauses();
  assert.equal(lines.length, before);
  await finish(page);
});

test("A private element records no text, and is counted all the same", async () => {
  const { page, element, lines } = await opened({ private: "" });
  await page.getByLabel("You may record what I look for").check();
  await work(page, element);
  await eventually(() => assert.ok(lines.some((it) => it.includes("unstuck-escalated"))));
  for (const word of ["zeppelin", "harged", "0123"]) assert.ok(!lines.join().replaceAll("billing-charged-twice", "").includes(word), word);
  const found = await gaps(lines);
  assert.deepEqual([found.private, found.unanswered, found.unhelpful[0].id], [1, [], "billing-charged-twice"]);
  await finish(page);
});
