// What helps where the widget cannot: the answers as a plain list with a plain
// filter, a way to try again, and after a trap the widget once more. Loaded
// when something has failed; needs neither the WASM nor the compiled index.
import { answersMany, answersOne, failed, plain as plainList, retry } from "../ui/messages/en.json";
import { nearestLang, speak, word } from "./lang.js";
import style from "unstuck-rescue-style";

/** The code of a script that cannot be had. */
const UNREACHABLE = "wasm-unreachable";

/** The inline marks of a rich text: `src/index/text.rs` has the list. */
const MARKS = { "\x01": "strong", "\x02": "em", "\x03": "code", "\x04": "kbd", "\x05": "a" };

/** Another name for the same file: what failed or has trapped is kept under the former. */
let tries = 0;
let another;

/** The address of the widget that trapped first. */
let trapped;

function widget() {
  const next = (file) => {
    // The bundler would look for files by a name that stands in the call.
    const name = `${file}?${tries + 1}`;
    return import(name);
  };
  // Where a host's bundler has moved it, its own name is known to the bundler alone, until it has been there.
  another ??= (trapped ? next(trapped.split("?")[0]) : import("./widget.js").catch(() => next("./widget.js"))).catch((error) => {
    another = undefined;
    tries++;
    throw error;
  });
  return another;
}

/** Stands in for the widget that could not be loaded. Read once, `ready` fails; read again, it tries again. */
export class Live {
  #inside;
  #isTold; // that it failed
  #ready; // under way: a promise of the element

  constructor(inside, isTold) {
    this.#inside = inside;
    this.#isTold = isTold;
  }

  get ready() {
    this.#ready ??= this.#load().finally(() => (this.#ready = undefined));
    this.#ready.catch(() => {});
    return this.#ready;
  }

