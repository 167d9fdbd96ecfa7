import { describe, expect, it } from "vitest";
import { choicesOf, swatchOf } from "./choices";
import { rowsToShow } from "./StockNear";

const variant = (sku: string, colour: string, storage: string) => ({
  sku,
  attributes: [
    { name: "colour", label: "Colour", values: [colour] },
    { name: "storage", label: "Storage", values: [storage] },
  ],
});

const black128 = variant("B128", "Black", "128 GB");
const variants = [black128, variant("B256", "Black", "256 GB"), variant("R128", "Red", "128 GB")];

describe("choicesOf", () => {
  it("leads each option to the variant that differs in it alone", () => {
    const [colour, storage] = choicesOf(variants, black128);
    expect(colour?.options.map(({ value, sku, selected }) => [value, sku, selected])).toEqual([
      ["Black", "B128", true],
      ["Red", "R128", false],
    ]);
    expect(storage?.options.map(({ sku }) => sku)).toEqual(["B128", "B256"]);
  });

  it("marks what changes another choice too", () => {
    const [colour] = choicesOf(variants, variants[1] ?? black128);
    expect(colour?.options.find(({ value }) => value === "Red")).toMatchObject({ sku: "R128", fits: false });
  });

  it("asks nothing where there is nothing to choose", () => {
    expect(choicesOf([black128], black128)).toEqual([]);
  });
});

describe("swatchOf", () => {
  it("knows colours by their names and admits what it does not know", () => {
    expect(swatchOf("Midnight blue")).not.toBe(swatchOf("Sky blue"));
    expect(swatchOf("Whimsy")).toBeNull();
  });
});

describe("rowsToShow", () => {
  const row = (id: string, quantity: number) => ({ store: { id }, quantity });

  it("shows the shopper's store, then those that have it, and none twice", () => {
    const rows = rowsToShow([row("own", 0)], [row("a", 0), row("own", 0), row("b", 2), row("c", 1)]);
    expect(rows.map(({ store }) => store.id)).toEqual(["own", "b", "c", "a"]);
  });
});
