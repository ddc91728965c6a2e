// Renders the app on the server's side, into the page that Vite built.
import { readFile, writeFile } from "node:fs/promises";
import { html } from "./target/server.js";

const page = await readFile("dist/index.html", "utf8");
await writeFile("dist/index.html", page.replace("<!--app-->", () => html()));
