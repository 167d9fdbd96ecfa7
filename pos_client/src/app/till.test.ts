import { beforeEach, describe, expect, it, vi } from "vitest";
import { db } from "../store/db";
import { refreshQuantities } from "./till";

const request = vi.hoisted(() => vi.fn());
vi.mock("../api/client", async (original) => ({ ...(await original<object>()), request }));

beforeEach(async () => {
  await db.settings.clear();
  request.mockReset();
});

describe("live quantities", () => {
  it("are asked for in as many questions as the API's limit makes of them", async () => {
    const skus = Array.from({ length: 201 }, (_, number) => `SKU-${number}`);
    request.mockImplementation((_document: unknown, { skus: asked }: { skus: string[] }) => Promise.resolve({ availability: asked.map((sku) => ({ sku, stores: [{ quantity: 1 }] })) }));
    await refreshQuantities("s1", skus);
    const asked = request.mock.calls.map(([, variables]) => (variables as { skus: string[] }).skus);
    expect(asked.map(({ length }) => length)).toEqual([100, 100, 1]);
    expect(asked.flat()).toEqual(skus);
  });

  it("of nothing cost no question", async () => {
    await refreshQuantities("s1", []);
    expect(request).not.toHaveBeenCalled();
  });
});
