// Reads the errors that a page shows, and offers the answer that one of them is
// clearly about. Reads what a page says, never what stands in a form.
import { close, suggestion } from "../ui/messages/en.json";
import { word } from "./lang.js";

/**
 * How long changes of the page are collected before its errors are read, in
 * milliseconds. Shorter reads a page that is still being written, longer seems
 * broken.
 */
const REST = 300;

/** How much of an error is read, in characters: a log that somebody put on a page is not one. */
const MOST = 2_000;

/** How many errors are read: who selects every paragraph selects no errors. */
const MOST_ERRORS = 50;

/** What says that an error may have come or gone. */
const CHANGES = { subtree: true, childList: true, characterData: true, attributes: true };

/** What a person fills in: nothing in it is read. */
const FIELDS = "input,textarea,select,option,datalist,[contenteditable]:not([contenteditable=false])";

/** Watches what `watch` finds in the document of an element, until `signal` ends it. `inside` are the element's parts. */
export function attach(inside, signal) {
  const { host } = inside.root;
  const { ownerDocument: document, watch: selector } = host;
  // It goes on with what it knows where only the element's mode or keys changed.
  const state = (inside.watching ??= { known: new Set(), offer: new Offer(inside) });
  const { offer } = state;
  let timer;

  const look = async () => {
    observer.observe(document, CHANGES);
    const before = state.known;
    state.known = new Set();
    for (const it of find(document, selector)) {
      if (state.known.size < MOST_ERRORS) state.known.add(text(it, host.localName));
    }
    state.known.delete("");
    for (const it of state.known) {
      if (before.has(it)) continue;
      const hit = await host.suggest(it).catch(() => null);
      if (signal.aborted) return;
      // It may be gone by now.
      if (!hit || !state.known.has(it)) continue;
      // The same answer to other words, as of an error that counts seconds:
      // offered, taken or sent away already.
      if (hit.id === offer.id) offer.text = it;
      else {
        offer.make(hit, it);
        inside.emit("suggested", host.private ? { id: hit.id } : { id: hit.id, text: it });
      }
      break;
    }
    if (!state.known.has(offer.text)) offer.forget();
  };
  const observer = new MutationObserver(() => {
    // A page that changes in every frame is not listened to in between.
    observer.disconnect();
    timer = setTimeout(look, REST);
  });
  // Another knowledge base, or other areas: what fits is another question.
  inside.renew = () => {
    state.known = new Set();
    offer.forget();
    look();
  };
  signal.addEventListener("abort", () => {
    observer.disconnect();
    clearTimeout(timer);
    if (host.isConnected && host.watch === selector) return;
    offer.end();
    inside.watching = inside.renew = undefined;
  });
  offer.place();
  look();
}

/** What a selector finds; nothing where it is none. */
function find(document, selector) {
  try {
    return document.querySelectorAll(selector);
  } catch {
    return [];
  }
}

/** What an element says to who sees it; of a field what it says of its mistake. What is in an element of `own` name is ours. */
function text(element, own) {
  if (!element.matches(FIELDS)) return words(element, own);
  const isWrong = !["", "false"].includes(element.getAttribute("aria-invalid") ?? "");
  if (!isWrong) return "";
  const ids = ["aria-errormessage", "aria-describedby"].map((it) => element.getAttribute(it) ?? "").join(" ");
  const root = element.getRootNode();
  const described = [...new Set(ids.split(/\s+/))].map((it) => it && root.getElementById(it));
  return described.map((it) => it && words(it, own)).filter(Boolean).join(" ");
}

function words(element, own) {
  if (element.closest(FIELDS) || !isSeen(element)) return "";
  const pieces = [];
  const walker = element.ownerDocument.createTreeWalker(element, 5, (node) => {
    if (node.nodeType === 3) return 1;
    // With all that is in it.
    return node.matches(`${FIELDS},${own},script,style`) || !isSeen(node) ? 2 : 3;
  });
  for (let left = MOST; left > 0 && walker.nextNode(); left -= walker.currentNode.data.length) pieces.push(walker.currentNode.data);
  return pieces.join(" ").replace(/\s+/g, " ").trim().slice(0, MOST);
}

/** Whether an element is shown. One that is only its contents is shown where its parent is. */
function isSeen(element) {
  if (element.checkVisibility({ visibilityProperty: true })) return true;
  return getComputedStyle(element).display === "contents" && (!element.parentElement || isSeen(element.parentElement));
}

/** The line that offers an answer. It waits to be asked: nothing opens and no focus moves. */
class Offer {
  id; // the answer that was offered last, and the error that it is about
  text;
  #inside;
  #line;

  constructor(inside) {
    this.#inside = inside;
    this.#line = inside.make("div", { className: "suggestion", part: "suggestion", role: "status" });
    inside.moved = () => this.place();
  }

  /**
   * In the flow above the search; where that is over the page and closed, above
   * what opens it. It is there before anything is said in it, and not moved
   * when something is: only then is it read out.
   */
  place() {
    const { root, box, launcher, isOpen } = this.#inside;
    const line = this.#line;
    const isOver = launcher?.popover;
    const parent = isOver && isOpen ? box : root;
    if (line.parentNode !== parent) parent.prepend(line);
    line.popover = isOver && !isOpen ? "manual" : null;
    if (line.popover && line.isConnected) line.showPopover();
  }

  make({ id, symptom }, text) {
    const { root, make, show } = this.#inside;
    const line = this.#line;
    const hadFocus = line.contains(root.activeElement);
    const answer = make("button", { type: "button", className: "offer", textContent: symptom });
    answer.onclick = () => {
      this.withdraw();
      show?.(true, true);
      this.#inside.take(id, text);
      // Once it is there.
      setTimeout(() => root.querySelector(".toggle[aria-expanded=true]")?.focus());
    };
    const no = make("button", { type: "button", className: "close", ariaLabel: word(this.#inside, "close", close) });
    no.onclick = () => this.withdraw();
    Object.assign(this, { id, text });
    line.replaceChildren(word(this.#inside, "suggestion", suggestion), answer, no);
    if (hadFocus) answer.focus();
  }

  /** Takes it away; it is known as long as its error is there. */
  withdraw() {
    const { root, input, launcher, isOpen } = this.#inside;
    const hadFocus = this.#line.contains(root.activeElement);
    this.#line.replaceChildren();
    if (hadFocus) (isOpen || !launcher?.isConnected ? input : launcher).focus();
  }

  /** Takes it away, and would offer it again. */
  forget() {
    this.id = this.text = undefined;
    this.withdraw();
  }

  /** Takes it out of the element. */
  end() {
    this.forget();
    this.#line.remove();
    this.#inside.moved = undefined;
  }
}
