// What happens to a page in the soak: one table of acts. An act takes what it
// chooses from `random` alone, never from the page, so that the same seed does
// the same again; where the page has nothing for it to act upon it does nothing
// and says so by `false`.
import { readFileSync } from "node:fs";

const queries = ["queries", "second", "third", "fourth"].flatMap((it) =>
  readFileSync(`tests/search/${it}.jsonl`, "utf8").trim().split("\n").map((line) => JSON.parse(line).q),
);
const spanish = readFileSync("tests/search/es/queries.jsonl", "utf8").trim().split("\n").map((line) => JSON.parse(line).q);

const WORDS = ["charged twice", "captcha", "401 Unauthorized", "card", "export", "stuck", "2fa", "widgets blank", "login", "members", "cargado dos veces", "パスワード", "لا أستطيع", "rechnung", "part 17"];
const ERRORS = [
  "Error: Request failed with status code 401\n    at createError (createError.js:16:15)\n    at settle (settle.js:17:12)",
  '{"error":"invalid_grant","error_description":"Token has been expired or revoked."}',
  "Your card was declined.", "Invalid email or password", "Login screen says captcha failed", "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 30",
  "TypeError: Cannot read properties of undefined (reading 'calls')", "Your account is not active",
];
const NONSENSE = ["qqq zzz", "x", "....", "0", "-1", "null", "undefined", "constructor __proto__ toString", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "   ", "the the the", "É́̂̃"];
const HOSTILE = [
  "<img src=x onerror=hacked=1>", "\"><script>hacked=1</script>", "javascript:hacked=1", "{{constructor.constructor('hacked=1')()}}", "\u0000\u0001\u0005javascript:hacked=1\u0006x\u0007",
  "\u202Egnp.exe\u202C\u2066", "%00%ff%", "../../../etc/passwd", "\ud83d", "\ud800\udfff😀👩‍👩‍👧‍👦", "ﷺ".repeat(60), "a\u0301".repeat(200), "A".repeat(20_000), "charged ".repeat(900), "' OR 1=1 --", "${7*7}", "\\", "&lt;b&gt;&#0;",
];
const ENTRIES = ["billing-charged-twice", "billing-invoice-past-due", "calls-new-calls-not-appearing", "login-access-login-screen-says-captcha-failed", "dashboard-all-widgets-blank", "csv-exports-export-stuck-in-pending", "stuck-contacts-clearing-a-stuck-contact", "calls-recording-audio-wont-play", "nowhere", "", "__proto__", "<b>"];
const AREAS = ["billing", "calls", "members", "csv-exports", "login-access", "stuck-contacts", "dashboard", "nowhere", "", "__proto__"];

/** The values of attributes; `null` takes one away. */
const VALUES = {
  areas: [null, null, "calls,dashboard,notifications,members,playbook,csv-exports,api-integrations", "billing", "billing, calls", "nowhere", "calls,nowhere,calls", ",,", "stuck-contacts,login-access"],
  area: [null, ...AREAS],
  query: [null, "charged twice", "captcha", "", "nothing like this", HOSTILE[0], "a\nb"],
  entry: [null, ...ENTRIES],
  mode: [null, "inline", "compact", "panel", "dialog", "constructor"],
  watch: [null, ".soak-error", "[role=alert]", "p[", ".soak-error, .soak-other"],
  private: [null, ""],
  "heading-level": [null, "1", "3", "6", "9", "-1", "two"],
  label: [null, "Help", "Get unstuck", HOSTILE[0]],
  placement: [null, "start", "end"],
  shortcut: [null, "/", "Control+K", "+", "Alt+Shift+F1"],
  theme: [null, "light", "dark", "other"],
  route: [null, "hash", "none", "hash"],
  remember: [null, "local", "session", "none", "local"],
  loading: [null, "visible", "idle", "interaction", "eager"],
};

/** What means loading anew. Each that can be loaded is loaded before anything is measured: the page keeps them. */
export const SOURCES = {
  audience: [null, "customer", "agent", "staff"],
  lang: [null, "en", "es", "de", "ar", "ja", "xx"],
};
const NO_SOURCES = { audience: ["nobody", "__proto__"], kb: ["/kb-bad"] };

/** How the network can be. */
export const NETWORKS = ["aborted", "broken", "missing", "slow", "cut", "flipped", "empty", "page"];

// --- verbs ---