  async #load() {
    const { customStates, emit } = this.#inside;
    const isTold = this.#isTold;
    this.#isTold = true;
    try {
      if (!isTold) throw new Error("widget.js could not be loaded");
      await widget();
    } catch ({ message }) {
      customStates.delete("loading");
      customStates.add("failed");
      emit("error", { code: UNREACHABLE, message });
      fallBack(this.#inside).catch(() => {});
      throw UNREACHABLE;
    }
    return renew(this.#inside);
  }

  mount() {}
  unmount() {}

  changed(name) {
    // Newer than what was kept.
    if (name === "query") this.#inside.kept = undefined;
    if (this.#inside.list) fallBack(this.#inside).catch(() => {});
  }
}

/** Loads the widget anew; a promise of the element. */
async function renew(inside) {
  const { Live } = await widget();
  inside.clear?.remove();
  // What was typed where there was none yet is known to be typed.
  if (inside.session) inside.kept = inside.input.value;
  inside.live = new Live(inside);
  return inside.live.ready;
}

/**
 * After a trap: the widget once more, with what the person had; a promise of
 * the element. `body` is what was shown, `url` that of the widget which
 * trapped: where that is not the first that did, there is the list.
 */
export async function revive(inside, body, source, url) {
  const { input, at, progress } = inside;
  const next = () => {
    another = undefined;
    tries++;
  };
  if (!trapped) next();
  trapped ??= url;
  try {
    if (trapped !== url) throw url;
    await widget();
  } catch {
    next();
    inside.live = new Live(inside, true);
    fallBack(inside, source).catch(() => {});
    throw "trap";
  }
  await renew(inside);
  const { session } = inside;
  if (progress) session.restore(progress);
  const area = body?.querySelector("[aria-pressed=true]");
  if (area) session.setArea(area.value);
  // Not what another query, perhaps the one that trapped, does not find.
  if (at?.id && (!input.value || session.search(input.value, "", 1e9).some((it) => it.id === at.id))) {
    session.setEntry(at.id);
    session.route(at.id, at.step);
  } else if (at) session.setEntry("");
  return inside.root.host;
}

/** Shows every answer below the children, and what tries again. `source` says where they are. */
export async function fallBack(inside, source) {
  const { root, box, input, make, sheets } = inside;
  const { host } = root;
  const { base, audience, data } = source ?? (await inside.source());
  await speak(inside, nearestLang(host));
  const of = [base, audience, inside.spoken].join(" ");
  if (inside.list?.of === of) return inside.list.update();
  inside.list?.end();
  const words = { __proto__: inside.rules, answersMany, answersOne, failed, plain: plainList, retry, ...inside.words };
  for (const key in host.messages) words[key] = host.messages[key] ?? words[key];
  inside.label.textContent = word(inside, "searchLabel", inside.label.textContent);
  inside.named?.();
  const list = (inside.list = make("div", { className: "rescue", part: "fallback", of }));
  const status = make("p", { role: "status" });
  const again = make("button", { type: "button", textContent: words.retry });
  const say = (text) => (status.textContent = text);
  again.onclick = () => host.ready.catch(() => {});
  list.append(status, again);
  // From one answer to another: the address of the page does not lead in here.
  list.onclick = (event) => {
    const href = event.target.closest("a")?.getAttribute("href") ?? "";
    const answer = href[0] === "#" && root.getElementById(href.slice(1));
    if (!answer) return;
    event.preventDefault();
    input.value = "";
    list.update();
    answer.open = true;
    answer.firstChild.focus();
  };
  sheets.includes(style) || sheets.push(style);
  inside.dress();
  box.append(list);
  const controller = new AbortController();
  const { signal } = controller;
  list.end = () => {
    controller.abort();
    inside.list = undefined;
    const hadFocus = list.contains(root.activeElement);
    list.remove();
    if (hadFocus) input.focus();
  };
  host.addEventListener("unstuck-ready", ({ target }) => target === host && list.end(), { signal });
  say(words.failed);

  let all = [];
  const filter = () => {
    const wanted = plain(input.value).split(/\s+/);
    let n = 0;
    for (const [it, text] of all) n += !(it.hidden = !wanted.every((word) => text.includes(word)));
    for (const it of list.querySelectorAll("section")) it.hidden = !it.querySelector("details:not([hidden])");
    const number = words[`answers${n}`] ?? (n === 1 ? words.answersOne : words.answersMany).replace("{n}", n);
    say([words.failed, words.plain, number].join(" "));
  };
  const begin = async () => {
    try {
      const knowledge = await answers(base, encodeURIComponent(audience), inside.spoken);
      if (signal.aborted || all.length) return;
      list.append(...sections(knowledge, { make, host, base }));
    } catch {
      // Then there are the children.
      return;
    }
    all = [...list.querySelectorAll("details")].map((it) => [it, plain(it.textContent)]);
    input.addEventListener("input", filter, { signal });
    list.update = filter;
    filter();
  };
  // Bytes that the page brought have no such list beside them.
  list.update = data ? () => {} : begin;
  await list.update();
}

/** The knowledge base as people could read it, in a language if it has that. */
async function answers(base, audience, lang) {
  const get = async (file) => {
    const response = await fetch(new URL(file + ".json", base));
    if (!response.ok) throw response.status;
    return response.json();
  };
  const { languages, default: own } = await get(audience).catch(() => ({}));
  const known = [lang, lang.split("-")[0]].find((it) => languages?.[it]) ?? own;
  return get(audience + (known === own ? "" : "." + known) + ".entries");
}

/** How a text is compared: case and accents do not count. */
function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

/** A section an area; first the one that the element is about, and only those that exist here. */
function sections({ areas, entries, contacts, lang }, { make, host, base }) {
  const ids = host.areas.split(",").map((it) => it.trim()).filter(Boolean);
  const own = areas.map((it, at) => ({ ...it, at })).filter((it) => !ids.length || ids.includes(it.id));
  own.sort((a, b) => (b.id === host.area) - (a.id === host.area) || a.at - b.at);
  const element = (tag, ...children) => {
    const it = make(tag, {});
    it.append(...children);
    return it;
  };
  const list = (tag, items) => (items.length ? [element(tag, ...items.map((it) => element("li", ...[it].flat())))] : []);
  const note = ({ kind, text, src, alt }) =>
    kind === "picture"
      ? element("figure", make("img", { src: /^data:image\//.test(src) ? src : base + src, alt, loading: "lazy" }), element("figcaption", text))
      : element(kind === "code" ? "pre" : "p", kind === "code" ? text : rich(text, make));
  return own.map(({ title, at }) => {
    const heading = element(`h${Math.min(Math.max(host.headingLevel, 1), 6)}`, title);
    const answers = entries.filter((it) => it.area === at).map((it) => {
      const contact = { ...contacts[it.contact] };
      const theirs = host.contacts?.[contact.id];
      for (const key in contact) contact[key] = theirs?.[key] ?? contact[key];
      const found = element(
        "details",
        element("summary", rich(it.symptom, make)),
        ...it.description.map((text) => element("p", rich(text, make))),
        ...list("ul", it.causes.map((text) => rich(text, make))),
        ...list("ol", it.steps.map(({ text, notes }) => [rich(text, make), ...notes.map(note)])),
        ...it.after.map((text) => element("p", rich(text, make))),
      );
      if (contact.label) {
        const label = contact.href && isSafe(contact.href) ? make("a", { href: contact.href, textContent: contact.label }) : contact.label;
        found.append(element("p", label, `: ${contact.text}`));
      }
      found.id = it.id;
      found.open = it.id === host.entry;
      if (it.lang) found.lang = it.lang;
      return found;
    });
    const section = element("section", heading, ...answers);
    section.lang = lang;
    return section;
  });
}

/** A rich text in its own direction, whatever the page's; marks that are left open end with it. */
function rich(text, make) {
  const out = make("bdi", {});
  const open = [out];
  for (const [piece, href] of text.matchAll(/\x05([^\x05\x06]*)\x06|[\x01-\x07]|[^\x01-\x07]+/g)) {
    const tag = MARKS[piece[0]];
    if (tag) {
      const it = make(tag, {});
      if (href && isSafe(href)) it.href = href;
      // As deep as `MAX_OPEN` there; what is deeper keeps its words.
      if (open.length < 17) open.at(-1).append(it);
      open.push(open.length < 17 ? it : open[16]);
    } else if (piece !== "\x07") open.at(-1).append(piece);
    else if (open.length > 1) open.pop();
  }
  return out;
}

/** As `is_safe_href` in `src/index/text.rs`. */
function isSafe(href) {
  return !/[\0- \x7f]/.test(href) && /^((https?|mailto|tel):|[^:]*[/?#]|[^:]*$)/i.test(href);
}
