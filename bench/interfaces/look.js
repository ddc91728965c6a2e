// Runs in the page: what of an interface can be seen, and reached by a finger.
// One function, so that it can be put there before all scripts.
export function look() {
  const parentOf = (it) => it.assignedSlot ?? it.parentElement ?? it.getRootNode().host ?? null;
  const childrenOf = (it) => (it.shadowRoot ? [...it.shadowRoot.childNodes] : it.localName === "slot" && it.assignedNodes().length ? it.assignedNodes() : [...it.childNodes]);
  const isAbove = (it) => getComputedStyle(it).position === "fixed" || it.matches(":modal") || it.matches(":popover-open");

  /** The part of the screen in which an element can be seen: what its ancestors cut off is away. */
  function windowOf(element, known) {
    if (!element) return { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    if (known.has(element)) return known.get(element);
    const outer = isAbove(element) ? windowOf(null, known) : windowOf(parentOf(element), known);
    const style = getComputedStyle(element);
    let here = outer;
    if (`${style.overflowX}${style.overflowY}` !== "visiblevisible" && element !== document.documentElement && element !== document.body) {
      const box = element.getBoundingClientRect();
      // Three points take the place of what they stand for.
      const points = style.textOverflow === "ellipsis" && element.scrollWidth > element.clientWidth ? parseFloat(style.fontSize) : 0;
      here = { left: Math.max(outer.left, box.left), top: Math.max(outer.top, box.top), right: Math.min(outer.right, box.right - points), bottom: Math.min(outer.bottom, box.bottom) };
    }
    known.set(element, here);
    return here;
  }

  const isIn = ({ left, top, right, bottom }, x, y) => x > left && x < right && y > top && y < bottom;
  const isShown = (it) => it.checkVisibility({ opacityProperty: true, visibilityProperty: true });

  /** The words of an element that are on the screen, one after the other. */
  function visibleText(element, known = new Map()) {
    const words = [];
    const walk = (node) => {
      if (node.nodeType === Node.TEXT_NODE) {
        const parent = parentOf(node) ?? node.parentElement;
        if (!parent || !isShown(parent) || getComputedStyle(parent).clipPath.startsWith("inset")) return;
        const here = windowOf(parent, known);
        const range = document.createRange();
        for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
          range.setStart(node, index);
          range.setEnd(node, index + word.length);
          const box = range.getBoundingClientRect();
          const isWhole = box.left >= here.left - 1 && box.right <= here.right + 1;
          if (box.width && isWhole && isIn(here, (box.left + box.right) / 2, (box.top + box.bottom) / 2)) words.push(word);
        }
      } else if (node.nodeType === Node.ELEMENT_NODE && !["style", "script", "template", "noscript"].includes(node.localName)) {
        childrenOf(node).forEach(walk);
      }
    };
    walk(element);
    return words.join(" ");
  }

  /** All elements of a tree, those in shadow roots too. */
  function* all(root) {
    if (root.shadowRoot) yield* all(root.shadowRoot);
    for (const it of root.querySelectorAll("*")) {
      yield it;
      if (it.shadowRoot) yield* all(it.shadowRoot);
    }
  }

  const CONTROL = "a[href], button, input, select, textarea, summary, [role=option], [role=button], [role=checkbox], [tabindex='0']";

  /** The controls of an interface that can be seen. */
  function controls(ui) {
    const known = new Map();
    return [...all(ui)].filter((it) => {
      if (!it.matches(CONTROL) || !isShown(it) || it.disabled) return false;
      const box = it.getBoundingClientRect();
      return box.width > 2 && box.height > 2 && isIn(windowOf(it, known), (box.left + box.right) / 2, (box.top + box.bottom) / 2);
    });
  }

  /** What is hit at a place. */
  function at(x, y) {
    let it = document.elementFromPoint(x, y);
    while (it?.shadowRoot) {
      const inner = it.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === it) break;
      it = inner;
    }
    return it;
  }

  /** How wide and high the place is where a finger hits a control. */
  function reach(control) {
    const box = control.getBoundingClientRect();
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    const isHit = (x, y) => {
      for (let it = at(x, y); it; it = parentOf(it)) {
        if (it === control || (it.localName === "label" && it.control === control)) return true;
        if (it.matches(CONTROL)) return false;
      }
      return false;
    };
    // Something lies on it.
    if (!isHit(x, y)) return null;
    const far = (dx, dy) => {
      let n = 0;
      while (n < 2000 && isHit(x + (n + 1) * dx, y + (n + 1) * dy)) n++;
      return n;
    };
    return { width: far(-1, 0) + far(1, 0) + 1, height: far(0, -1) + far(0, 1) + 1 };
  }

  const nameOf = (it) => (it.getAttribute("aria-label") || it.textContent || it.getAttribute("placeholder") || it.getAttribute("title") || it.localName).replace(/\s+/g, " ").trim().slice(0, 40);

  /** What stands in live regions. */
  function said() {
    const texts = [...all(document)].filter((it) => it.matches("[aria-live]:not([aria-live=off]), [role=status], [role=alert], output")).map((it) => it.textContent.replace(/\s+/g, " ").trim());
    return [...new Set(texts.filter(Boolean))];
  }

  /** From now on, what was last said there: some of them are emptied again. */
  function listen() {
    setInterval(() => (globalThis.lastSaid = said().join(" ") || globalThis.lastSaid), 50);
  }

  /**
   * Sentences of an element that end with a full stop, and those whose full
   * stop stands right of them, where it belongs in English.
   */
  function fullStops(element) {
    const texts = [];
    const walk = (node) => (node.nodeType === Node.TEXT_NODE ? texts.push(node) : childrenOf(node).forEach(walk));
    walk(element);
    const boxes = texts
      .filter((it) => /\w\.\s*$/.test(it.data) && isShown(it.parentElement))
      .map((it) => {
        const end = it.data.trimEnd().length;
        return [end - 1, end - 2].map((at) => {
          const range = document.createRange();
          range.setStart(it, at);
          range.setEnd(it, at + 1);
          return range.getBoundingClientRect();
        });
      })
      .filter(([stop]) => stop.width);
    return { of: boxes.length, right: boxes.filter(([stop, before]) => stop.left > before.left && stop.top === before.top).length };
  }

  /** What moves just now. */
  function moving() {
    const roots = [document, ...[...all(document)].map((it) => it.shadowRoot).filter(Boolean)];
    return roots.flatMap((root) => root.getAnimations().map((it) => it.transitionProperty ?? it.animationName ?? "?"));
  }

  function focused() {
    let it = document.activeElement;
    while (it?.shadowRoot?.activeElement) it = it.shadowRoot.activeElement;
    return it;
  }

  /** The keyboard has come to something: the focus is in it, or a list names it as chosen. */
  function isChosen(element) {
    for (let it = focused(); it; it = parentOf(it)) if (it === element) return true;
    return [element, ...element.querySelectorAll("*")].some((it) => it.getAttribute("aria-selected") === "true");
  }

  /** Texts are compared without spaces: a mark in them makes two of one word. */
  const bare = (text) => text.replace(/[\s…]+/g, "");

  globalThis.look = { visibleText, controls, reach, nameOf, listen, fullStops, moving, focused, isChosen, all, parentOf, bare };
}
