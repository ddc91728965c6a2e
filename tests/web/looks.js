// Reference pictures: what something looks like, compared with what somebody
// looked at and kept in tests/web/looks/. UPDATE_LOOKS=1 keeps what is there now.
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";
import { drawn } from "./harness.js";

const FOLDER = new URL("looks/", import.meta.url);
const OUT = new URL("out/", import.meta.url);

/** How much of a picture may differ: where edges of letters are smoothed, another processor rounds otherwise. */
const TOLERANCE = 0.002;

/** How much of a tall part is kept, in pixels: what is seen at once. */
const HEIGHT = 800;

/** The upper part of a picture. */
function top(bytes) {
  const whole = PNG.sync.read(bytes);
  const part = new PNG({ width: whole.width, height: Math.min(whole.height, HEIGHT) });
  PNG.bitblt(whole, part, 0, 0, part.width, part.height, 0, 0);
  return part;
}

/** What letters look like here: a machine with other fonts draws other pictures, and compares none. */
function fonts(page) {
  return page.evaluate(() => {
    const context = document.createElement("canvas").getContext("2d");
    return ["serif", "sans-serif", "monospace", "system-ui"].map((family) => {
      context.font = `40px ${family}`;
      return context.measureText("Ünstuck 0123 – مرحبا 日本").width.toFixed(2);
    });
  });
}

/** A part of a page looks as it did. What is moving is at its end, and nothing blinks. */
export async function checkLooks(page, part, name) {
  await drawn(page);
  const now = top(await part.screenshot({ animations: "disabled", caret: "hide", scale: "css" }));
  const taken = PNG.sync.write(now, { colorType: 2, deflateLevel: 9, deflateStrategy: 0, filterType: 0 });
  const [picture, known] = [new URL(`${name}.png`, FOLDER), new URL("fonts.json", FOLDER)];
  const here = await fonts(page);
  if (process.env.UPDATE_LOOKS === "1") {
    await mkdir(FOLDER, { recursive: true });
    await writeFile(picture, taken);
    await writeFile(known, `${JSON.stringify(here)}\n`);
    return;
  }
  if (JSON.stringify(JSON.parse(await readFile(known, "utf8"))) !== JSON.stringify(here)) {
    console.log(`${name} is not compared: the fonts are not those of the reference pictures`);
    return;
  }
  const before = PNG.sync.read(await readFile(picture));
  assert.deepEqual([now.width, now.height], [before.width, before.height], `${name} has another size; look at it, and keep it with UPDATE_LOOKS=1`);
  const difference = new PNG({ width: now.width, height: now.height });
  const changed = pixelmatch(before.data, now.data, difference.data, now.width, now.height, { threshold: 0.1 });
  if (changed <= TOLERANCE * now.width * now.height) return;
  await mkdir(OUT, { recursive: true });
  await writeFile(new URL(`${name}.png`, OUT), taken);
  await writeFile(new URL(`${name}.difference.png`, OUT), PNG.sync.write(difference));
  assert.fail(`${name} looks another way (${changed} pixels): compare tests/web/out/${name}.difference.png, and keep it with UPDATE_LOOKS=1`);
}
