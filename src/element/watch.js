// Reads the errors that a page shows, and offers the answer that one of them is
// clearly about. Reads what a page says, never what stands in a form.
import { close, suggestion } from "../ui/messages/en.json";

/** How long a page must rest before its errors are read, in milliseconds. Shorter asks for what is being written; longer seems broken. */
const REST = 300;

/** How much of an error is read, in characters: a log that somebody put on a page is not one. */
const MOST = 2_000;

/** What says, when it changes, that an error may have come or gone. */
const CHANGES = {
  subtree: true,
  childList: true,
  characterData: true,
  attributes: true,
  attributeFilter: ["aria-describedby", "aria-errormessage", "aria-invalid", "class", "hidden", "id", "open", "role", "style"],
};

/** What a person fills in: nothing in it is read. */
const FIELDS = "input,textarea,select,option,datalist,[contenteditable]:not([contenteditable=false])";

/** Watches what `watch` finds in the document of an element, until `signal` ends it. `inside` are the element's parts. */
export function attach(inside, signal) {
  const { host } = inside.root;
  const { ownerDocument: document, watch: selector } = host;
  const offer = new Offer(inside);
  let known = []; // the texts that are there
  let timer;

  const look = async () => {
    timer = undefined;
    const texts = [...find(document, selector)].map(text).filter(Boolean);
    const added = texts.filter((it) => !known.includes(it));
    known = texts;
    // What was offered goes when its error does.
    if (!texts.includes(offer.text)) offer.withdraw();
    for (const it of added) {
      const hit = await host.suggest(it).catch(() => null);
      if (signal.aborted || !known.includes(it)) return;
      if (!hit) continue;
      offer.make(hit, it);
      inside.emit("suggested", host.private ? { id: hit.id } : { id: hit.id, text: it });
      return;
    }
  };
  const observer = new MutationObserver(() => (timer ??= setTimeout(look, REST)));
  observer.observe(document, CHANGES);
  signal.addEventListener("abort", () => {
    observer.disconnect();
    clearTimeout(timer);
    offer.end();
  });
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

/** What an element says to who sees it; of a field what it says of its mistake. */
function text(element) {
  if (!element.matches(FIELDS)) return words(element);
  const isWrong = !["", "false"].includes(element.getAttribute("aria-invalid") ?? "");
  if (!isWrong) return "";
  const ids = ["aria-errormessage", "aria-describedby"].map((it) => element.getAttribute(it) ?? "").join(" ");
  const root = element.getRootNode();
  return [...new Set(ids.split(/\s+/))].map((it) => it && root.getElementById(it)).map((it) => it && words(it)).filter(Boolean).join(" ");
}

function words(element) {
  if (!element.checkVisibility()) return "";
  const pieces = [];
  const walker = element.ownerDocument.createTreeWalker(element, 5, (node) => {
    if (node.nodeType === 3) return 1;
    // With all that is in it.
    return node.matches(`${FIELDS},script,style,unstuck-help`) || !node.checkVisibility() ? 2 : 3;
  });
  while (walker.nextNode()) pieces.push(walker.currentNode.data);
  return pieces.join(" ").replace(/\s+/g, " ").trim().slice(0, MOST);
}

/** The line that offers an answer. It waits to be asked: nothing opens and no focus moves. */
class Offer {
  text; // the error that it is about
  #inside;
  #line;

  constructor(inside) {
    this.#inside = inside;
    // There before anything is said in it: only then is it read out.
    this.#line = inside.make("div", { className: "suggestion", part: "suggestion", role: "status" });
    inside.moved = () => this.#place();
    this.#place();
  }

  /** In the flow above the search; where that is closed and over the page, above what opens it. */
  #place() {
    const { root, box, launcher } = this.#inside;
    const isOver = Boolean(launcher?.popover);
    const isOpen = launcher?.ariaExpanded === "true";
    this.#line.popover = isOver && !isOpen ? "manual" : null;
    (isOver && isOpen ? box : root).prepend(this.#line);
    if (this.text && this.#line.popover) this.#line.showPopover();
  }

  make({ id, symptom }, text) {
    const { root, make, show } = this.#inside;
    const words = { suggestion, close, ...root.host.messages };
    const answer = make("button", { type: "button", className: "offer", textContent: symptom });
    answer.onclick = () => {
      this.withdraw();
      show?.(true, true);
      this.#inside.take(id, text);
      // Once it is there.
      setTimeout(() => root.querySelector(".toggle[aria-expanded=true]")?.focus());
    };
    const no = make("button", { type: "button", className: "close", ariaLabel: words.close });
    no.onclick = () => this.withdraw();
    this.text = text;
    this.#line.replaceChildren(words.suggestion, answer, no);
    this.#place();
  }

  withdraw() {
    const { root, input, launcher } = this.#inside;
    const hadFocus = this.#line.contains(root.activeElement);
    this.text = undefined;
    this.#line.replaceChildren();
    if (this.#line.matches(":popover-open")) this.#line.hidePopover();
    if (hadFocus) (launcher?.isConnected ? launcher : input).focus();
  }

  /** Takes it out of the element. */
  end() {
    this.withdraw();
    this.#line.remove();
    this.#inside.moved = undefined;
  }
}
