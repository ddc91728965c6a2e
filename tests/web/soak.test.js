// Random use of the portal page: a short run, always the same, so that it
// cannot rot. `cargo xtask soak` makes the long ones.
import assert from "node:assert/strict";
import { test } from "node:test";
import { soak } from "./soak/soak.js";

const { SOAK_SEED: seed, SOAK_MINUTES: minutes, SOAK_ACTS: acts, SOAK_GOES_ON: goesOn } = process.env;

/** Long enough for every kind of act, short enough for every day. */
const SHORT = { seed: 1, acts: 150, out: "target/soak/short" };

test("Random use: nothing goes wrong, and nothing that the page keeps grows", { timeout: 7_200_000 }, async () => {
  const isLong = minutes !== undefined || acts !== undefined;
  const long = { seed: Number(seed), minutes: Number(minutes), acts: acts && Number(acts), goesOn: Boolean(goesOn) };
  const { text, judged, found, n } = await soak(isLong ? long : SHORT);
  console.log(text);
  assert.ok(n > 0);
  assert.deepEqual(found, []);
  for (const it of judged) assert.ok(!it.isTooMuch, `${it.name}: ${it.first} in the first third of the samples, ${it.last} in the last, expected at most ${it.bound} more`);
});
