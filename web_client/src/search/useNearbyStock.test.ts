import { describe, expect, it } from "vitest";
import type { Edge } from "./useResults";
import { nearbyStock } from "./useNearbyStock";

const edge = (id: string, ...skus: string[]) => ({ cursor: id, storeQuantity: 0, node: { id, kind: "DEVICE", variants: skus.map((sku) => ({ sku })) } }) as Edge;
const row = (id: string, quantity: number, distanceKm: number | null) => ({ quantity, store: { id, name: `Store ${id}`, distanceKm } });

describe("stock around", () => {
  it("adds up a product's variants and names the nearest store that has one", () => {
    const availability = [
      { sku: "a", stores: [row("far", 2, 9), row("near", 0, 1)] },
      { sku: "b", stores: [row("middle", 3, 4), row("own", 7, 0)] },
    ];
    expect(nearbyStock([edge("p", "a", "b")], availability, "own")).toEqual(
      new Map([["p", { quantity: 5, storeName: "Store middle", distanceKm: 4 }]]),
    );
  });

  it("says nothing of what no other store has", () => {
    expect(nearbyStock([edge("p", "a"), edge("q", "c")], [{ sku: "a", stores: [row("own", 7, 0), row("near", 0, 1)] }], "own")).toEqual(new Map());
  });
});
