// What a person searched for lately, offered below the field while that is
// empty. Only in pages that remember, and nothing of it leaves the storage that
// the page named; with `private` nothing typed is told to us either.
import { forgetRecent, recent } from "../ui/messages/en.json";
import { word } from "./lang.js";

/** More of them would push the answers off a phone's screen. */
const MOST = 5;

/** In characters: what is longer was pasted, and says nothing as a button. */
const LONGEST = 60;

/** The recent searches of one element, as long as it is in its page. */
export class Recent {
  #inside;
  #key;
  #storage;
  #shown; // the buttons, where there are any

  /** `storage` gives that of a kind, or of the element's own; nothing where there is none. */
  constructor(inside, key, storage) {
    this.#inside = inside;
    this.#key = key;
    this.#storage = storage;
  }

  attach() {
    this.#inside.root.host.addEventListener("unstuck-search", this);
    this.#show();
  }

  detach() {
    this.#inside.root.host.removeEventListener("unstuck-search", this);
    this.#shown?.remove();
  }

  /** A search that somebody paused on and that found something. */
  handleEvent({ detail: { query, count } }) {
    const text = query?.trim();
    if (!text || !count || text.length > LONGEST) return;
    // What was typed on the way to it is no search of its own.
    const others = this.#texts().filter((it, at) => it !== text && !(at === 0 && text.startsWith(it)));
    this.#keep([text, ...others].slice(0, MOST));
  }

  /** Another tab changed the storage. */
  changed(key) {
    if (key === this.#key || key === null) this.#show();
  }

  /** Another storage: what the former held is taken out of it and put before what this one holds. */
  move(before) {
    const texts = new Set([...this.#texts(before), ...this.#texts()]);
    this.#keep([], before);
    this.#keep([...texts].slice(0, MOST));
  }

  /** Whatever stands there: others may write into the storage too. */
  #texts(kind) {
    try {
      const texts = JSON.parse(this.#storage(kind)?.getItem(this.#key));
      return texts.filter((it) => typeof it === "string" && it && it.length <= LONGEST).slice(0, MOST);
    } catch {
      return [];
    }
  }

  #keep(texts, kind) {
    try {
      if (texts.length) this.#storage(kind)?.setItem(this.#key, JSON.stringify(texts));
      else this.#storage(kind)?.removeItem(this.#key);
    } catch {
      // Full or blocked: then they are not remembered.
    }
    this.#show();
  }

  #show() {
    const inside = this.#inside;
    const { make, input, search } = inside;
    this.#shown?.remove();
    const texts = this.#texts();
    if (!texts.length) return;
    const name = word(inside, "recent", recent);
    const button = (className, textContent, onclick) => make("button", { type: "button", className, textContent, onclick });
    const again = (text) => {
      input.value = text;
      input.dispatchEvent(new Event("input"));
      input.focus();
    };
    const forget = () => {
      this.#keep([]);
      input.focus();
    };
    this.#shown = make("div", { className: "areas recent", role: "group", ariaLabel: name });
    this.#shown.append(
      make("span", { className: "label", textContent: name, ariaHidden: "true" }),
      ...texts.map((it) => button("area", it, () => again(it))),
      button("tool", word(inside, "forgetRecent", forgetRecent), forget),
    );
    search.after(this.#shown);
  }
}
