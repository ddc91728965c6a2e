// Pictures of the interfaces beside each other, a file a question and width.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { CONTENDERS, SHOWN, versions } from "./contenders.js";
import { NARROW, QUESTIONS, WIDE, again, ask, open } from "./facts.js";

/** A file may have so many bytes. */
const MOST_BYTES = 80_000;

/** How much of their size the pictures keep. */
const SCALES = new Map([[WIDE, 0.64], [NARROW, 0.8]]);

export async function pictures(bench, folder, say) {
  const shown = SHOWN.map((id) => CONTENDERS.find((it) => it.id === id));
  const known = await versions();
  const names = shown.map(({ id, name }) => `${name} ${known[id]}`);
  for (const [kind, question] of Object.entries(QUESTIONS)) {
    for (const [width, viewport] of Object.entries({ wide: WIDE, narrow: NARROW })) {
      const rows = [];
      for (const isDark of [false, true]) {
        const row = [];
        for (const it of shown) row.push(await again(picture, bench, it, question, { viewport, isDark }));
        rows.push(row);
      }
      const path = join(folder, `design-${kind}-${width}.webp`);
      const bytes = await compose(bench, rows, names, viewport);
      await writeFile(path, bytes);
      say(`written: ${path}, ${(bytes.length / 1000).toFixed(1)} kB`);
    }
  }
}

async function picture(bench, contender, question, { viewport, isDark }) {
  const phone = viewport === NARROW && { hasTouch: true, isMobile: true };
  const it = await open(bench, contender, { viewport, ...phone, colorScheme: isDark ? "dark" : "light", variant: { isDark } });
  await ask(it, question);
  const bytes = await it.page.screenshot({ animations: "disabled", caret: "hide", scale: "css" });
  await it.close();
  return `data:image/png;base64,${bytes.toString("base64")}`;
}

/** One picture of all: wide ones in two rows, those of a phone in one. */
async function compose(bench, rows, names, viewport) {
  const scale = SCALES.get(viewport);
  const [width, height] = [Math.round(viewport.width * scale), Math.round(viewport.height * scale)];
  const cells = viewport === WIDE ? rows : [names.flatMap((_, n) => rows.map((row) => row[n]))];
  const span = viewport === WIDE ? 1 : rows.length;
  const columns = cells[0].length;
  const html = `<!doctype html><style>
body { margin: 0; background: #d4d4d8; font: 600 18px system-ui, sans-serif; color: #18181b; }
main { display: grid; grid-template-columns: repeat(${columns}, ${width}px); gap: 12px; padding: 12px; inline-size: max-content; }
h2 { font: inherit; margin: 0; grid-column: span ${span}; }
img { display: block; inline-size: ${width}px; block-size: ${height}px; }
</style><main>${names.map((it) => `<h2>${it}</h2>`).join("")}${cells.flat().map((it) => `<img src="${it}" alt="">`).join("")}</main>`;
  const context = await bench.browser.newContext({ viewport: { width: columns * (width + 12) + 12, height: cells.length * (height + 12) + 52 } });
  const page = await context.newPage();
  await page.setContent(html, { waitUntil: "load" });
  await page.evaluate(() => Promise.all([...document.images].map((it) => it.decode())));
  const devtools = await context.newCDPSession(page);
  let quality = 90;
  let bytes;
  do {
    quality -= 10;
    const { data } = await devtools.send("Page.captureScreenshot", { format: "webp", quality });
    bytes = Buffer.from(data, "base64");
  } while (bytes.length > MOST_BYTES && quality > 20);
  await context.close();
  return bytes;
}
