// How the element stands in the page where that is not its flow: as a line that
// unfolds, as a panel over it, or as a dialog; and the keys that open it. The
// panel, the dialog and what opens them are in the browser's top layer: no page
// has to count to a higher z-index.
import { close as closeLabel, launcher as launcherLabel } from "../ui/messages/en.json";
import { nearestLang, speak, word } from "./lang.js";
import style from "unstuck-frame-style";

const MODIFIERS = ["Control", "Alt", "Meta", "Shift"];

/** The modes that are opened and closed, and whether they stand over the page. */
const LAUNCHED = { __proto__: null, compact: false, panel: true, dialog: true };

/** Gives an element the frame of its mode, and its shortcut until `signal` ends it. `inside` are the element's parts. */
export function attach(inside, signal) {
  inside.frame ??= new Frame(inside);
  inside.frame.place();
  inside.frame.listen(signal);
}

class Frame {
  #inside;
  #host;
  #mode; // undefined in the flow of the page
  #launcher;
  #close;
  #over; // the panel or the dialog
  #before; // what had the focus before it opened

  constructor(inside) {
    const { root, box, make, input, sheets, dress } = inside;
    this.#inside = inside;
    this.#host = root.host;
    this.#launcher = make("button", { type: "button", id: "launcher", part: "launcher" });
    this.#close = make("button", { type: "button", className: "close" });
    box.id = "box";
    this.#launcher.setAttribute("aria-controls", box.id);
    this.#launcher.onclick = () => this.#show(!inside.isOpen, true);
    this.#close.onclick = () => this.#show(false, true);
    box.prepend(this.#close);
    root.addEventListener("keydown", (event) => {
      // Not the one that clears the field, closed something inside, or ends what is being composed.
      const isOurs = event.key === "Escape" && inside.isOpen && !event.defaultPrevented && !event.isComposing;
      if (!isOurs || (event.target === input && input.value)) return;
      event.preventDefault();
      this.#show(false, true);
    });
    inside.isOpen = false;
    inside.launcher = this.#launcher;
    // Whatever else it is given, an event for one, is no answer to whether.
    inside.show = (isOpen, byPerson) => this.#show(typeof isOpen === "boolean" ? isOpen : !inside.isOpen, byPerson);
    inside.placed = () => this.place();
    const { named } = inside;
    inside.named = () => {
      named?.();
      this.#name();
    };
    sheets.push(style);
    dress();
  }

  /** Takes the shape of the mode. Another than before begins closed. */
  #shape() {
    const { root, box, make } = this.#inside;
    const mode = this.#host.mode in LAUNCHED ? this.#host.mode : undefined;
    const isOver = LAUNCHED[mode];
    this.#close.hidden = !isOver;
    box.hidden = mode === "compact" && !this.#inside.isOpen;
    if (mode === this.#mode) return;
    this.#show(false);
    this.#mode = mode;
    this.#over?.remove();
    this.#over = undefined;
    this.#launcher.remove();
    this.#launcher.popover = isOver ? "manual" : null;
    this.#launcher.ariaExpanded = false;
    this.#name();
    if (mode) root.append(this.#launcher);
    root.append(box);
    if (!isOver) return;
    // By the browser: a gesture, or a click beside the dialog.
    const onclose = () => over !== this.#over || over.open || this.#show(false, true);
    const over = (this.#over = make("dialog", { part: "panel", onclose }));
    over.setAttribute("aria-labelledby", "launcher");
    if (mode === "panel") over.popover = "manual";
    else over.setAttribute("closedby", "any");
    over.append(box);
    root.append(over);
  }

  /** Takes its place in the page: what leaves a page leaves the top layer too. */
  place() {
    this.#shape();
    if (!this.#host.isConnected || !this.#host.ownerDocument.defaultView) return;
    if (this.#launcher.popover && !this.#launcher.matches(":popover-open")) this.#launcher.showPopover();
    if (this.#inside.isOpen && this.#over && !this.#over.matches(":modal,:popover-open")) {
      const { ownerDocument: document } = this.#host;
      const had = focused(document);
      this.#raise();
      // Nobody asked for it: whoever was elsewhere in the page stays there.
      if (this.#over.popover && had?.matches(":not(html, body)")) had.focus({ preventScroll: true });
      else if (this.#over.popover) focused(document)?.blur();
    }
    this.#inside.moved?.();
  }

  /** Opens it by its shortcut, wherever in the page nothing is being typed. */
  listen(signal) {
    const [key, ...others] = this.#host.shortcut.split("+").reverse();
    // Where the page's contents were swapped and it comes back, as with Turbo, it stands beside them as before, but not in front of them.
    signal.addEventListener("abort", () => this.#host.isConnected || (this.#mode === "dialog" && this.#show(false)));
    if (!key) return;
    const isWanted = (event) =>
      event.key?.toLowerCase() === key.toLowerCase() &&
      others.every((it) => MODIFIERS.includes(it)) &&
      // Where a sign is on the keyboard decides whether it takes Shift.
      MODIFIERS.every((it) => event.getModifierState(it) === others.includes(it) || (it === "Shift" && /^\W$/.test(key))) &&
      !event.composedPath()[0].matches?.("select,:read-write");
    const pressed = (event) => {
      if (event.defaultPrevented || !isWanted(event) || !this.#host.checkVisibility()) return;
      event.preventDefault();
      this.#show(true, true);
      this.#inside.input.focus();
    };
    this.#host.ownerDocument.defaultView?.addEventListener("keydown", pressed, { signal });
  }

  #name() {
    const inside = this.#inside;
    const lang = nearestLang(this.#host);
    // What opens it is seen before anything else of it is there, and that would see to it.
    if (!inside.live && inside.spoken !== lang) speak(inside, lang).then(() => inside.named());
    this.#launcher.textContent = this.#host.label || word(inside, "launcher", launcherLabel);
    this.#close.ariaLabel = word(inside, "close", closeLabel);
  }

  #raise() {
    const over = this.#over;
    if (over.popover) return over.showPopover();
    // One that was moved says that it is open, and is not modal any more.
    over.close();
    over.showModal();
  }

  /** Opens or closes it; in the flow of the page it is always open. */
  #show(isOpen, byPerson) {
    const { root, box, input, emit, customStates, moved } = this.#inside;
    if (isOpen === this.#inside.isOpen || !this.#mode || (isOpen && !this.#host.isConnected)) return;
    const { ownerDocument: document } = this.#host;
    const had = focused(document);
    const isInside = had !== this.#launcher && (root.contains(had) || this.#host.contains(had));
    this.#inside.isOpen = isOpen;
    this.#launcher.ariaExpanded = isOpen;
    customStates[isOpen ? "add" : "delete"]("open");
    if (!this.#over) box.hidden = !isOpen;
    if (isOpen) {
      this.#before = had;
      if (this.#over) this.#raise();
      input.focus();
    } else {
      if (this.#over?.popover) this.#over.hidePopover();
      else this.#over?.close();
      const before = this.#before;
      this.#before = undefined;
      // Who is elsewhere in the page by now stays there.
      if (isInside) {
        before?.focus();
        // What cannot have it any more leaves it to what opens it.
        if (before === document.body || focused(document) !== before) this.#launcher.focus();
      }
    }
    moved?.();
    if (byPerson) emit("toggled", { open: isOpen });
  }
}

/** What has the focus, through the shadow roots that are open. */
function focused(document) {
  let it = document.activeElement;
  while (it?.shadowRoot?.activeElement) it = it.shadowRoot.activeElement;
  return it;
}
