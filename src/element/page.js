// What the page lends an element that asks for it: its address and its storage.
// Each may be missing or refuse; none of that breaks anything.

import { Recent } from "./recent.js";

/** Names the storage of what is remembered; another format is another name. */
const STORE = "unstuck/1";

/** What it hears of. */
const EVENTS = ["hashchange", "storage"];

/** What stands before the answer in the fragment of the page's address. */
const ROUTE = "unstuck";

/** Those that are in a page. */
const pages = new Set();

/** A link to an answer is a reason to load, now and until `signal` ends it. `inside` are the parts of an element. */
export function attach({ root: { host } }, signal) {
  const follow = () => {
    if (host.route === "hash" && location.hash.includes(ROUTE)) host.ready.catch(() => {});
  };
  addEventListener("hashchange", follow, { signal });
  follow();
}

/** One element's dealings with its page, as long as it is in it. */
export class Page {
  #host;
  #session;
  #key;
  #isAttached = false;
  #route = ""; // what the address said last
  #adopted; // the name under which it said so
  #recent; // what was searched for lately

  /** `base` and `audience` tell one knowledge base from another. */
  constructor(inside, session, { base, audience }) {
    this.#host = inside.root.host;
    this.#session = session;
    this.#key = [STORE, new URL(base).pathname, audience].join(" ");
    this.#recent = new Recent(inside, `${this.#key} recent`, (kind) => this.#storage(kind));
  }

  /** Begins to listen, and takes up what was remembered and where a link leads. */
  attach() {
    this.#isAttached = true;
    pages.add(this);
    for (const it of EVENTS) addEventListener(it, this);
    this.#recent.attach();
    this.restore();
    this.follow();
  }

  detach() {
    this.#isAttached = false;
    pages.delete(this);
    for (const it of EVENTS) removeEventListener(it, this);
    this.#recent.detach();
  }

  /** Another address, or what another tab remembered. */
  handleEvent({ type, key, storageArea }) {
    if (type === "hashchange") return this.follow();
    if (this.#storage() !== storageArea) return;
    this.#recent.changed(key);
    if (key === this.#key || key === null) this.restore(true);
  }

  // --- the address ---

  /** The elements of the page that have routes, those without an id alone with `plain`. */
  #others(plain = "") {
    return document.querySelector(`${this.#host.localName}[route=hash]${plain}`);
  }

  /** The name of this element's part of the fragment; of those without an id the first has one. */
  #name() {
    const { id } = this.#host;
    if (this.#host.getAttribute("route") !== "hash" || !this.#isAttached) return null;
    if (id) return `${ROUTE}-${encodeURIComponent(id)}`;
    return (this.#others(":not([id])") ?? this.#host) === this.#host ? ROUTE : null;
  }

  /** The parts of the fragment as pairs of name and text. */
  #parts() {
    return location.hash.slice(1).split("&").filter(Boolean).map((it) => [it.split("=")[0], it]);
  }

  /** Goes where the address leads. An element that no link is about stays as it is. */
  follow() {
    const name = this.#name();
    if (!name) return;
    const part = (name) => this.#parts().find((it) => it[0] === name)?.[1];
    let own = part(name);
    // Where every element has an id, a link without one is the first's.
    this.#adopted = !own && !this.#others(":not([id])") && this.#others() === this.#host ? ROUTE : name;
    own ??= part(this.#adopted) ?? "";
    const route = own.slice(own.indexOf("=") + 1);
    if (route === this.#route) return;
    const [id, step] = route.split("/");
    this.#route = route;
    // Whoever follows a link to an answer wants to see it.
    if (id) this.#host.open();
    this.#session.route(decoded(id), Math.min(parseInt(step) || 0, 1e6));
  }

  /** Writes into the address what is open; what else is in the fragment stays. */
  moved({ id, step, new: isNew }) {
    const name = this.#name();
    const route = id === null ? "" : encodeURIComponent(id) + (step > 1 ? `/${step}` : "");
    if (!name || route === this.#route) return;
    this.#route = route;
    const parts = this.#parts().filter((it) => it[0] !== name && it[0] !== this.#adopted).map((it) => it[1]);
    if (route) parts.push(`${name}=${route}`);
    // Not relative: that would be to the page's `<base>`.
    const url = new URL(location.href);
    url.hash = parts.join("&");
    history[isNew ? "pushState" : "replaceState"](history.state, "", url);
  }

  // --- the storage ---

  #storage(kind = this.#host.getAttribute("remember")) {
    try {
      return { local: () => localStorage, session: () => sessionStorage }[kind]?.();
    } catch {
      // Blocked: then nothing is remembered.
    }
  }

  /** Takes up what was remembered; with `always` also that nothing is. */
  restore(always) {
    try {
      const text = this.#storage()?.getItem(this.#key);
      if (text || always) this.#session.restore(text ?? "");
    } catch {
      // Unreadable: the same as nothing.
    }
  }

  progressed(kind) {
    const text = kind ? "" : this.#session.progress();
    try {
      if (text) this.#storage(kind)?.setItem(this.#key, text);
      else this.#storage(kind)?.removeItem(this.#key);
      // Other elements of this page: of them no event tells.
      if (!kind) for (const it of pages) if (it !== this && it.#key === this.#key && it.#storage() === this.#storage()) it.restore(true);
    } catch {
      // Full: what is on the page stays.
    }
  }

  /** Another storage: what the former held is taken away. */
  remember(before) {
    if (before) this.progressed(before);
    this.#recent.move(before);
    this.restore();
    this.progressed();
  }
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
