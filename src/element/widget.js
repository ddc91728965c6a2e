// Everything behind the search field: the part of an element that is there once
// it is used. The build lays the name of the stylesheet on src/ui/unstuck.css
// minified.
import messages from "../ui/messages/en.json";
import style from "unstuck-style";
import { block, fault, load, named } from "./engine.js";
import { trap } from "./guard.js";
import { nearestLang, speak, word } from "./lang.js";

/** Has what the page must lend an element, where it asks for it: see page.js. */
const pageOf = (host) =>
  (host.route === "hash" || host.remember) &&
  import("./page.js").catch((error) => {
    throw fault("wasm-unreachable", `page.js: ${error.message}`);
  });

/** What the field needs once somebody types. */
const FIELD = { autocomplete: "off", autocapitalize: "none", spellcheck: false, enterKeyHint: "search" };

/** What is chosen when loading: another value means loading again. */
const SOURCE = ["kb", "audience", "lang", "kbData"];

/** The rest of an element, as long as the element lives. */
export class Live {
  #inside;
  #host;
  #source;
  #blocks; // integrity of the files with resolutions, by name
  #session; // the WASM session, once it is there
  #page; // what the page lends
  #ready; // the latest load, under way or done: a promise of the element
  #latest; // the same, failed too
  #isMounted = false;

