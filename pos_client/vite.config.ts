import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const api = process.env.API_URL ?? "http://127.0.0.1:8000";
const base = "/pos/";

/** Writes the built files' names into the service worker, so that the whole shell is kept for hours without a network. */
function precacheList(): Plugin {
  let dist = "";
  return {
    name: "precache-list",
    apply: "build",
    configResolved(config) {
      dist = `${resolve(config.root, config.build.outDir)}/`;
    },
    closeBundle() {
      const files = readdirSync(dist, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== "sw.js")
        .map((entry) => resolve(entry.parentPath, entry.name).slice(dist.length))
        .sort();
      const digest = createHash("sha256");
      for (const file of files) digest.update(file).update(readFileSync(dist + file));
      const list = files.map((file) => (file === "index.html" ? base : base + file));
      const source = readFileSync(`${dist}sw.js`, "utf8")
        .replace('"__VERSION__"', JSON.stringify(digest.digest("hex").slice(0, 16)))
        .replace("[/* __FILES__ */]", JSON.stringify(list));
      writeFileSync(`${dist}sw.js`, source);
    },
  };
}

export default defineConfig({
  base,
  plugins: [react(), precacheList()],
  resolve: { alias: { "@shared": fileURLToPath(new URL("../web_client/src/shared", import.meta.url)), "@gql": fileURLToPath(new URL("./src/gql", import.meta.url)) } },
  // Nothing is inlined: the content security policy allows no data: fonts or scripts.
  build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 800 },
  server: { proxy: { "/graphql": api, "/health": api, "/media": api } },
});
