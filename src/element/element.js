// The class of <unstuck-help>: what the page sees of the widget, and all that
// is loaded before anybody needs help. It shows the search field, keeps what is
// typed, and fetches the rest (widget.js) when the element is about to be used.
// What few elements ask for is in files of its own. Importing it has no side
// effect and does not throw outside a browser.
import { searchLabel } from "../ui/messages/en.json";
import style from "unstuck-eager-style";

// Its properties. All but the first four are attributes too, and there their values live.
const NAMES =
  "contacts context messages kbData kb areas area query entry mode watch audience private heading-level label placement shortcut lang theme route remember loading".split(" ");

const Base = globalThis.HTMLElement ?? class {};

export class UnstuckHelp extends Base {
  static observedAttributes = NAMES.slice(4);

  /**
   * Defines the element. Each tag gets a class of its own; a tag that is taken
   * stays as it is.
   */
  static define(tag = "unstuck-help", registry = globalThis.customElements) {
    if (registry && !registry.get(tag)) registry.define(tag, class extends this {});
  }

  static {
    for (const name of NAMES) {
      const isAttribute = this.observedAttributes.includes(name);
      // One of them is of two words: headingLevel.
      Object.defineProperty(this.prototype, name.replace("-l", "L"), {
        get() {
          if (!isAttribute) return this.#given[name];
          const value = this.getAttribute(name);
          if (name === "private") return value !== null;
          return name === "heading-level" ? +value || 2 : (value || "");
        },
        set(value) {
          if (!isAttribute) {
            const before = this.#given[name];
            this.#given[name] = value;
            this.#changed(name, before);
          } else if (value == null || value === false) this.removeAttribute(name);
          else this.setAttribute(name, value);
        },
      });
    }
    for (const name of ["search", "suggest", "openEntry", "reset"]) {
      this.prototype[name] = async function (...given) {
        await this.ready;
        return this.#inside.live[name](...given);
      };
    }
  }

  #inside; // its parts, for its other files; `live` is the rest of the element, once widget.js is there
  #given = {}; // the properties without an attribute
  #loading; // widget.js, under way or there: a promise
  #cancel; // ends waiting for the moment to load
  #beside; // the files of their own: a promise
  #leave; // ends what they do

