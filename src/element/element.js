// The class of <unstuck-help>: what the page sees of the widget, and all that
// is loaded before anybody needs help. It shows the search field, keeps what
// is typed, and fetches the rest (widget.js) when the element is about to be
// used. Importing it has no side effect and does not throw outside a browser.
import { searchLabel } from "../ui/messages/en.json";

const ATTRIBUTES = ["kb", "areas", "area", "query", "entry", "audience", "lang", "loading", "label", "heading-level", "route", "remember"];

// Properties without an attribute.
const PROPERTIES = ["contacts", "context"];

// What the field needs before the stylesheet of the whole widget is there.
const EAGER_STYLE = `:host{display:block;min-block-size:var(--unstuck-min-block-size,auto)}:host([hidden]),[hidden]{display:none}
label{display:block;margin-block-end:.35em}input{box-sizing:border-box;inline-size:100%;min-block-size:2.75rem;font:inherit}`;

// What is chosen when loading; another value means loading again.
const SOURCE = ["kb", "audience", "lang", "heading-level"];

const Base = globalThis.HTMLElement ?? class {};

/** A fault of the element's contract: its code and what happened. */
const fault = (code, message) => Object.assign(new Error(message), { code });

export class UnstuckHelp extends Base {
  static observedAttributes = ATTRIBUTES;

  /**
   * Defines the element. Each tag gets a class of its own; a tag that is taken
   * stays as it is.
   */
  static define(tag = "unstuck-help", registry = globalThis.customElements) {
    if (!registry.get(tag)) registry.define(tag, class extends this {});
  }

  #root;
  #search;
  #label;
  #input;
  #slot;
  #style; // the stylesheet of the whole widget, once it is there
  #session; // the WASM session, once it is there
  #page; // its dealings with the page
  #contacts;
  #context;
  #lines = ""; // the same in words
  #attempt; // the latest load; what an earlier one brings is not wanted any more
  #loading; // the load under way or done: a promise
  #ready;
  #settle;
  #cancel; // stops waiting for the moment to load
  #typed = false; // by a person, and no session knows it yet
  #mounted = false;
  #kept = ""; // the query, while another knowledge base is loaded
  #failed = false; // then a key press is no reason to try again

