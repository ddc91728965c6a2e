// What the soak runs inside a page: it finds what a person could press, and
// says what is wrong with what is shown and told. Nothing here changes an
// element, but for `calm`, which says so.

/** For `addInitScript`. */
export function helpers() {
  const tag = "unstuck-help";
  const AREAS = /[^\s,][^,]*[^\s,]|[^\s,]/g;
  let ahead = 0;
  // The time of day, as a computer has it that slept: timers go on, the clock is elsewhere.
  const { now } = Date;
  Date.now = () => now() + ahead;
  // A browser without a printer says at once that it is done.
  globalThis.print = () => setTimeout(() => dispatchEvent(new Event("afterprint")), 20);
  // The page itself does what leads out of it: nothing.
  document.addEventListener("unstuck-navigate", (it) => it.preventDefault());
  document.addEventListener("unstuck-escalated", (it) => soak.takesOver && it.preventDefault());

  // Without its script it is no element of ours.
  // What is told agrees with what is asked and shown.
  const told = [];
  const openers = new Map();
  for (const name of ["search", "no-match", "entry-opened", "step-done", "resolved", "not-resolved", "toggled"]) {
    document.addEventListener(`unstuck-${name}`, ({ target, detail }) => {
      if (target.private && "query" in detail) told.push(`${name} tells what was typed`);
      if (name === "step-done" && !(detail.step >= 1 && detail.step <= detail.steps)) told.push(`step ${detail.step} of ${detail.steps} is done`);
      if (/resolved/.test(name) && !(detail.seconds >= 0)) told.push(`${name} after ${detail.seconds} seconds`);
      if (name === "toggled" && detail.open !== is(target, "open")) told.push(`is told to be ${detail.open ? "open" : "closed"}, and is not`);
      if (name === "entry-opened") openers.set(target, detail.id);
    });
  }

  const hosts = () => [...document.querySelectorAll(tag)].filter((it) => it.shadowRoot);
  const states = (it) => ["loading", "ready", "failed"].filter((state) => it.matches(`:state(${state})`));
  const is = (it, state) => it.matches(`:state(${state})`);
  const focused = () => {
    let it = document.activeElement;
    while (it?.shadowRoot?.activeElement) it = it.shadowRoot.activeElement;
    return it;
  };
  const openRow = (it) => it.shadowRoot.querySelector(".toggle[aria-expanded=true]");
  const text = (it) => (it?.textContent ?? "").replace(/\s+/g, " ").trim();
  const at = (list, fraction) => list[Math.floor(fraction * list.length)];

  /** What is wrong with an element, in words. */
  function wrongIn(host) {
    const wrong = [];
    const say = (it) => wrong.push(`${it} [${host.outerHTML.split(">")[0]}]`);
    const root = host.shadowRoot;
    const all = (selector) => [...root.querySelectorAll(selector)];
    const one = (selector) => root.querySelector(selector);
    const ids = all("[id]").map((it) => it.id);
    for (const id of new Set(ids.filter((it, at) => ids.indexOf(it) !== at))) say(`the id ${id} is there more than once`);
    for (const it of all("[aria-controls], [aria-labelledby], label[for]")) {
      const id = it.getAttribute("aria-controls") ?? it.getAttribute("aria-labelledby") ?? it.htmlFor;
      if (!root.getElementById(id)) say(`nothing has the id ${id}`);
    }
    if (all("input[type=search]").length !== 1) say("not one search field");
    if (all("slot").length !== 1) say("not one place for the children");
    if (states(host).length > 1) say(`is ${states(host).join(" and ")}`);
    if (all("script, iframe, object, embed, style, link, meta, base, [onerror], [onclick], [onload], [srcdoc]").length) say("has what no answer has");
    if (all("a[href]").some((it) => /^\s*(javascript|data|vbscript):/i.test(it.getAttribute("href")))) say("has a link that runs something");
    const sheets = root.adoptedStyleSheets;
    if (new Set(sheets).size !== sheets.length) say(`${sheets.length} stylesheets, of which ${new Set(sheets).size} differ`);
    for (const [selector, what] of [[".body", "interfaces"], [".clear", "buttons that clear"], [".suggestion", "lines for an offer"], [".recent", "lists of recent searches"], [".rescue", "plain lists"], ["#launcher", "launchers"], ["dialog", "panels"], [".escalation", "hand-overs"]]) {
      if (all(selector).length > 1) say(`${all(selector).length} ${what}`);
    }
    const mode = ["compact", "panel", "dialog"].find((it) => it === host.getAttribute("mode"));
    const launcher = one("#launcher");
    if (launcher && launcher.getAttribute("aria-expanded") !== String(is(host, "open"))) say("its launcher says otherwise than its state");
    if (launcher && !mode) say("a launcher in the flow of the page");
    const over = one("dialog");
    if (over && over.matches(":modal, :popover-open") !== is(host, "open")) say("its panel is not as its state is");
    if (over && over.matches(":modal") && mode !== "dialog") say("a panel that is modal");
    if (over && !over.contains(one("#box"))) say("its panel has nothing in it");
    const theme = host.getAttribute("theme");
    // Whoever has colours of their own has those.
    const isForced = matchMedia("(forced-colors: active)").matches;
    if (!isForced && ["light", "dark"].includes(theme) && getComputedStyle(host).colorScheme !== theme) say(`its colours are ${getComputedStyle(host).colorScheme} by ${sheets.length} stylesheets`);
    if (is(host, "ready")) {
      const body = one(".body");
      if (!body) return (say("is ready and shows nothing"), wrong);
      if (!one("slot").hidden) say("is ready and shows the children");
      if (one(".rescue")) say("is ready and shows the plain list");
      const pressed = all(".areas:not(.recent) [aria-pressed=true]");
      if (one(".areas:not(.recent)") && pressed.length !== 1) say(`${pressed.length} areas are chosen`);
      const known = all(".areas:not(.recent) .area").map((it) => it.value).filter(Boolean);
      const wanted = (host.getAttribute("areas") ?? "").match(AREAS) ?? [];
      if (wanted.length && known.some((it) => wanted.includes(it)) && known.some((it) => !wanted.includes(it))) say(`shows the areas ${known}`);
      const rows = all(".results > .result");
      const docs = rows.map((it) => it.querySelector(".toggle").dataset.doc);
      if (new Set(docs).size !== docs.length) say("an answer is there twice");
      const open = rows.filter((it) => it.querySelector(".toggle").getAttribute("aria-expanded") === "true");
      if (open.length > 1) say(`${open.length} answers are open`);
      for (const it of rows) {
        const body = it.querySelector(`#${it.querySelector(".toggle").getAttribute("aria-controls")}`);
        if (Boolean(body.firstChild) !== open.includes(it)) say(`the answer ${text(it.querySelector(".toggle"))} is ${body.firstChild ? "closed and has a body" : "open and has none"}`);
        if (it.hasAttribute("data-open") !== open.includes(it)) say("a row looks otherwise than it says");
      }
      const status = text(one("[part=status]"));
      const number = /\d+/.exec(status);
      const more = one(".more");
      const hidden = more && !more.hidden ? Number(/\d+/.exec(more.textContent)[0]) : 0;
      // One answer may be said without a digit, and a host may say anything.
      if (rows.length && number && !host.messages && Number(number) !== rows.length + hidden) say(`"${status}" over ${rows.length} answers and ${hidden} more`);
      const level = host.headingLevel;
      const heading = one(".results [part=symptom]")?.parentElement.localName;
      if (heading && level >= 1 && level <= 6 && heading !== `h${level}`) say(`its answers are ${heading}`);
      if ((one("search").ariaLabel ?? "") !== host.label) say(`it is called ${one("search").ariaLabel}`);
      for (const it of all(".timer [role=timer]")) if (!it.textContent) say("a wait without a time");
    }
    if (is(host, "failed") && one("slot").hidden) say("has failed and hides the children");
    return wrong;
  }

  // What comes while the pointer is on its way may move what it was meant for.
  let [aim, isHit] = [undefined, false];
  addEventListener("pointerdown", (it) => (isHit = it.composedPath().includes(aim)), true);

  const soak = (globalThis.soak = {
    takesOver: false,
    /** Whether the last press came where it was meant to. */
    isHit: () => ((aim = undefined), isHit),
    /** Lets the time of day jump, in seconds. */
    jump: (seconds) => (ahead += seconds * 1000),

    /** Where something is that a person could press: what a selector finds in any element, shown and not covered. */
    async pick(selector, fraction, way) {
      const seen = (it) => it.checkVisibility({ visibilityProperty: true }) && !it.disabled;
      const found = at(hosts().flatMap((it) => [...it.shadowRoot.querySelectorAll(selector)]).filter(seen), fraction);
      if (!found) return null;
      [aim, isHit] = [found, false];
      found.scrollIntoView({ block: "center", behavior: "instant" });
      // Of a line that is broken the first piece.
      const [box] = found.getClientRects();
      if (!box) return null;
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      let hit = document.elementFromPoint(x, y);
      for (let it; (it = hit?.shadowRoot?.elementFromPoint(x, y)) && it !== hit; ) hit = it;
      const what = `${found.localName}.${found.className} ${text(found).slice(0, 40)}`;
      if (way !== "keys" && hit && (found.contains(hit) || found.getRootNode() === hit.getRootNode() && hit.contains(found))) return { x, y, what };
      found.focus();
      return focused() === found ? { what, isLink: found.localName === "a" || found.localName === "button" } : null;
    },

    /** Whether the focus is inside an element, and on what. */
    focus() {
      const it = focused();
      const host = it?.getRootNode().host;
      // What was hidden loses it with the next frame.
      const isShown = it?.checkVisibility({ visibilityProperty: true });
      return { isNowhere: !isShown || it === document.body || it === document.documentElement, isInside: isShown && host?.localName === tag, what: it ? `${it.localName}.${it.className}` : "nothing", isStill: hosts().every((it) => !is(it, "loading")) };
    },

    /** What is wrong now. */
    wrong() {
      const wrong = hosts().flatMap(wrongIn);
      wrong.push(...told.splice(0));
      if (globalThis.hacked) wrong.push("a text ran");
      if (document.querySelectorAll(".unstuck-print").length > 1) wrong.push("several sheets of paper");
      return wrong;
    },

    /** What was told since the last time, and what the browser reported. */
    drain() {
      const { recordedEvents: events, recordedPolicy: policy } = globalThis;
      return { events: events.splice(0).map(({ name, detail }) => ({ name, detail })), policy: policy.splice(0) };
    },

    /** Of those that told that an answer was opened, the ones that show none. Nothing where the host changed something. */
    async closed() {
      const wrong = [];
      for (let tries = 0; tries < 5; tries++) {
        wrong.length = 0;
        for (const [host, id] of openers) if (host.isConnected && is(host, "ready") && !openRow(host)) wrong.push(`tells that ${id} was opened, and nothing is open [${host.outerHTML.split(">")[0]}]`);
        if (!wrong.length) break;
        await new Promise((done) => setTimeout(done, 100));
      }
      openers.clear();
      return wrong;
    },
    forget: () => openers.clear(),

    isStill: () => hosts().every((it) => !is(it, "loading")),

    /** Takes from an element what a new one would not have: what was begun, and what is being handed over. */
    async calm(host) {
      const root = host.shadowRoot;
      root.querySelector(".escalation .buttons button:last-child")?.click();
      const forget = root.querySelector(".body > .tool:last-child");
      if (forget && !forget.hidden) forget.click();
      await new Promise((done) => setTimeout(done, 50));
    },

    /** What an element shows of what it was asked, to be compared. */
    shown(host) {
      const root = host.shadowRoot;
      const tree = (node) => {
        if (node.nodeType === 3) return node.data;
        if (node.nodeType !== 1) return "";
        // Where one came from, what was said, and how far one is.
        if (node.matches(".entry > .tool, .guide-head .tool, .buttons, .outcome, .timer")) return "";
        const names = ["class", "aria-expanded", "aria-pressed", "href", "lang", "for", "id", "part", "value", "dir", "alt"];
        const attributes = names.filter((it) => node.hasAttribute(it)).map((it) => ` ${it}=${node.getAttribute(it)}`);
        if (node.matches(".step")) attributes.push(node.hasAttribute("data-done") ? " done" : "");
        return `<${node.localName}${attributes.join("")}>${[...node.childNodes].map(tree).join("")}\n`;
      };
      const of = (selector) => [...root.querySelectorAll(selector)].map(tree);
      return {
        query: root.querySelector("input").value,
        label: text(root.querySelector("label")),
        name: root.querySelector("search").ariaLabel,
        launcher: text(root.querySelector("#launcher")),
        areas: of(".areas:not(.recent)"),
        status: text(root.querySelector("[part=status]")),
        rows: of(".results > .result"),
        elsewhere: of(".body > .offers:nth-of-type(3)"),
        links: of(".way-on > :not(.advice)"),
        lang: root.querySelector(".body")?.lang,
      };
    },

    /** A new element beside another that is given the same; whether what both show is the same. Nothing where they cannot be compared. */
    async compare(fraction, pause) {
      const rest = (ms) => new Promise((done) => setTimeout(done, ms));
      // What opens it may have been out of reach: then it stands in the flow of the page until it is asked again.
      const hasFrame = (it) => Boolean(it.shadowRoot.querySelector("#launcher")) === ["compact", "panel", "dialog"].includes(it.mode);
      const host = at(hosts().filter((it) => is(it, "ready") && hasFrame(it)), fraction);
      if (!host) return null;
      const root = host.shadowRoot;
      await this.calm(host);
      await rest(pause);
      if (!is(host, "ready") || !host.isConnected) return null;
      const open = openRow(host)?.dataset.doc;
      const area = root.querySelector(".areas:not(.recent) [aria-pressed=true]")?.value ?? "";
      const query = root.querySelector("input").value;
      const other = host.cloneNode(false);
      for (const it of ["id", "query", "entry", "area", "watch", "route", "remember", "shortcut"]) other.removeAttribute(it);
      other.setAttribute("loading", "eager");
      for (const it of ["contacts", "context", "messages", "kbData"]) if (host[it]) other[it] = host[it];
      host.after(other);
      try {
        if (!(await other.ready.then(() => true, () => false))) return null;
        const input = other.shadowRoot.querySelector("input");
        if (query) {
          input.value = query;
          input.dispatchEvent(new Event("input"));
        }
        await rest(20);
        other.shadowRoot.querySelector(`.areas:not(.recent) [value="${area}"]`)?.click();
        await rest(pause);
        // What is clear opens by itself, some time or other on a machine that is busy.
        for (let tries = 0; tries < 4; tries++) {
          const now = openRow(other);
          if (now?.dataset.doc !== open) {
            const row = open === undefined ? now : other.shadowRoot.querySelector(`.toggle[data-doc="${open}"]`);
            if (!row) return null;
            row.click();
          }
          await rest(200);
        }
        if (!host.isConnected || !is(host, "ready") || openRow(host)?.dataset.doc !== open || root.querySelector("input").value !== query) return null;
        const [ours, theirs] = [this.shown(host), this.shown(other)];
        // Whoever wanted more has more.
        ours.rows.length = Math.min(ours.rows.length, theirs.rows.length);
        const differ = Object.keys(ours).filter((it) => JSON.stringify(ours[it]) !== JSON.stringify(theirs[it]));
        return differ.map((it) => {
          const [a, b] = [JSON.stringify(ours[it]), JSON.stringify(theirs[it])];
          const from = Math.max(0, [...a].findIndex((it, at) => it !== b[at]) - 80);
          return `${it}: ${a.slice(from, from + 240)} — a new one: ${b.slice(from, from + 240)} [${host.outerHTML.split(">")[0]}]`;
        });
      } finally {
        other.remove();
      }
    },
  });
}
