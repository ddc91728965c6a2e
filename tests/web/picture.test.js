// The picture in the README: the widget on the billing page. Made anew with
// UPDATE_PICTURES=1, and looked at by whoever does.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { checkNumber, finish, openAnswer, site } from "./harness.js";

const PICTURE = "docs/billing.png";
const built = site();

test("The picture in the README shows an answer about billing", async () => {
  const page = await built.open("/examples/billing.html", { viewport: { width: 1200, height: 1120 } });
  await checkNumber(page, 4);
  await openAnswer(page, "Can't add a payment method");
  await page.evaluate(() => document.activeElement.blur());
  await page.evaluate(() => scrollTo(0, 0));
  if (process.env.UPDATE_PICTURES) await page.screenshot({ path: PICTURE, animations: "disabled" });
  const png = await readFile(PICTURE);
  assert.equal(png.toString("latin1", 1, 4), "PNG");
  // Width and height stand in its first chunk.
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [1200, 1120]);
  await finish(page);
});