  constructor() {
    super();
    // A class that stands in for HTMLElement outside a browser has no shadow.
    if (!this.attachShadow) return;
    this.#root = this.attachShadow({ mode: "open" });
    this.#dress();
    this.#newReady();

    const make = (tag, attributes) => {
      const element = document.createElement(tag);
      for (const name in attributes) element.setAttribute(name, attributes[name]);
      return element;
    };
    this.#search = make("div", { class: "search", part: "search", role: "search" });
    this.#label = make("label", { for: "query" });
    this.#input = make("input", {
      id: "query", part: "input", type: "search", autocomplete: "off", autocapitalize: "none", spellcheck: "false", enterkeyhint: "search",
    });
    this.#slot = make("slot");
    this.#search.append(this.#label, this.#input);
    this.#root.append(this.#search, this.#slot);
    this.#label.textContent = searchLabel;
    this.#input.addEventListener("input", () => {
      this.#typed = true;
      if (!this.#failed) this.#load();
    });
  }

  connectedCallback() {
    for (const name of [...ATTRIBUTES.map(property), ...PROPERTIES]) this.#upgrade(name);
    this.#showLabel();
    if (this.#session) this.#mount();
    else if (!this.#loading) this.#await();
  }

  /** Stylesheets belong to a document: another one needs its own. */
  adoptedCallback() {
    // That of a template shows nothing, and has no stylesheets.
    if (this.ownerDocument.defaultView) this.#dress();
  }

  /** A move inside a document is no removal. */
  connectedMoveCallback() {}

  disconnectedCallback() {
    // Moving an element disconnects and connects it: look again once that is over.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#cancel?.();
      this.#cancel = undefined;
      this.#unmount();
    });
  }

  attributeChangedCallback(name, old, value) {
    if (old === value) return;
    if (name === "label") this.#showLabel();
    else if (name === "loading" && this.isConnected && !this.#loading) this.#await();
    else if (this.#attempt && SOURCE.includes(name)) this.#restart();
    else if (name === "remember") this.#page?.remember(old);
    else if (name === "route") this.#page?.follow();
    else if (this.#session) this.#apply(name);
    else if (name === "query" && !this.#typed) this.#input.value = value ?? "";
  }

  /** Whom to reach, over the defaults of the knowledge base: contact id to `{ label?, href?, text? }`. */
  get contacts() {
    return this.#contacts;
  }

  set contacts(value) {
    const before = this.#contacts;
    this.#contacts = value;
    this.#tellContacts(before);
  }

  /** A plain object whose values are added to the summary of a hand-over. */
  get context() {
    return this.#context;
  }

  set context(value) {
    // Here, so that what is no text throws where the host set it.
    const line = ([name, it]) => `${name}: ${typeof it === "object" ? JSON.stringify(it) : it}`;
    this.#lines = Object.entries(value ?? {}).map(line).join("\n");
    this.#context = value;
    this.#tellContext();
  }

  /** The element, once it can be searched. Reading it starts the loading. */
  get ready() {
    this.#load();
    return this.#ready;
  }

  /** The entries that fit a text, best first; nothing on the page changes. */
  async search(text, { area = "", limit = 10 } = {}) {
    await this.ready;
    // Infinity has no place in the engine's numbers.
    const hits = this.#session.search(String(text), area ?? "", Math.min(limit, 1e9));
    if (!hits) throw this.#unknown("area", area);
    return hits;
  }

  /** Opens an entry. */
  async openEntry(id) {
    await this.ready;
    if (!id || !this.#session.setEntry(String(id))) throw this.#unknown("entry", id);
  }

  /** Starts over: no query, no open entry, the area of the attribute. */
  async reset() {
    await this.ready;
    this.#session.reset();
    this.#apply("area");
  }

  // --- loading ---

  /** Waits for the moment that `loading` names. */
  #await() {
    this.#cancel?.();
    const stops = new AbortController();
    const start = () => this.#load();
    const on = (name) => this.addEventListener(name, start, { signal: stops.signal, once: true });
    for (const name of ["focusin", "pointerdown"]) on(name);
    const moment = this.getAttribute("loading");
    // A link that leads here is a reason of its own.
    const isLinked = this.getAttribute("route") === "hash" && /[#&]unstuck[-=]/.test(location.hash);
    if (moment === "eager" || isLinked) start();
    else if (moment === "idle") {
      const wait = globalThis.requestIdleCallback ?? setTimeout;
      wait(() => stops.signal.aborted || start());
    } else if (moment !== "interaction") {
      const observer = new IntersectionObserver((seen) => seen.some((it) => it.isIntersecting) && start());
      observer.observe(this);
      stops.signal.addEventListener("abort", () => observer.disconnect());
    }
    this.#cancel = () => stops.abort();
  }

  #load() {
    if (this.#loading) return;
    const attempt = (this.#attempt = {});
    this.#cancel?.();
    this.#failed = false;
    this.#loading = this.#start(attempt).catch((error) => {
      if (attempt !== this.#attempt) return;
      this.#loading = undefined;
      this.#failed = true;
      const { code = "trap", message } = error;
      this.#emit("error", { code, message });
      this.#settle.reject(code);
      this.#newReady();
    });
  }

  async #start(attempt) {
    const lang = nearestLang(this);
    const audience = this.getAttribute("audience") || "customer";
    const kb = this.getAttribute("kb");
    const base = new URL((kb || "kb").replace(/\/*$/, "/"), kb ? document.baseURI : import.meta.url).href;
    const widget = await import("./widget.js").catch((error) => {
      throw fault("wasm-unreachable", `widget.js: ${error.message}`);
    });
    const { knowledge, Session } = await widget.load(base, audience, lang);
    // While this was loading, the host may have asked for something else.
    if (attempt !== this.#attempt) return;
    // The session holds what it is given from outside the reach of the
    // collector: through a strong reference no element would ever be freed.
    const self = new WeakRef(this);
    this.#style = widget.style;
    this.#session = new Session(knowledge, {
      messages: widget.messages,
      base,
      headingLevel: Number(this.getAttribute("heading-level")) || 2,
      tell: (name, detail) => {
        if (name === "block-wanted") self.deref()?.#fetchBlock(widget, base, detail.file);
        else return self.deref()?.#tell(name, detail);
      },
      copy: (text) => self.deref()?.#page.copy(text),
      print: () => self.deref()?.#page.print(),
    });
    this.#page = new widget.Page(this, this.#session, { base, audience });
    this.#tellContacts();
    this.#tellContext();
    for (const name of ["areas", "area", "query", "entry"]) if (this.hasAttribute(name)) this.#apply(name);
    if (this.#kept) this.#session.setQuery(this.#kept);
    if (this.isConnected) this.#mount();
    const { entries, areas } = knowledge;
    this.#emit("ready", { entries, areas, lang: knowledge.lang });
    this.#settle.resolve(this);
  }

  /** Fetches resolutions; the session shows them, or that they are not to be had. */
  async #fetchBlock(widget, base, file) {
    const session = this.#session;
    let bytes, error;
    try {
      bytes = await widget.block(base, file);
    } catch (it) {
      error = it;
    }
    if (session !== this.#session) return;
    try {
      session.addBlock(file, bytes);
    } catch (it) {
      error = it;
    }
    if (error) this.#emit("error", { code: error.code ?? error.name, message: error.message });
  }

  #mount() {
    if (this.#mounted) return;
    this.#mounted = true;
    this.#dress();
    if (this.#typed) this.#session.typed(this.#input.value);
    this.#typed = false;
    this.#session.mount(this.#root, this.#input);
    this.#page.attach();
    this.#slot.hidden = true;
  }

  #unmount() {
    this.#mounted = false;
    this.#page?.detach();
    this.#session?.unmount();
    this.#slot.hidden = false;
  }

  /** Brings the session up to date with an attribute. */
  #apply(name) {
    const value = this.getAttribute(name) ?? "";
    const session = this.#session;
    if (name === "query") session.setQuery(value);
    else if (name === "area" && !session.setArea(value)) this.#unknown("area", value);
    else if (name === "entry" && !session.setEntry(value)) this.#unknown("entry", value);
    else if (name === "areas") for (const id of session.setAreas(ids(value))) this.#unknown("area", id);
  }

  /** Another knowledge base, audience or language: load again, keep the query. */
  #restart() {
    if (this.#session) {
      this.#kept = this.#input.value;
      this.#unmount();
      // Not in the middle of what it is doing: it may be telling us of it.
      const session = this.#session;
      queueMicrotask(() => session.free());
      this.#session = this.#page = undefined;
      this.#newReady();
    }
    this.#loading = undefined;
    this.#load();
  }

  /** Puts on the stylesheets of the document that the element is in. */
  #dress() {
    const texts = this.#style ? [EAGER_STYLE, this.#style] : [EAGER_STYLE];
    this.#root.adoptedStyleSheets = texts.map((it) => sheet(it, this.ownerDocument));
  }

  #newReady() {
    this.#ready = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // Whoever awaits it hears of the failure; nobody else need.
    this.#ready.catch(() => {});
  }

  // --- small things ---

  #unknown(what, id) {
    const error = fault(`unknown-${what}`, `there is no ${what} "${id}" here`);
    this.#emit("error", { code: error.code, message: error.message });
    return error;
  }

  /** What a person did: for the page's address and storage, or for the host. False where the host takes over. */
  #tell(name, detail) {
    const { context = {} } = this;
    if (name === "moved") this.#page?.moved(detail);
    else if (name === "progressed") this.#page?.progressed();
    else if (name === "unknown-entry") this.#unknown("entry", detail.id);
    else if (name === "escalated") return this.#emit(name, { ...detail, context }, true);
    else this.#emit(name, detail);
  }

  #emit(name, detail, cancelable) {
    return this.dispatchEvent(new CustomEvent(`unstuck-${name}`, { detail, bubbles: true, composed: true, cancelable }));
  }

  /** Those of before that are no more are the knowledge base's again. */
  #tellContacts(before) {
    const words = (it) => (it == null ? undefined : String(it));
    for (const id in { ...before, ...this.#contacts }) {
      const { label, href, text } = this.#contacts?.[id] ?? {};
      this.#session?.setContact(id, words(label), words(href), words(text));
    }
  }

  #tellContext() {
    this.#session?.setContext(this.#lines);
  }

  #showLabel() {
    const label = this.getAttribute("label");
    if (label) this.#search.setAttribute("aria-label", label);
    else this.#search.removeAttribute("aria-label");
  }

  /** A property set before the element was defined shadows ours: set it again. */
  #upgrade(name) {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    delete this[name];
    this[name] = value;
  }
}