/** Presses what a selector finds, as a person would: by the pointer, or by its keys. */
async function press(world, selector, random) {
  const { page } = world.tab;
  const way = random() < 0.75 ? "pointer" : "keys";
  const found = await page.evaluate(([selector, fraction, way]) => globalThis.soak.pick(selector, fraction, way), [selector, random(), way]);
  if (!found) return false;
  if (found.x !== undefined) {
    await page.mouse.click(found.x, found.y);
    if (!(await page.evaluate(() => globalThis.soak.isHit()))) return false;
  } else await page.keyboard.press(found.isLink ? "Enter" : " ");
  return found.what;
}

const one = (list, random) => list[Math.floor(random() * list.length)];

/** A text that somebody might look for, or not. */
function text(random) {
  const from = random();
  const list = from < 0.35 ? queries : from < 0.45 ? spanish : from < 0.65 ? WORDS : from < 0.8 ? ERRORS : from < 0.9 ? NONSENSE : HOSTILE;
  return one(list, random);
}

/** Calls a function in the page with one of its elements, or with all; false where there is none. */
function host(world, random, does, given) {
  return world.tab.page.evaluate(`(async () => {
    const all = [...document.querySelectorAll("unstuck-help")].filter((it) => it.shadowRoot);
    const it = all[Math.floor(${random()} * all.length)];
    return it ? (await (${does})(it, ${JSON.stringify(given ?? null)}, all)) ?? true : false;
  })()`);
}

async function field(world, random) {
  return press(world, "input[type=search]", random);
}

// --- the table ---

const isPassing = (world) => !world.tab.isStaying && !world.isOffline;

/**
 * Each act: its name, how often it happens among the others, who does it
 * (`person`: the focus may not get lost; `host`: the page by its script;
 * `world`: everything around it), when it can happen, and what it does.
 */
