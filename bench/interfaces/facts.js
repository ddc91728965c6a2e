// What is measured of an interface: each function opens pages of its own and
// gives what was seen there.
import { PNG } from "pngjs";

import { findings, withAxe } from "../../tests/web/axe.js";
import { stand } from "./algolia.js";
import { PAGE } from "./content.js";
import { look } from "./look.js";

/** The three questions: a keyword, a sentence, and one that nothing is an answer to. */
export const QUESTIONS = {
  keyword: "invoice",
  sentence: "it says my credentials are not right",
  nothing: "printer out of paper",
};

export const WIDE = { width: 1000, height: 700 };
export const NARROW = { width: 320, height: 640 };

/** Between two keys, in milliseconds. */
const TYPING = 30;

/** After that all is on the screen that comes by itself, in milliseconds. */
const CALM = 1_500;

/** Longer than any of it takes, in milliseconds. */
const PATIENCE = 15_000;

/** So many keys are pressed at most on the way to an answer. */
const MOST_KEYS = 60;

/** Once more where a key got lost, or a page did not come in time: each of these opens pages of its own. */
export async function again(does, ...given) {
  for (let left = 2; ; left--) {
    try {
      return await does(...given);
    } catch (error) {
      if (left === 0) throw error;
      console.error(`interfaces: once more: ${given[1].id}, ${does.name}: ${error.message.split("\n")[0]}`);
    }
  }
}

/**
 * One interface to be looked at: `bench` has the browser, the server, the
 * entries and Algolia's records; `variant` is of the page, `options` of the
 * browser's context.
 */
