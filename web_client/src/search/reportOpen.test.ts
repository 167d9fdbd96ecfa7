import { afterEach, describe, expect, it, vi } from "vitest";
import { reportOpen } from "./reportOpen";

const opened = { context: { channel: "us" }, text: "pixel", productId: "p1", position: 3, source: "RESULTS" as const };

afterEach(() => vi.unstubAllGlobals());

function answering(answer: () => Promise<unknown>) {
  const fetch = vi.fn((_url: string, _request: RequestInit) => answer());
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

describe("a result that is opened", () => {
  it("is told while the page is left, without who opened it", () => {
    localStorage.setItem("shop.session", JSON.stringify({ token: "secret" }));
    const fetch = answering(async () => ({ json: async () => ({ data: {} }) }));
    reportOpen(opened);
    const [, request] = fetch.mock.calls[0]!;
    expect(request.keepalive).toBe(true);
    expect(JSON.stringify(request)).not.toContain("secret");
    expect(JSON.parse(request.body as string).variables).toEqual({ input: opened });
  });

  it("is not told when nothing was searched for", () => {
    const fetch = answering(async () => ({ json: async () => ({ data: {} }) }));
    reportOpen({ ...opened, text: " " });
    expect(fetch).not.toHaveBeenCalled();
  });

  it("opens all the same when the telling fails", async () => {
    const fetch = answering(async () => { throw new TypeError("no network"); });
    expect(() => reportOpen(opened)).not.toThrow();
    await vi.waitFor(() => expect(fetch).toHaveBeenCalledOnce(), 10_000);
  });
});