  constructor(inside) {
    const { named } = inside;
    this.#inside = inside;
    this.#host = inside.root.host;
    // The element itself knows its English name alone.
    inside.named = () => {
      named?.();
      inside.label.textContent = word(inside, "searchLabel", messages.searchLabel);
    };
    for (const name of ["search", "suggest", "openEntry", "reset"]) {
      const method = this[name];
      // Another knowledge base may be on its way.
      this[name] = (...given) => {
        if (!this.#session) return this.ready.then(() => inside.live[name](...given));
        const result = method.apply(this, given);
        if (!trap.error) return result;
        this.trapped();
        throw fault("trap", String(trap.error));
      };
    }
    inside.take = (id, text) => this.#session?.takeSuggestion(id, text);
    // After a trap it is there.
    inside.sheets.includes(style) || inside.sheets.push(style);
    inside.box.className = "box";
    inside.box.onclick = (event) => this.#follow(event);
    Object.assign(inside.input, FIELD);
    // No letters: to call the module takes longer than to leave it alone.
    inside.input.onkeydown = (event) => {
      if (event.key?.length > 1 && this.#isMounted) this.#session.pressed(event);
    };
    inside.clear = newClear(inside);
  }

  /** The element, once it can be searched. Reading it starts the loading. */
  get ready() {
    if (this.#ready) return this.#ready;
    this.#become("loading");
    const ready = (this.#ready = this.#latest = this.#load()
      .then((loaded) => {
        // While this was loading, the host may have asked for something else.
        if (ready !== this.#latest) return this.#latest;
        this.#begin(loaded);
        return this.#host;
      })
      .catch(({ code = "trap", message }) => {
        if (ready !== this.#latest) return this.#latest;
        if (trap.error) return this.trapped();
        this.#ready = undefined;
        this.#fail(code, message, (it) => it.fallBack(this.#inside, this.#source));
        throw code;
      }));
    // Whoever awaits it hears of the failure; nobody else need.
    ready.catch(() => {});
    return ready;
  }

  async #load() {
    try {
      this.#source = { ...(await this.#inside.source()), lang: nearestLang(this.#host) };
    } catch ({ message }) {
      throw fault("kb-unreachable", message);
    }
    const [loaded, page] = await Promise.all([load(this.#source, this.#inside), pageOf(this.#host), speak(this.#inside, this.#source.lang)]);
    if (trap.error) throw trap.error;
    return { ...loaded, page };
  }

  /** Takes the element's place, with all that its host and its person asked for before. */
  #begin({ knowledge, blocks, Session, page }) {
    const inside = this.#inside;
    // The session holds what it is given from outside the reach of the
    // collector: through a strong reference no element would ever be freed.
    const self = new WeakRef(this);
    this.#blocks = blocks;
    this.#session = inside.session = new Session(knowledge, {
      base: this.#source.base,
      tell: (name, detail) => self.deref()?.#tell(name, detail),
      copy: (text) => self.deref()?.#copy(text),
      print: () => self.deref()?.#print(),
    });
    if (page) this.#page = this.#newPage(page);
    this.#configure();
    this.#tellContacts();
    this.#tellContext();
    for (const name of ["areas", "area", "query", "entry"]) if (this.#host.hasAttribute(name)) this.#apply(name);
    if (inside.kept !== undefined) this.#session.setQuery(inside.kept);
    inside.kept = undefined;
    // Asked for in the meantime.
    if (!page) this.changed("route");
    if (this.#host.isConnected) this.mount();
    if (trap.error) return;
    this.#become("ready");
    const { entries, areas, lang } = knowledge;
    inside.emit("ready", { entries, areas, lang });
  }

  /** Another knowledge base, audience or language: loads again, keeps the query. */
  #restart() {
    const session = this.#session;
    if (session) {
      this.#inside.kept = this.#inside.input.value;
      this.unmount();
      // Not in the middle of what it is doing: it may be telling us of it.
      queueMicrotask(() => session.free());
      this.#session = this.#page = this.#inside.at = this.#inside.progress = undefined;
    }
    this.#ready = undefined;
    this.ready;
    this.#inside.renew?.();
  }

  mount() {
    if (this.#isMounted || !this.#session) return;
    this.#isMounted = true;
    trap.lives.add(this);
    if (trap.error) return this.trapped();
    const { dress, input, clear, box, slot } = this.#inside;
    dress();
    // It has no place in the flow by the stylesheet alone.
    input.after(clear);
    if (this.#inside.isTyped) this.#session.typed(input.value);
    this.#inside.isTyped = false;
    this.#session.mount(box, input);
    this.#page?.attach();
    slot.hidden = true;
  }

  unmount() {
    const { box, input } = this.#inside;
    // What has the focus goes away; who was there stays with us.
    if (box.querySelector(".body:focus-within")) input.focus();
    // What was typed is known by then.
    if (this.#isMounted) this.#inside.isTyped = false;
    this.#isMounted = false;
    trap.lives.delete(this);
    this.#page?.detach();
    this.#session?.unmount();
    this.#inside.slot.hidden = false;
  }

  /** Its module is no more: another one takes over; a promise of the element. */
  trapped() {
    const inside = this.#inside;
    const body = inside.box.querySelector(".body");
    this.unmount();
    body?.remove();
    this.#session = undefined;
    this.#ready = this.#fail("trap", String(trap.error), (it) => it.revive(inside, body, this.#source, import.meta.url));
    return this.#ready;
  }

  /** Brings it up to date with an attribute or a property. */
  changed(name, before) {
    if (SOURCE.includes(name)) trap.error || this.#restart();
    else if (!this.#session) {
      // Newer than what was kept.
      if (name === "query") this.#inside.kept = undefined;
    } else if (name === "contacts") this.#tellContacts(before);
    else if (name === "context") this.#tellContext();
    else if (name === "messages" || name === "heading-level") {
      const isMounted = this.#isMounted;
      if (isMounted) this.unmount();
      this.#configure();
      if (isMounted) this.mount();
    } else if (name === "route" || name === "remember") {
      this.#lend(name, before).catch(({ code, message }) => this.#fault(code, message));
    } else this.#apply(name);
  }

  search(text, options) {
    const { area, limit } = options ?? {};
    // Infinity has no place in the engine's numbers.
    const hits = this.#session.search(String(text), area ?? "", Math.min(Math.max(limit ?? 10, 0), 1e9));
    if (!hits) throw this.#unknown("area", area);
    return hits;
  }

  suggest(text) {
    return this.#session.suggest(String(text)) ?? null;
  }

  openEntry(id) {
    if (!id || !this.#session.setEntry(String(id))) throw this.#unknown("entry", id);
  }

  reset() {
    this.#session.reset();
    this.#inside.input.value = "";
    this.#apply("area");
  }

  #configure() {
    const inside = this.#inside;
    const words = { __proto__: inside.rules, ...messages, ...inside.words };
    // Whoever brings words of their own brings them in the page's language.
    words.lang = inside.words || this.#host.messages ? inside.spoken.toLowerCase() : "en";
    for (const [key, it] of Object.entries(this.#host.messages ?? {})) words[key] = it ?? words[key];
    inside.clear.ariaLabel = words.clear;
    inside.named();
    this.#session.configure(words, this.#host.headingLevel);
  }

  #apply(name) {
    // The field has one line, and shows what is searched for.
    const value = (this.#host.getAttribute(name) ?? "").replace(/[\r\n]+/g, " ");
    const session = this.#session;
    if (name === "query") {
      session.setQuery(value);
      // Now, and not with the interface; but what was typed before there was a session comes after it.
      if (this.#isMounted || !this.#inside.isTyped) this.#inside.input.value = value;
    } else if (name === "area" && !session.setArea(value)) this.#unknown("area", value);
    else if (name === "entry" && !session.setEntry(value)) this.#unknown("entry", value);
    else if (name === "areas") {
      for (const id of session.setAreas(ids(value))) this.#unknown("area", id);
      this.#inside.renew?.();
    }
  }

  /** Those of before that are no more are the knowledge base's again. */
  #tellContacts(before) {
    const words = (it) => (it == null ? undefined : String(it));
    const { contacts } = this.#host;
    for (const id in { ...before, ...contacts }) {
      const { label, href, text } = contacts?.[id] ?? {};
      this.#session.setContact(id, words(label), words(href), words(text));
    }
  }

  #tellContext() {
    const line = ([name, it]) => `${name}: ${typeof it === "object" ? JSON.stringify(it) : it}`;
    try {
      this.#session.setContext(Object.entries(this.#host.context ?? {}).map(line).join("\n"));
    } catch (error) {
      // What cannot become text is the page's mistake, and nothing else suffers from it.
      reportError(error);
    }
  }

  /** What a person did: for the page's address and storage, or for the host. False where the host takes over. */
  #tell(name, detail) {
    const { context, private: isPrivate } = this.#host;
    if (name === "block-wanted") this.#fetchBlock(detail.file);
    else if (name === "moved") {
      this.#inside.at = detail;
      this.#page?.moved(detail);
    } else if (name === "progressed") {
      this.#inside.progress = this.#session.progress();
      this.#page?.progressed();
    }
    else if (name === "unknown-entry") this.#unknown("entry", detail.id);
    else if (name === "escalated") return this.#inside.emit(name, { ...detail, context: context ?? {} }, true);
    else {
      if (isPrivate) delete detail.query;
      this.#inside.emit(name, detail);
    }
  }

  /** Tells it, and lets what can be done without the engine be done; a promise of that. */
  #fail(code, message, rescue) {
    this.#become("failed");
    this.#fault(code, message);
    const rescued = import("./rescue.js").then(rescue);
    // Without that there are the children.
    rescued.catch(() => {});
    return rescued;
  }

  /** Told, and to be thrown. */
  #fault(code, message) {
    this.#inside.emit("error", { code, message });
    return fault(code, message);
  }

  /** Shows where it is to the page's styles. */
  #become(state) {
    const { customStates } = this.#inside;
    for (const it of ["loading", "ready", "failed"]) customStates.delete(it);
    customStates.add(state);
  }

  #newPage({ Page }) {
    return new Page(this.#inside, this.#session, this.#source);
  }

  #unknown(what, id) {
    return this.#fault(`unknown-${what}`, `there is no ${what} "${id}" here`);
  }

  /** Fetches resolutions; the session shows them, or that they are not to be had. */
  async #fetchBlock(file) {
    const session = this.#session;
    let bytes, error;
    try {
      bytes = await block(this.#source.base, file, this.#blocks?.[file]);
    } catch (it) {
      error = it;
    }
    if (session !== this.#session) return;
    try {
      session.addBlock(file, bytes);
    } catch (it) {
      error = named(it);
    }
    if (error) this.#fault(error.code, error.message);
  }

  // --- the page ---

  /** A link of ours is about to be followed, unless the host does it. What stands inside the element is the host's. */
  #follow(event) {
    const link = event.target.closest("a[href]");
    if (!link || this.#host.contains(link) || event.defaultPrevented) return;
    if (!this.#inside.emit("navigate", { href: link.href }, true)) event.preventDefault();
  }

  /** Lends it the page's address or storage, or takes them away. */
  async #lend(name, before) {
    if (!this.#page) {
      const page = await pageOf(this.#host);
      // It may have come, or its session gone, in the meantime.
      if (!page || this.#page || !this.#session) return;
      this.#page = this.#newPage(page);
      if (this.#isMounted) this.#page.attach();
    } else if (name === "route") this.#page.follow();
    else this.#page.remember(before);
  }

  async #copy(text) {
    let isCopied = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // No clipboard, as on pages without TLS, or no permission.
      const { root, make, box } = this.#inside;
      const focused = root.activeElement;
      const area = make("textarea", { value: text });
      box.append(area);
      area.select();
      isCopied = document.execCommand("copy");
      area.remove();
      focused?.focus();
    }
    if (this.#isMounted) this.#session.copied(text, isCopied);
  }

  #print() {
    const failed = ({ message }) => this.#fault("wasm-unreachable", `print.js: ${message}`);
    import("./print.js").then((it) => it.print(this.#inside.root), failed);
  }
}

/** A button that empties the field; the stylesheet shows it where there is something to clear. */
function newClear({ make, input }) {
  const onclick = () => {
    input.value = "";
    input.dispatchEvent(new Event("input"));
    input.focus();
  };
  return make("button", { type: "button", className: "clear", part: "clear", onclick });
}

function ids(list) {
  return [...new Set(list.split(",").map((it) => it.trim()).filter(Boolean))];
}