export const ACTS = [
  // A person searches.
  { name: "type", weight: 8, by: "person", async act(world, random) {
    if (!(await field(world, random))) return false;
    const typed = text(random).replace(/[\n\r]/g, " ").slice(0, 8 + Math.floor(random() * 22));
    await world.tab.page.keyboard.type(typed, { delay: random() < 0.3 ? 25 : 0 });
    return typed;
  } },
  { name: "paste", weight: 8, by: "person", async act(world, random) {
    if (!(await field(world, random))) return false;
    const pasted = text(random);
    await world.tab.page.keyboard.press("Control+A");
    await world.tab.page.keyboard.insertText(pasted);
    return pasted.slice(0, 60);
  } },
  { name: "clear", weight: 4, by: "person", async act(world, random) {
    const way = random();
    if (way < 0.3) return press(world, ".clear", random);
    if (!(await field(world, random))) return false;
    if (way < 0.6) await world.tab.page.keyboard.press("Escape");
    else {
      await world.tab.page.keyboard.press("Control+A");
      await world.tab.page.keyboard.press("Delete");
    }
  } },
  { name: "press a recent search", weight: 2, by: "person", act: (world, random) => press(world, ".recent button", random) },
  { name: "choose an area", weight: 6, by: "person", act: (world, random) => press(world, ".areas:not(.recent) .area", random) },
  { name: "open or close an answer", weight: 14, by: "person", act: (world, random) => press(world, ".toggle", random) },
  { name: "open the best answer", weight: 6, by: "person", act: (world) => press(world, ".result:first-child .toggle", () => 0) },
  { name: "close the open answer", weight: 3, by: "person", act: (world) => press(world, ".toggle[aria-expanded=true]", () => 0) },
  { name: "show more", weight: 2, by: "person", act: (world, random) => press(world, ".more", random) },
  { name: "take an offer", weight: 4, by: "person", act: (world, random) => press(world, ".offer", random) },
  { name: "send an offer away", weight: 2, by: "person", act: (world, random) => press(world, ".suggestion .close", random) },
  // Works.
  { name: "find an answer and begin with it", weight: 10, by: "person", async act(world, random) {
    if (!(await field(world, random))) return false;
    const { keyboard } = world.tab.page;
    await keyboard.press("Control+A");
    // Asked for nothing, it shows what there is.
    if (random() < 0.5) await keyboard.press("Delete");
    else await keyboard.insertText(one(WORDS, random));
    // From the field into the first answer, whichever element it is.
    await world.rest(80 * random());
    await keyboard.press("ArrowDown");
    if (!(await world.tab.page.evaluate(() => globalThis.soak.focus().what.includes("toggle")))) return false;
    await keyboard.press("Enter");
    for (let n = Math.floor(random() * 4); n > 0; n--) await press(world, one([".tick", ".tick", ".timer button", ".guide-head .tool", ".outcome > .button"], random), random);
  } },
  { name: "tick a step", weight: 10, by: "person", act: (world, random) => press(world, ".tick", random) },
  { name: "go through a guide", weight: 4, by: "person", act: (world, random) => press(world, ".guide-head .tool, .entry > .buttons:not(.tools) .button", random) },
  { name: "wait, or stop it", weight: 6, by: "person", act: (world, random) => press(world, ".timer button", random) },
  { name: "let time pass", weight: 4, by: "world", async act(world, random) {
    const seconds = one([30, 300, 900, 1800, 86_400], random);
    await world.tab.page.evaluate((it) => globalThis.soak.jump(it), seconds);
    await world.rest(1_100);
    return seconds;
  } },
  { name: "say how it ended", weight: 6, by: "person", act: (world, random) => press(world, ".outcome > .button", random) },
  { name: "open a hand-over", weight: 3, by: "person", act: (world, random) => press(world, ".outcome > .button:nth-last-of-type(2), .step > .button, .advice .button", random) },
  { name: "change a summary", weight: 3, by: "person", async act(world, random) {
    if (!(await press(world, "#summary", random))) return false;
    await world.tab.page.keyboard.insertText(text(random).slice(0, 400));
  } },
  { name: "send a summary, or not", weight: 4, by: "person", async act(world, random) {
    await world.tab.page.evaluate((it) => (globalThis.soak.takesOver = it), random() < 0.5);
    return press(world, ".escalation .button", random);
  } },
  { name: "print, copy, start over", weight: 3, by: "person", act: (world, random) => press(world, ".tools .tool", random) },
  { name: "go back to the former answer", weight: 2, by: "person", act: (world, random) => press(world, ".entry > .tool", random) },
  { name: "follow a link", weight: 3, by: "person", act: (world, random) => press(world, ".entry a[href^='#'], .way-on a", random) },
  { name: "forget the progress", weight: 1, by: "person", act: (world, random) => press(world, ".body > .tool", random) },
  { name: "press anything", weight: 10, by: "person", act: (world, random) => press(world, "button, .tick, .body a[href^='#'], summary", random) },
  { name: "try again", weight: 3, by: "person", act: (world, random) => press(world, ".rescue > button, .entry > .button", random) },
  { name: "read the plain list", weight: 2, by: "person", act: (world, random) => press(world, ".rescue summary, .rescue a[href^='#']", random) },
  // Moves.
  { name: "press keys", weight: 8, by: "person", async act(world, random) {
    const keys = [];
    for (let n = 1 + Math.floor(random() * 6); n > 0; n--) {
      const key = one(["ArrowDown", "ArrowDown", "ArrowUp", "Escape", "Enter", " ", "Home", "PageDown", "/", "Control+K"], random);
      keys.push(key);
      // Elsewhere they would lead out of the page.
      if (key.length < 6 && ["Enter", " "].includes(key) && !(await world.tab.page.evaluate(() => globalThis.soak.focus().isInside))) continue;
      await world.tab.page.keyboard.press(key);
    }
    return keys.join(" ");
  } },
  // Past the last there is nothing, and that is right.
  { name: "go on with Tab", weight: 4, by: "world", async act(world, random) {
    const key = random() < 0.7 ? "Tab" : "Shift+Tab";
    for (let n = 1 + Math.floor(random() * 8); n > 0; n--) await world.tab.page.keyboard.press(key);
    return key;
  } },
  { name: "press the launcher", weight: 5, by: "person", act: (world, random) => press(world, "#launcher", random) },
  { name: "close the panel", weight: 3, by: "person", act: (world, random) => press(world, "#box > .close", random) },
  { name: "press beside it", weight: 2, by: "world", async act(world, random) {
    await world.tab.page.mouse.click(2 + 5 * random(), 300 * random() + 200);
  } },
  { name: "scroll", weight: 2, by: "world", async act(world, random) {
    await world.tab.page.mouse.wheel(0, 2_000 * (random() - 0.5));
  } },
  // The page has it another way.
  { name: "set an attribute", weight: 14, by: "host", async act(world, random) {
    const name = one(Object.keys(VALUES), random);
    const value = one(VALUES[name], random);
    await host(world, random, (it, [name, value]) => (value === null ? it.removeAttribute(name) : it.setAttribute(name, value)), [name, value]);
    return `${name}=${value}`;
  } },
  { name: "set several attributes at once", weight: 4, by: "host", async act(world, random) {
    const pairs = Array.from({ length: 4 }, () => one(Object.keys(VALUES), random)).map((name) => [name, one(VALUES[name], random)]);
    await host(world, random, (it, pairs) => pairs.forEach(([name, value]) => (value === null ? it.removeAttribute(name) : it.setAttribute(name, value))), pairs);
    return pairs.map((it) => it.join("=")).join(" ");
  } },
  { name: "load another", weight: 6, by: "host", async act(world, random) {
    const name = one(Object.keys(SOURCES), random);
    const value = one(SOURCES[name], random);
    await host(world, random, (it, [name, value]) => it.kb || (value === null ? it.removeAttribute(name) : it.setAttribute(name, value)), [name, value]);
    return `${name}=${value}`;
  } },
  { name: "load what is not there", weight: 2, by: "host", async act(world, random) {
    const name = one(Object.keys(NO_SOURCES), random);
    const value = one(NO_SOURCES[name], random);
    world.bad = one(NETWORKS, random);
    world.failing();
    await host(world, random, (it, [name, value]) => it.kb || it.setAttribute(name, value), [name, value]);
    if (random() < 0.3) await world.rest(600);
    return `${name}=${value} ${world.bad}`;
  } },
  { name: "load what is there again", weight: 4, by: "host", act: (world, random) => host(world, random, (it) => {
    if (it.kb === "/kb-bad") it.removeAttribute("kb");
    if (["nobody", "__proto__"].includes(it.audience)) it.removeAttribute("audience");
  }) },
  { name: "set a property", weight: 6, by: "host", async act(world, random) {
    const [name, value] = one([
      ["contacts", { support: { label: "Our support", href: "https://support.example.com/new", text: "Day and night." } }], ["contacts", { support: { href: "mailto:help@example.com" }, nobody: {} }], ["contacts", null], ["contacts", { support: { href: "javascript:hacked=1", label: "<b>" } }],
      ["context", { ticket: 7, of: { deep: [1] } }], ["context", null], ["context", { x: "<script>" }],
      ["messages", { searchLabel: "What is wrong?" }], ["messages", null], ["messages", null], ["messages", { answersMany: "{n} {n} <b>" }],
      ["kbData", "sound"], ["kbData", null], ["kbData", "broken"],
    ], random);
    if (value === "broken") world.failing();
    await host(world, random, (it, [name, value]) => {
      const bytes = () => (value === "broken" ? new Uint8Array(99).buffer : globalThis.soakBytes);
      if (name !== "kbData" || !it.kb) it[name] = name === "kbData" && value ? bytes() : (value ?? undefined);
    }, [name, value]);
    return `${name} ${JSON.stringify(value)}`;
  } },
  { name: "call a method", weight: 8, by: "host", async act(world, random) {
    const [name, ...given] = one([
      ["search", text(random)], ["search", text(random), { area: one(AREAS, random), limit: one([0, 1, 3, -5, 1e300], random) }], ["suggest", text(random)], ["openEntry", one(ENTRIES, random)], ["openEntry", one(ENTRIES, random)],
      ["open"], ["close"], ["toggle"], ["reset"],
    ], random);
    await host(world, random, (it, [name, given]) => Promise.race([it[name](...given), new Promise((done) => setTimeout(done, 300))]).then(() => true, () => true), [name, given]);
    return `${name} ${JSON.stringify(given).slice(0, 80)}`;
  } },
  // Elements come and go.
  { name: "add an element", weight: 5, by: "host", async act(world, random) {
    const attributes = { loading: one(["eager", "visible", "idle", "interaction"], random) };
    for (let n = Math.floor(random() * 4); n > 0; n--) {
      const name = one(Object.keys(VALUES), random);
      const value = one(VALUES[name], random);
      if (value !== null) attributes[name] = value;
    }
    if (random() < 0.2) attributes.kb = "/kb-large";
    if (random() < 0.4) attributes.id = `soak-${Math.floor(random() * 1e6)}`;
    await world.tab.page.evaluate((attributes) => {
      // A page has a few.
      if (document.querySelectorAll("unstuck-help").length >= 5) document.querySelectorAll("unstuck-help")[1].remove();
      const it = document.createElement("unstuck-help");
      for (const name in attributes) it.setAttribute(name, attributes[name]);
      const child = document.createElement("p");
      child.textContent = "What we wrote ourselves";
      it.append(child);
      document.querySelector("main, aside, body").append(it);
    }, attributes);
    return JSON.stringify(attributes);
  } },
  { name: "add several at once and take them away", weight: 2, by: "host", async act(world, random) {
    await world.tab.page.evaluate((n) => {
      const made = Array.from({ length: n }, () => Object.assign(document.createElement("unstuck-help"), { loading: "eager", mode: n % 2 ? "panel" : "" }));
      document.querySelector("main").append(...made);
      if (n % 3) queueMicrotask(() => made.forEach((it) => it.remove()));
      else setTimeout(() => made.forEach((it) => it.remove()), 20 * n);
    }, 2 + Math.floor(random() * 6));
    await world.rest(200);
  } },
  { name: "take an element away", weight: 4, by: "host", act: (world, random) => host(world, random, (it, _, all) => (all.length > 1 ? it.remove() : false)) },
  { name: "take an element out and keep it", weight: 3, by: "host", act: (world, random) => host(world, random, (it) => {
    if (globalThis.soakKept) return false;
    globalThis.soakKept = it;
    it.remove();
  }) },
  { name: "put it back", weight: 4, by: "host", act: (world) => world.tab.page.evaluate(() => {
    const it = globalThis.soakKept;
    if (!it) return false;
    document.querySelector("aside, main").append(it);
    globalThis.soakKept = undefined;
  }) },
  { name: "move an element", weight: 5, by: "host", async act(world, random) {
    const way = one(["append", "moveBefore", "prepend", "often", "shadow"], random);
    await host(world, random, async (it, way) => {
      const places = [document.querySelector("main"), document.querySelector("aside")];
      const place = places.find((place) => place && !place.contains(it)) ?? places[0];
      if (way === "moveBefore" && place.moveBefore) place.moveBefore(it, null);
      else if (way === "prepend") place.prepend(it);
      else if (way === "often") for (let n = 0; n < 9; n++) places[n % 2].append(it);
      else place.append(it);
    }, way);
    return way;
  } },
  { name: "hide an element, or show it", weight: 2, by: "host", act: (world, random) => host(world, random, (it, _, all) => void (all.some((it) => it.hidden) ? all.forEach((it) => (it.hidden = false)) : (it.hidden = true))) },
  // The page says that something is wrong.
  { name: "show an error", weight: 5, by: "host", async act(world, random) {
    const said = random() < 0.6 ? one(ERRORS, random) : text(random).slice(0, 3_000);
    await world.tab.page.evaluate(([said, isOther]) => {
      const all = document.querySelectorAll(".soak-error");
      const it = all.length > 2 ? all[0] : document.createElement("p");
      it.className = "soak-error";
      it.hidden = false;
      if (isOther) it.setAttribute("role", "alert");
      it.textContent = said;
      document.querySelector("main").prepend(it);
    }, [said, random() < 0.5]);
    if (random() < 0.5) await world.rest(450);
    return said.slice(0, 60);
  } },
  { name: "change an error", weight: 2, by: "host", act: (world, random) => world.tab.page.evaluate((said) => {
    const it = document.querySelector(".soak-error");
    if (!it) return false;
    it.textContent = said;
  }, one(ERRORS, random)) },
  { name: "take an error away", weight: 3, by: "host", act: (world, random) => world.tab.page.evaluate((way) => {
    const it = document.querySelector(".soak-error");
    if (!it) return false;
    if (way < 0.5) it.remove();
    else it.hidden = true;
  }, random()) },
  // The address and the storage.
  { name: "follow a link of the page", weight: 4, by: "world", async act(world, random) {
    const hash = one(["#calls", "#", "#unstuck=", "#unstuck=billing-charged-twice", "#unstuck=calls-new-calls-not-appearing/2", "#unstuck=stuck-contacts-clearing-a-stuck-contact/5", "#x=1&unstuck=nowhere", "#unstuck=%ff%/-1", "#unstuck-soak=billing-charged-twice", `#unstuck=${"A".repeat(3_000)}`, "#unstuck=<script>/1e99"], random);
    await world.tab.page.evaluate((it) => void (location.hash = it), hash);
    return hash.slice(0, 60);
  } },
  { name: "go back", weight: 3, by: "world", act: (world) => walk(world, -1) },
  { name: "go forward", weight: 2, by: "world", act: (world) => walk(world, 1) },
  { name: "write into the storage", weight: 1, by: "world", async act(world, random) {
    const rubbish = one(["", "nonsense", "1", "null", "[7,null,{}]", "\u0000", "9".repeat(5_000), null], random);
    await (world.other() ?? world.tab).page.evaluate((rubbish) => {
      for (const storage of [localStorage, sessionStorage]) {
        for (const key of Object.keys(storage)) rubbish === null ? storage.removeItem(key) : storage.setItem(key, rubbish);
      }
    }, rubbish);
    return String(rubbish).slice(0, 20);
  } },
  // Everything around it.
  { name: "turn the device", weight: 2, by: "world", async act(world, random) {
    const size = one([[1280, 720], [390, 844], [844, 390], [320, 568], [1920, 1080]], random);
    await world.tab.page.setViewportSize({ width: size[0], height: size[1] });
    return size.join("×");
  } },
  { name: "zoom", weight: 1, by: "world", async act(world, random) {
    const zoom = one(["1", "2", "0.5", "4"], random);
    await world.tab.page.evaluate((it) => (document.documentElement.style.zoom = it), zoom);
    return zoom;
  } },
  { name: "other colours and less motion", weight: 2, by: "world", async act(world, random) {
    const media = { colorScheme: one(["light", "dark"], random), reducedMotion: one(["reduce", "no-preference"], random), forcedColors: one(["none", "none", "active"], random) };
    await world.tab.page.emulateMedia(media);
    return Object.values(media).join(" ");
  } },
  { name: "go offline", weight: 1, by: "world", async act(world) {
    world.failing();
    world.isOffline = true;
    await world.context.setOffline(true);
  } },
  { name: "come back online", weight: 15, by: "world", when: (world) => world.isOffline, async act(world) {
    world.isOffline = false;
    await world.context.setOffline(false);
  } },
  { name: "let the network fail", weight: 1, by: "world", async act(world, random) {
    world.failing();
    world.network = { kind: one(NETWORKS, random), of: one([/widget\.js/, /unstuck\.wasm/, /\/kb\/.*\.json/, /\.bin/, /words\//, /(frame|page|watch|rescue|print)\.js/, /kb-large/, /./], random) };
    return `${world.network.kind} ${world.network.of}`;
  } },
  { name: "let the network be sound", weight: 12, by: "world", when: (world) => world.network, async act(world) {
    world.failing();
    world.network = undefined;
  } },
  { name: "wait a little", weight: 6, by: "world", act: (world, random) => world.rest(100 + 900 * random()) },
  // Several tabs over one storage. One stays all the time and is measured; another comes and goes.
  { name: "open another tab", weight: 6, by: "world", when: (world) => !world.other() && !world.isOffline, act: (world) => world.openTab() },
  { name: "go to the other tab", weight: 5, by: "world", when: (world) => world.other(), act: (world) => world.switchTab() },
  { name: "close the other tab", weight: 1, by: "world", when: (world) => world.other(), act: (world) => world.closeTab() },
  { name: "load the page again", weight: 2, by: "world", when: isPassing, act: (world) => world.reload() },
  // Not where it is measured: a module that has trapped cannot be let go of, the browser keeps it.
  { name: "let the module trap", weight: 2, by: "world", when: isPassing, async act(world, random) {
    world.tab.mayTrap = true;
    await world.tab.page.evaluate(() => globalThis.memories.forEach((it) => new Uint8Array(it.buffer).fill(0xff)));
    return random() < 0.5 ? press(world, "button", random) : undefined;
  } },
];

/** Through the history, and not out of the page. */
async function walk(world, by) {
  const isOurs = await world.tab.page.evaluate((by) => {
    const { navigation } = globalThis;
    const to = navigation.entries()[navigation.currentEntry.index + by];
    if (!to?.sameDocument) return false;
    history.go(by);
    return true;
  }, by);
  if (isOurs) await world.rest(50);
  return isOurs;
}
