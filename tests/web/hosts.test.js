// Pages that style everything, or hardly leave room: the widget stays within
// its place, nothing in it overlaps or is cut off, and it can be used.
import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { test } from "node:test";
import { checkLooks } from "./looks.js";
import { IS_FIREFOX, PAGES, add, area, button, checkNumber, checkOpenIs, copy, drawn, finish, openAnswer, search, site, style } from "./harness.js";

const own = site({
  examples: () => copy((pages) => cp("node_modules/@picocss/pico/css/pico.min.css", `${pages}/pico.css`), PAGES),
});

/** Pages with a reference picture each, of an open answer. */
const LOOKS = { "everything unset, with force": "everything-unset", "right to left": "right-to-left", "an element of 240 pixels with huge fonts": "small-and-huge", "a dark page": "dark" };

/** Lengths are rounded where pixels are not whole, in CSS pixels. */
const ROUNDING = 1.5;

/** Pages: what their stylesheet says, and what else they are. */
const HOSTS = [
  ["everything unset", { css: "* { all: unset }" }],
  ["everything unset, with force", { css: "* { all: unset !important }" }],
  ["every box measured by its content", { css: "* { box-sizing: content-box !important }" }],
  ["huge fonts", { css: "html { font-size: 40px } body { font: 2rem/2.5 serif }" }],
  ["tiny fonts", { css: "html { font-size: 6px } body { font: 1rem/1 monospace }" }],
  ["wide letters, capitals, indents, everything centred", { css: "body { letter-spacing: 0.3em; word-spacing: 1em; text-transform: uppercase; text-indent: 4em; text-align: center; white-space: nowrap }" }],
  ["rules for every button, field and list", { css: "button, input, ol, li, p, h2, div, section, label, a { position: absolute !important; inset: 0 !important; padding: 3em !important; border: 9px solid red !important; float: right !important }" }],
  ["a CSS framework", { sheet: "pico.css" }],
  ["right to left", { page: { dir: "rtl" } }],
  ["twice the zoom", { css: "html { zoom: 2 }" }],
  ["half the zoom", { css: "html { zoom: 0.5 }" }],
  ["a dark page", { css: ":root { color-scheme: dark }", colorScheme: "dark" }],
  ["a page of 320 pixels", { viewport: { width: 320, height: 640 } }],
  ["an element of 240 pixels", { css: "#help { display: block; inline-size: 240px }" }],
  ["an element of 240 pixels with huge fonts", { css: "html { font-size: 28px } #help { display: block; inline-size: 240px }" }],
  ["a flex row without room", { css: "main { display: flex } #help { min-inline-size: 0; flex: 1 } main::before { content: 'x'; flex: 0 0 900px }" }],
  ["a grid", { css: "main { display: grid; grid-template-columns: 1fr 20rem }" }],
  ["columns", { css: "main { columns: 2 }" }],
];

/** What is wrong with where things are: nothing, where all is well. */
function flaws(host, rounding) {
  const found = [];
  const root = host.shadowRoot;
  const seen = [...root.querySelectorAll("*")].filter((it) => it.checkVisibility({ visibilityProperty: true }) && !it.closest(".hidden, slot"));
  const box = root.querySelector(".box").getBoundingClientRect();
  const name = (it) => `${it.localName}.${it.className} “${it.textContent.trim().slice(0, 30)}”`;
  for (const it of seen) {
    const { left, right, width, height } = it.getBoundingClientRect();
    if (!width || !height) continue;
    // A line of areas can be pushed along.
    if (it.closest(".area")) continue;
    if (left < box.left - rounding || right > box.right + rounding) found.push(`${name(it)} leaves the element: ${left}–${right} of ${box.left}–${box.right}`);
    if (it.localName === "button" && it.scrollWidth > it.clientWidth + rounding) found.push(`${name(it)} is cut off`);
  }
  const controls = seen.filter((it) => it.matches("button, input:not([type=checkbox]), [part~=status]") && !it.matches(".clear"));
  const rects = controls.map((it) => [it, it.getBoundingClientRect()]).filter(([, it]) => it.width && it.height);
  for (const [at, [one, a]] of rects.entries()) {
    for (const [other, b] of rects.slice(at + 1)) {
      const over = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const under = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (over > rounding && under > rounding && !one.contains(other)) found.push(`${name(one)} and ${name(other)} lie over each other`);
    }
  }
  return found;
}

for (const [name, { css, sheet, page: attributes = {}, ...options }] of HOSTS) {
  test(`Geometry on ${name}`, async () => {
    const page = await own.open("/examples/blank.html", options);
    if (css) await style(page, css);
    await page.evaluate(
      ([sheet, attributes]) => {
        for (const name in attributes) document.documentElement.setAttribute(name, attributes[name]);
        if (!sheet) return;
        const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: sheet });
        document.head.append(link);
        return new Promise((done) => (link.onload = done));
      },
      [sheet, attributes],
    );
    const help = await add(page, {});
    await checkNumber(help, 20);
    const check = async (state) => {
      await drawn(page);
      assert.deepEqual(await help.evaluate(flaws, ROUNDING), [], state);
    };
    await check("all answers");
    await area(help, "Billing").click();
    await openAnswer(help, "Invoice past due");
    await check("an open answer");
    // Firefox draws its own letters.
    if (name in LOOKS && !IS_FIREFOX) await checkLooks(page, help, `host-${LOOKS[name]}`);
    await button(help, "No").click();
    await check("what comes next");
    await search(help, "xyzzy plugh");
    await check("no answer");
    await search(help, "");
    await area(help, "Stuck contacts").click();
    await openAnswer(help, "Clearing a stuck contact");
    await check("a guide");
    await checkOpenIs(help, "Clearing a stuck contact");
    await finish(page);
  });
}
