import { describe, expect, it } from "vitest";
import { formatDistance } from "./distance";
import { findStores } from "./findStores";
import { coarse } from "./useLocate";

const store = (name: string, city: string, postalCode: string) => ({ name, city, postalCode, streetAddress: "1 Main St" });
const stores = [store("Mall of America", "Bloomington", "55425"), store("Tempe", "Tempe", "85281"), store("Richfield", "Richfield", "55423")];
const found = (text: string) => findStores(stores, text).map(({ name }) => name);

describe("where one is", () => {
  it("is told to a tenth of a kilometre", () => {
    expect(coarse({ latitude: 44.977753, longitude: -93.265011 })).toEqual({ latitude: 44.978, longitude: -93.265 });
  });
});

describe("findStores", () => {
  it("finds by name, city or street, all words", () => {
    expect(found("mall bloom")).toEqual(["Mall of America"]);
    expect(found("main st")).toHaveLength(3);
    expect(found("mall tempe")).toEqual([]);
    expect(found(" ")).toHaveLength(3);
  });

  it("finds the neighbours of a postal code without a store", () => {
    expect(found("55425")).toEqual(["Mall of America"]);
    expect(found("55420")).toEqual(["Mall of America", "Richfield"]);
    expect(found("99999")).toEqual([]);
  });
});

describe("formatDistance", () => {
  it("measures as the country does", () => {
    expect(formatDistance(10, "US", "en")).toBe("6.2 mi");
    expect(formatDistance(10, "CN", "en")).toBe("10 km");
    expect(formatDistance(555, "US", "en")).toBe("345 mi");
  });
});
