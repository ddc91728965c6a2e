// What a ruler can tell of the widget in a page: nothing beside the page,
// nothing cut off, everything large enough to hit.

/** WCAG 2.2, 2.5.8: in pixels. */
const SMALLEST_TARGET = 24;

/** What is wrong with the elements of all widgets of a page, in a line each. */
export function misplaced(page) {
  return page.evaluate((smallest) => {
    const found = [];
    for (const root of [...document.querySelectorAll("unstuck-help")].map((it) => it.shadowRoot)) {
      const shown = [...root.querySelectorAll("*")].filter((it) => it.checkVisibility({ visibilityProperty: true }) && !it.closest(".hidden"));
      for (const it of shown) {
        const { width, height, left, right } = it.getBoundingClientRect();
        const say = (what) => found.push(`${what}: ${it.localName}.${it.className} "${it.textContent.trim().slice(0, 40)}" ${Math.round(width)} × ${Math.round(height)}`);
        // A line of areas can be pushed along.
        if (!it.closest(".areas") && (left < -1 || right > innerWidth + 1)) say("beside the page");
        const { overflowX } = getComputedStyle(it);
        // A preview is two lines, and says so with an ellipsis.
        if (["hidden", "clip"].includes(overflowX) && it.localName !== "input" && it.scrollWidth > it.clientWidth + 1 && !it.closest(".preview")) say("cut off");
        const isInSentence = it.localName === "a" && it.parentElement.textContent.trim() !== it.textContent.trim();
        const isTarget = it.matches("button, input, textarea, summary, a[href]") && !isInSentence && !it.matches(".tick");
        if (isTarget && Math.min(width, height) < smallest - 0.5) say("too small to hit");
        // What can be seen of a name can be said to a computer.
        const name = it.getAttribute("aria-label");
        const text = it.textContent.trim();
        if (isTarget && name && text && !name.includes(text)) say(`named otherwise, ${name}`);
      }
      // A tick is hit by its label as well.
      for (const it of root.querySelectorAll(".line")) {
        if (it.checkVisibility() && it.getBoundingClientRect().height < smallest - 0.5) found.push(`too small to hit: ${it.textContent}`);
      }
    }
    return found;
  }, SMALLEST_TARGET);
}