// Each attribute is a property too; the attribute is where the value lives.
for (const name of ATTRIBUTES) {
  Object.defineProperty(UnstuckHelp.prototype, property(name), {
    configurable: true,
    enumerable: true,
    get() {
      const value = this.getAttribute(name);
      return name === "heading-level" ? Number(value) || 2 : (value ?? "");
    },
    set(value) {
      if (value == null) this.removeAttribute(name);
      else this.setAttribute(name, value);
    },
  });
}

function property(attribute) {
  return attribute.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
}

function ids(list) {
  return list.split(",").map((it) => it.trim()).filter(Boolean);
}

// One stylesheet of each kind for all instances in a document.
const sheets = new WeakMap();

function sheet(text, document) {
  if (!sheets.has(document)) sheets.set(document, new Map());
  const known = sheets.get(document);
  if (!known.has(text)) {
    const made = new document.defaultView.CSSStyleSheet();
    made.replaceSync(text);
    known.set(text, made);
  }
  return known.get(text);
}

/** The nearest `lang` up the tree, through shadow roots; then English. */
function nearestLang(element) {
  for (let it = element; it; it = it.parentNode ?? it.host) {
    const lang = it.lang || it.getAttribute?.("lang");
    if (lang) return lang;
  }
  return document.documentElement.lang || "en";
}