export async function open(bench, contender, { variant = {}, isCutOff = false, mayFail = false, ...options } = {}) {
  const context = await bench.browser.newContext({ viewport: WIDE, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await withAxe(page);
  await page.addInitScript(look);
  await page.addInitScript(() => {
    globalThis.refused = [];
    document.addEventListener("securitypolicyviolation", (it) => globalThis.refused.push(it.effectiveDirective));
  });
  const elsewhere = new Set();
  const asked = isCutOff ? [] : await stand(page, bench.records);
  page.on("request", (it) => it.url().startsWith("http") && elsewhere.add(new URL(it.url()).host));
  // What the stand-in does not answer goes nowhere.
  await context.route((url) => url.protocol.startsWith("http") && url.origin !== bench.server.origin, (route) => route.abort());
  bench.server.sent = [];
  await page.goto(bench.address(contender, variant));
  const shown = page.waitForSelector(contender.launcher ?? contender.field, { state: "visible", ...(mayFail && { timeout: 3 * CALM }) });
  await (mayFail ? shown.catch(() => {}) : shown);
  const close = () => context.close();
  return { page, context, asked, elsewhere, close, contender };
}

/** Puts a question with the keyboard, and waits until all has come. Keys but for the question itself. */
export async function ask({ page, contender }, question) {
  for (const key of contender.keys) await page.keyboard.press(key);
  await page.waitForSelector(contender.field, { state: "visible" });
  await page.waitForFunction(() => globalThis.look.focused()?.localName === "input");
  await page.evaluate(() => globalThis.look.listen());
  await type(page, question);
  return contender.keys.length;
}

async function type(page, question) {
  await page.keyboard.type(question, { delay: TYPING });
  await page.waitForFunction((question) => globalThis.look.focused()?.value === question, question, { timeout: 3 * CALM });
  await page.waitForTimeout(CALM);
}

/** An interface with a question in it. */
async function asked(bench, contender, question, options) {
  const it = await open(bench, contender, options);
  await ask(it, question);
  return it;
}

/** For each answer that is on the screen: its entry, and what of the entry can be read there. */
async function answersOf({ page, contender }, entries) {
  const rows = page.locator(contender.answers);
  return rows.evaluateAll(
    (rows, [entries, pattern]) => {
      const { bare } = globalThis.look;
      const known = new Map();
      return rows.map((row) => {
        const shown = bare(globalThis.look.visibleText(row, known));
        const href = row.querySelector("a[href]")?.getAttribute("href") ?? "";
        const id = new RegExp(pattern).exec(href)?.[1];
        const entry = entries.find((it) => it.id === id) ?? entries.find((it) => row.textContent.includes(it.symptom));
        const isRead = (text) => Boolean(text) && shown.includes(bare(text));
        return { id: entry?.id, isShown: shown.length > 0, cause: isRead(entry?.causes[0]), step: isRead(entry?.steps[0].text) };
      });
    },
    [entries, PAGE.source],
  );
}

/** What is on the screen for a question. */
export async function onScreen(bench, contender, question, viewport) {
  const it = await asked(bench, contender, question, { viewport, ...(viewport === NARROW && { hasTouch: true, isMobile: true }) });
  const rows = await answersOf(it, bench.entries);
  const shown = rows.filter((row) => row.isShown);
  const ids = (list) => [...new Set(list.map((row) => row.id))];
  const seen = {
    rows: rows.length,
    entries: ids(rows).length,
    rowsShown: shown.length,
    entriesShown: ids(shown).length,
    withCause: ids(shown.filter((row) => row.cause)).length,
    withStep: ids(shown.filter((row) => row.step)).length,
    first: rows[0]?.id,
    said: await it.page.evaluate(() => globalThis.lastSaid),
    text: await it.page.locator(contender.ui).first().evaluate((ui) => globalThis.look.visibleText(ui)),
    controls: await it.page.locator(contender.ui).first().evaluate((ui) => globalThis.look.controls(ui).filter((it) => it.localName !== "input").map((it) => globalThis.look.nameOf(it))),
  };
  await it.close();
  return seen;
}

/** The first step of an entry can be read on the screen, wherever the person is by now. */
function isStepShown(page, step) {
  return page.evaluate((step) => globalThis.look.bare(globalThis.look.visibleText(document.body)).includes(globalThis.look.bare(step)), step);
}

async function comesTo(page, step) {
  const end = Date.now() + CALM;
  do {
    // The page may just be changing.
    if (await isStepShown(page, step).catch(() => false)) return true;
    await page.waitForTimeout(50);
  } while (Date.now() < end);
  return false;
}

/** The shortest ways to the first step of the first answer: keys and clicks but for the question itself. */
export async function ways(bench, contender, question) {
  const stepOf = async (it) => {
    const [first] = await answersOf(it, bench.entries);
    return bench.entries.find(({ id }) => id === first?.id)?.steps[0].text;
  };
  const byKeys = [];
  for (const chosen of ["nothing", "Enter", "ArrowDown", "Tab"]) {
    const it = await open(bench, contender);
    let keys = await ask(it, question);
    const step = await stepOf(it);
    const before = it.page.url();
    if (chosen !== "nothing") {
      const first = it.page.locator(contender.answers).first();
      if (chosen !== "Enter") {
        let isThere = false;
        for (let n = 0; n < (chosen === "Tab" ? MOST_KEYS : 3) && !isThere; n++, keys++) {
          await it.page.keyboard.press(chosen);
          isThere = await first.evaluate((row) => globalThis.look.isChosen(row));
        }
        if (!isThere) keys = Infinity;
      }
      await it.page.keyboard.press("Enter");
      keys++;
    }
    if (keys < Infinity && (await comesTo(it.page, step))) byKeys.push({ keys, chosen, leaves: it.page.url() !== before });
    await it.close();
    if (byKeys.length && chosen === "nothing") break;
  }
  const it = await open(bench, contender);
  let clicks = 1;
  await it.page.locator(contender.launcher ?? contender.field).first().click();
  await it.page.waitForSelector(contender.field, { state: "visible" });
  await it.page.waitForTimeout(300);
  await type(it.page, question);
  const step = await stepOf(it);
  const before = it.page.url();
  const listed = bench.server.sent.length;
  if (!(await isStepShown(it.page, step))) {
    await it.page.locator(contender.answers).first().locator("a, button").first().click();
    clicks++;
    if (!(await comesTo(it.page, step))) clicks = Infinity;
  }
  const more = bench.server.sent.slice(listed).filter(({ path }) => path.startsWith("/entries/")).reduce((sum, { bytes }) => sum + bytes, 0);
  const leaves = it.page.url() !== before;
  const stored = await it.page.evaluate(() => ({ local: Object.keys(localStorage), session: Object.keys(sessionStorage) }));
  const cookies = (await it.context.cookies()).length;
  await it.close();
  byKeys.sort((a, b) => a.keys - b.keys);
  return { byKeys: byKeys[0], clicks, leaves, more, stored: [...stored.local, ...stored.session], cookies };
}

/** Presses of Tab from the field until the focus is in the first answer. */
export async function tabStops(bench, contender, question) {
  const it = await asked(bench, contender, question);
  const first = it.page.locator(contender.answers).first();
  let found = null;
  for (let n = 1; n <= MOST_KEYS && found === null; n++) {
    await it.page.keyboard.press("Tab");
    // By the focus alone: a list may have chosen it before.
    const isThere = await first.evaluate((row) => {
      for (let it = globalThis.look.focused(); it; it = globalThis.look.parentOf(it)) if (it === row) return true;
      return false;
    });
    if (isThere) found = n;
  }
  await it.close();
  return found;
}

/** Presses of the arrow key down in the field until the first answer is chosen; null where it leads elsewhere. */
export async function arrows(bench, contender, question) {
  const it = await asked(bench, contender, question);
  const first = it.page.locator(contender.answers).first();
  let found = null;
  for (let n = 0; n <= 3 && found === null; n++) {
    if (await first.evaluate((row) => globalThis.look.isChosen(row))) found = n;
    else await it.page.keyboard.press("ArrowDown");
  }
  await it.close();
  return found;
}

/** What axe-core finds with the answers there. */
export async function axe(bench, contender, question, { isDark }) {
  const it = await asked(bench, contender, question, { variant: { isDark }, colorScheme: isDark ? "dark" : "light", reducedMotion: "reduce" });
  const found = await findings(it.page);
  await it.close();
  return found;
}

/** Whether it goes along with a dark page by itself: the colour of its texts without and with a dark system. */
export async function darkness(bench, contender) {
  const colour = async (colorScheme) => {
    const it = await asked(bench, contender, QUESTIONS.keyword, { colorScheme });
    const found = await it.page.locator(contender.field).first().evaluate((it) => getComputedStyle(it).color);
    await it.close();
    return found;
  };
  return (await colour("light")) !== (await colour("dark"));
}

/** The smallest place that a finger has to hit, on a phone, with answers there. */
export async function smallestTarget(bench, contender, question) {
  const it = await asked(bench, contender, question, { viewport: NARROW, hasTouch: true, isMobile: true });
  const targets = await it.page.locator(contender.ui).first().evaluate((ui) =>
    globalThis.look
      .controls(ui)
      .map((it) => ({ name: globalThis.look.nameOf(it), ...globalThis.look.reach(it) }))
      .filter((it) => it.width),
  );
  await it.close();
  const size = ({ width, height }) => Math.min(width, height);
  const [smallest] = targets.sort((a, b) => size(a) - size(b));
  return { ...smallest, small: targets.filter((it) => size(it) < 24).length, below44: targets.filter((it) => size(it) < 44).length, of: targets.length };
}

/** How far a narrow page scrolls sideways, and how many controls reach out of it. */
export async function overflow(bench, contender, question, width) {
  const it = await asked(bench, contender, question, { viewport: { width, height: 640 } });
  const found = await it.page.locator(contender.ui).first().evaluate((ui) => ({
    sideways: document.scrollingElement.scrollWidth - innerWidth,
    out: globalThis.look.controls(ui).map((it) => it.getBoundingClientRect()).filter((it) => it.left < -1 || it.right > innerWidth + 1).length,
  }));
  await it.close();
  return found;
}

/** In a page from right to left: what stands at the mirrored place, and which way English answers run. */
export async function mirrored(bench, contender, question) {
  const places = async (dir) => {
    const it = await asked(bench, contender, question, { variant: { dir } });
    const found = await it.page.locator(contender.ui).first().evaluate((ui, answers) => {
      const parts = [...globalThis.look.controls(ui), ...[...globalThis.look.all(ui)].filter((it) => it.localName === "svg" && it.checkVisibility())];
      const rows = [...globalThis.look.all(document)].filter((it) => it.matches(answers)).map((it) => globalThis.look.fullStops(it));
      const sum = (key) => rows.reduce((sum, it) => sum + it[key], 0);
      return {
        boxes: parts.map((it) => it.getBoundingClientRect()).map(({ left, right }) => ({ left, right })),
        width: document.documentElement.clientWidth,
        sideways: document.scrollingElement.scrollWidth - innerWidth,
        stops: { of: sum("of"), right: sum("right") },
      };
    }, contender.answers.split(" ").at(-1));
    await it.close();
    return found;
  };
  const [ltr, rtl] = [await places("ltr"), await places("rtl")];
  const same = ltr.boxes.length === rtl.boxes.length;
  const at = rtl.boxes.filter(({ left }, n) => same && Math.abs(left - (rtl.width - ltr.boxes[n].right)) <= 2).length;
  return { at, of: rtl.boxes.length, same, sideways: rtl.sideways, stops: rtl.stops };
}

/** How many pixels tell, in the first answer, that the keyboard has come to it. */
export async function chosenShows(bench, contender, question, media) {
  const it = await asked(bench, contender, question, { reducedMotion: "reduce", ...media });
  const first = it.page.locator(contender.answers).first();
  const isChosen = () => first.evaluate((row) => globalThis.look.isChosen(row));
  const until = async (wanted) => {
    for (let n = 0; n < MOST_KEYS && (await isChosen()) !== wanted; n++) await it.page.keyboard.press(contender.next);
    await it.page.waitForTimeout(300);
    return (await isChosen()) === wanted;
  };
  const picture = async () => PNG.sync.read(await it.page.screenshot({ caret: "hide" }));
  if (!(await until(true))) throw new Error(`${contender.id}: ${contender.next} does not lead to the first answer`);
  const scrolled = () => first.evaluate((row) => row.getBoundingClientRect().top);
  const [before, place] = [await picture(), await scrolled()];
  const box = await first.boundingBox();
  if (!(await until(false))) throw new Error(`${contender.id}: ${contender.next} does not leave the first answer`);
  const after = await picture();
  const moved = (await scrolled()) !== place;
  let differing = 0;
  for (let y = Math.max(0, Math.floor(box.y) - 4); y < Math.min(before.height, box.y + box.height + 4); y++) {
    for (let x = Math.max(0, Math.floor(box.x) - 4); x < Math.min(before.width, box.x + box.width + 4); x++) {
      const n = 4 * (y * before.width + x);
      if ([0, 1, 2].some((c) => before.data[n + c] !== after.data[n + c])) differing++;
    }
  }
  await it.close();
  return { differing, moved };
}

/** What moves from the first key to the answers, by its name. */
export async function movements(bench, contender, question, reducedMotion) {
  const it = await open(bench, contender, { reducedMotion });
  await it.page.evaluate(() => {
    globalThis.moved = new Set();
    const watch = () => {
      for (const name of globalThis.look.moving()) globalThis.moved.add(name);
      requestAnimationFrame(watch);
    };
    watch();
  });
  await ask(it, question);
  await it.page.keyboard.press(contender.next);
  await it.page.waitForTimeout(CALM / 3);
  const names = await it.page.evaluate(() => [...globalThis.moved]);
  await it.close();
  return names;
}

/** What stands there with script off. */
export async function withoutScript(bench, contender) {
  const context = await bench.browser.newContext({ viewport: WIDE, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(bench.address(contender, {}));
  const text = (await page.locator("main").innerText()).replace(/\s+/g, " ");
  const links = await page.locator("main a:visible").count();
  await context.close();
  return { text, links };
}

/** Whether what stood there is away once the interface has come. */
export async function isFallbackReplaced(bench, contender) {
  const it = await open(bench, contender);
  await it.page.waitForTimeout(CALM);
  const left = await it.page.getByText("All answers on one page").filter({ visible: true }).count();
  await it.close();
  return left === 0;
}

/** What comes over the network until the answers are there. */
export async function weight(bench, contender, question) {
  const it = await asked(bench, contender, question);
  const files = bench.server.sent.filter(({ path }) => !/^\/(interfaces\/|host\.css)/.test(path));
  const found = { bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), requests: files.length, asked: it.asked.map(({ queries, body }) => ({ queries, body })), elsewhere: [...it.elsewhere].filter((host) => host !== new URL(bench.server.origin).host) };
  await it.close();
  return found;
}

/** Whether it runs under a policy; what was refused, if anything. */
export async function underPolicy(bench, contender, question, policy) {
  const it = await open(bench, contender, { variant: { policy }, mayFail: true });
  it.page.setDefaultTimeout(3 * CALM);
  let answers = 0;
  try {
    await ask(it, question);
    answers = await it.page.locator(contender.answers).count();
  } catch {
    // Then there is no field.
  }
  const refused = await it.page.evaluate(() => globalThis.refused);
  await it.close();
  return { answers, refused: refused.length, directives: [...new Set(refused)] };
}

/** What is there when nobody else can be reached. */
export async function cutOff(bench, contender, question) {
  const it = await open(bench, contender, { isCutOff: true });
  await ask(it, question);
  // Algolia's client tries its other servers first.
  await it.page.waitForTimeout(2 * CALM);
  const answers = await it.page.locator(contender.answers).count();
  const text = await it.page.locator(contender.ui).first().evaluate((ui) => globalThis.look.visibleText(ui));
  await it.close();
  return { answers, text };
}

/** The accessible name of the field in a page of another language, once all of it has loaded. */
export async function wordsIn(bench, contender, question, lang) {
  const it = await asked(bench, contender, question, { variant: { lang } });
  const [, name] = /"(.*?)"/.exec(await it.page.locator(contender.field).first().ariaSnapshot()) ?? [];
  await it.close();
  return name;
}
