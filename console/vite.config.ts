import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const serverUrl = process.env["PULLCORD_URL"] ?? "http://127.0.0.1:7420";

// light-dark() is kept as written: every browser of the last two years has it.
const browsers = ["chrome123", "firefox128", "safari17.5"];

/**
 * `vite build` makes the console that the server package ships.
 * `vite build --mode gallery` makes the gallery and the console on its in-memory server, for tests and screenshots only.
 */
export default defineConfig(({ mode }) => ({
  root: here("."),
  plugins: [react(), tailwindcss()],
  resolve: { conditions: ["@pullcord/source", "module", "browser", "development|production"] },
  server: { host: "127.0.0.1", proxy: { "/v1": { target: serverUrl } } },
  build: {
    target: browsers,
    cssTarget: browsers,
    emptyOutDir: true,
    // Fonts and pictures are files: the content security policy has no room for data: URLs in fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    outDir: here(mode === "gallery" ? "../artefacts/gallery" : "../server/public"),
    rolldownOptions: { input: mode === "gallery" ? [here("gallery.html"), here("dev.html")] : [here("index.html")] },
  },
}));