  constructor() {
    super();
    const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
    const inside = (this.#inside = {
      make,
      root: this.attachShadow({ mode: "open" }),
      customStates: this.attachInternals().states,
      box: make("div"),
      search: make("search", { part: "search" }),
      label: make("label", { htmlFor: "query" }),
      input: make("input", {
        id: "query",
        part: "input",
        type: "search",
        // By a person, and no session knows it yet.
        oninput: () => (inside.isTyped = true),
      }),
      slot: make("slot"),
      sheets: [style],
      // Puts on the stylesheets of the document that the element is in; that of a template has none, and shows nothing.
      dress: () => this.ownerDocument.defaultView && (inside.root.adoptedStyleSheets = inside.sheets.map(sheet, this.ownerDocument)),
      emit: (name, detail, cancelable) =>
        this.dispatchEvent(new CustomEvent("unstuck-" + name, { detail, bubbles: true, composed: true, cancelable })),
      // What to load, asked for at once and not when the script that reads it is there.
      source: async () => {
        const { kb, kbData: data } = this;
        const audience = this.audience || "customer";
        const base = new URL((kb || "kb").replace(/\/*$/, "/"), kb ? document.baseURI : import.meta.url).href;
        ask(wasm.url, wasm);
        if (!data) ask(base + audience + ".json");
        return { base, audience, data };
      },
      answers,
      wasm,
    });
    inside.search.append(inside.label, inside.input);
    inside.box.append(inside.search, inside.slot);
    inside.root.append(inside.box);
    inside.dress();
  }

  connectedCallback() {
    // A property that was set before the element was defined shadows ours: set it again.
    for (const [name, value] of Object.entries(this)) {
      if (!(name in UnstuckHelp.prototype)) continue;
      delete this[name];
      this[name] = value;
    }
    this.#name();
    this.#attach();
    if (this.#inside.live) this.#inside.live.mount();
    else this.#await();
  }

  /** Stylesheets and listeners belong to a document: another one needs its own. */
  adoptedCallback() {
    this.#detach();
    this.#inside.dress();
  }

  /** A move inside a document is no removal. */
  connectedMoveCallback() {}

  disconnectedCallback() {
    // Moving an element disconnects and connects it: look again once that is over.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#cancel?.abort();
      this.#detach();
      this.#inside.live?.unmount();
    });
  }

  attributeChangedCallback(name, old, value) {
    if (old !== value) this.#changed(name, old);
  }

  /** The element, once it can be searched. Reading it starts the loading. */
  get ready() {
    const inside = this.#inside;
    if (this.#loading) return inside.live?.ready ?? this.#loading;
    this.#cancel?.abort();
    // Whoever awaits it hears of the failure; nobody else need. So below.
    inside.source().catch(() => {});
    inside.customStates.add("loading");
    this.#loading = import("./widget.js")
      .catch(() => import("./rescue.js"))
      .then(
        ({ Live }) => (inside.live = new Live(inside)).ready,
        ({ message }) => {
          this.#loading = null;
          inside.customStates.delete("loading");
          inside.customStates.add("failed");
          inside.emit("error", { code, message });
          throw code;
        },
      );
    this.#loading.catch(() => {});
    return this.#loading;
  }

  /** Opens it, where its mode is one that opens. */
  open() {
    return this.toggle(true);
  }

  /** Closes it. */
  close() {
    return this.toggle(false);
  }

  /** Opens it where it is closed, and the other way round; or as it is told. */
  async toggle(isOpen) {
    this.ready;
    await this.#beside;
    this.#inside.show?.(isOpen);
  }

  /** Brings it up to date with an attribute or a property. */
  #changed(name, before) {
    const { input, isTyped } = this.#inside;
    this.#name();
    // Mode, route, shortcut and watch.
    if (/^(mo|ro|sh|wa)/.test(name)) {
      this.#detach();
      if (this.isConnected) this.#attach();
    }
    if (this.#inside.live) this.#inside.live.changed(name, before);
    else if (name === "loading" && this.isConnected) this.#await();
    else if (name === "query" && !isTyped) input.value = this.query;
  }

  // --- loading ---

  /** Waits for the moment that `loading` names. */
  #await() {
    if (this.#loading) return;
    this.#cancel?.abort();
    const { signal } = (this.#cancel = new AbortController());
    const start = () => this.ready;
    // Nobody types without the one, and the other comes before a link inside is followed.
    for (const name of ["focusin", "pointerdown"]) this.addEventListener(name, start, { signal });
    const { loading } = this;
    if (loading === "eager") start();
    else if (loading === "idle") (self.requestIdleCallback ?? setTimeout)(() => signal.aborted || start());
    else if (loading !== "interaction") {
      const observer = new IntersectionObserver((seen) => seen.at(-1).isIntersecting && start());
      // Where it opens, it is in sight when it is open.
      signal.onabort = () => observer.disconnect();
      observer.observe(this.#inside.box);
    }
  }

  // --- files of their own, for what not every element asks for ---

  #attach() {
    const inside = this.#inside;
    inside.placed?.();
    // What was only moved has them.
    if (this.#leave) return;
    const { signal } = (this.#leave = new AbortController());
    const isLaunched = this.mode && this.mode !== "inline";
    // Out of sight until what opens it is there; from then on that is the frame's.
    if (!inside.show) inside.box.hidden = isLaunched;
    this.#beside = Promise.all([
      (isLaunched || this.shortcut || inside.show) && import("./frame.js"),
      this.watch && import("./watch.js"),
      this.route && import("./page.js"),
    ])
      .then((files) => files.forEach((it) => it && !signal.aborted && it.attach(inside, signal)))
      .catch(({ message }) => {
        inside.box.hidden = false;
        inside.emit("error", { code, message });
      });
  }

  #detach() {
    this.#leave = this.#leave?.abort();
  }

  // --- small things ---

  /** Says its name and what the field is for. */
  #name() {
    const { search, label, named } = this.#inside;
    label.textContent = this.messages?.searchLabel ?? searchLabel;
    search.ariaLabel = this.label || null;
    named?.();
  }
}

/** The code of a script that cannot be had. */
const code = "wasm-unreachable";

/** Where the WASM is, in the words that bundlers look for, and how it is fetched; the build puts its hash in. */
const wasm = { url: new URL("unstuck.wasm", import.meta.url), integrity: WASM_INTEGRITY };

/** Answers by address, for all elements; who takes one leaves undefined. */
const answers = {};

function ask(url, options) {
  if (url in answers) return;
  // Whoever takes it hears of the failure.
  (answers[url] = fetch(url, options)).catch(() => {});
}

/** One stylesheet of each kind for all instances in a document, which is `this` and keeps them. */
function sheet(text) {
  const known = (this.unstuckSheets ??= {});
  if (!known[text]) (known[text] = new this.defaultView.CSSStyleSheet()).replaceSync(text);
  return known[text];
}
