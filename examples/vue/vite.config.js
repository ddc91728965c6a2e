import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

export default defineConfig({
  // Not a component of Vue's: an element that the browser knows.
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === "unstuck-help" } } })],
  // What your server sends with the built page.
  preview: {
    headers: {
      "Content-Security-Policy":
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; require-trusted-types-for 'script'",
    },
  },
});
