// What keeps a module that traps from harming the page. The build puts `guarded`
// around the exports that the glue calls.

/** `error` is what ended the module, if anything has; `lives` are to hear of it, by their method `trapped`. */
export const trap = { error: undefined, lives: new Set() };

/**
 * The exports of a module, none of which throws. A module that trapped in one
 * of them may have stopped in the middle of anything: from then on none of them
 * does anything. What they give then, an empty list, is for the glue no
 * address, no texts and no error.
 */
export function guarded(exports) {
  const guard = (given) => (...args) => {
    if (trap.error) return [];
    try {
      return given(...args);
    } catch (error) {
      trap.error = error;
      // Whoever called goes on, with nothing, and then they hear of it.
      queueMicrotask(() => trap.lives.forEach((it) => it.trapped()));
      return [];
    }
  };
  return Object.fromEntries(Object.entries(exports).map(([name, it]) => [name, typeof it === "function" ? guard(it) : it]));
}
