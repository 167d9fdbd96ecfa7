import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const api = process.env.API_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "/",
  plugins: [react()],
  resolve: { alias: { "@shared": fileURLToPath(new URL("./src/shared", import.meta.url)), "@gql": fileURLToPath(new URL("./src/gql", import.meta.url)) } },
  // Nothing is inlined: the content security policy allows no data: fonts or scripts.
  build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 800 },
  server: { proxy: { "/graphql": api, "/media": api, "/fake-card": api } },
});
