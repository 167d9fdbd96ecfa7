import { afterEach, describe, expect, it, vi } from "vitest";
import { IntentKeys, newKey } from "./idempotency";

afterEach(() => vi.unstubAllGlobals());

describe("IntentKeys", () => {
  it("gives a repeat of the same intent its key again", () => {
    const keys = new IntentKeys();
    expect(keys.keyFor("add", { sku: "A" })).toBe(keys.keyFor("add", { sku: "A" }));
  });

  it("takes another body and a settled intent for new ones", () => {
    const keys = new IntentKeys();
    const first = keys.keyFor("add", { sku: "A" });
    const other = keys.keyFor("add", { sku: "B" });
    keys.settle("add");
    expect(new Set([first, other, keys.keyFor("add", { sku: "B" })]).size).toBe(3);
  });
});

describe("newKey", () => {
  it("is a UUID also where the browser lacks randomUUID", () => {
    const real = globalThis.crypto;
    vi.stubGlobal("crypto", { getRandomValues: real.getRandomValues.bind(real) });
    expect(newKey()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
