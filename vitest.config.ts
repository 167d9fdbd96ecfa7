import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: ["web", "pos"].map((name) => ({
      extends: `./${name}_client/vite.config.ts`,
      root: `./${name}_client`,
      test: { name, environment: "jsdom", include: ["src/**/*.test.{ts,tsx}"], setupFiles: ["./src/testSetup.ts"], testTimeout: 30_000 },
    })),
  },
});
