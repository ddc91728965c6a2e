import { defineConfig } from "vite";

export default defineConfig({
  // What your server sends with the built page.
  preview: {
    headers: {
      "Content-Security-Policy":
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; require-trusted-types-for 'script'",
    },
  },
});
