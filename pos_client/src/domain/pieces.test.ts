import { describe, expect, it } from "vitest";
import {
  addPiece, announcedWith, articleAtHand, differencesOf, dropSerial, type Expected, hasSerial, NOTHING, numberProblem, numberScanned, numbersRight, piecesIn, rowsOf, setNote, setNumber,
  setPieces, standing, toInput,
} from "./pieces";

const phone: Expected = { sku: "PHONE", name: "Phone", tracked: true, expected: 2, serials: ["111", "222"] };
const other: Expected = { sku: "OTHER", name: "Other phone", tracked: true, expected: 1, serials: [] };
const cable: Expected = { sku: "CABLE", name: "Cable", tracked: false, expected: 3, serials: [] };
const strange = { sku: "STRANGE", name: "Strange", tracked: false };
const expected = [phone, other, cable];

describe("counting", () => {
  it("adds pieces by serial and by number, and takes them off again", () => {
    let count = addPiece(NOTHING, phone, "111", false);
    count = addPiece(count, phone, "222", true);
    count = addPiece(count, cable, null, false);
    expect(count.PHONE).toMatchObject({ quantity: 1, serials: ["111"], damaged: 1, damagedSerials: ["222"] });
    expect(piecesIn(count)).toBe(3);
    expect([hasSerial(count, "222"), hasSerial(count, "333")]).toEqual([true, false]);
    count = dropSerial(count, "PHONE", "222");
    expect(count.PHONE).toMatchObject({ quantity: 1, damaged: 0, damagedSerials: [] });
    expect(dropSerial(count, "NOTHING", "222")).toBe(count);
    expect(setPieces(count, cable, -1, -2).CABLE).toMatchObject({ quantity: 0, damaged: 0 });
  });

  it("does not change what it was given", () => {
    const before = addPiece(NOTHING, phone, "111", false);
    addPiece(before, phone, "222", false);
    expect(before.PHONE?.serials).toEqual(["111"]);
    expect(NOTHING).toEqual({});
  });

  it.each([
    [0, "open"], [1, "short"], [3, "complete"], [4, "over"],
  ])("says how %i of 3 pieces stand: %s", (quantity, word) => {
    expect(standing({ expected: cable, counted: setPieces(NOTHING, cable, quantity, 0).CABLE! })).toBe(word);
  });

  it("lists what was not announced after what was, and forgets what was taken off again", () => {
    const count = setPieces(NOTHING, strange, 1, 0);
    const rows = rowsOf(expected, count);
    expect(rows.map((row) => row.expected.sku)).toEqual(["PHONE", "OTHER", "CABLE", "STRANGE"]);
    expect(standing(rows[3]!)).toBe("notAnnounced");
    expect(rowsOf(expected, setPieces(count, strange, 0, 0))).toHaveLength(3);
  });

  it("finds whose piece a serial is", () => {
    expect(announcedWith(expected, "222")?.sku).toBe("PHONE");
    expect(announcedWith(expected, "999")).toBeUndefined();
    const fresh = rowsOf(expected, NOTHING);
    expect(articleAtHand(fresh, null)).toBeUndefined();
    expect(articleAtHand(fresh, "OTHER")?.sku).toBe("OTHER");
    expect(articleAtHand(fresh, "CABLE")).toBeUndefined();
    const full = addPiece(addPiece(NOTHING, phone, "111", false), phone, "222", false);
    expect(articleAtHand(rowsOf(expected, full), null)?.sku).toBe("OTHER");
  });

  it("tells the differences, damaged ones also where the number is right", () => {
    let count = addPiece(addPiece(NOTHING, phone, "111", false), phone, "333", true);
    count = setPieces(setPieces(count, cable, 5, 0), strange, 1, 0);
    const rows = rowsOf(expected, count);
    expect(differencesOf(rows).map(({ sku, kind, quantity }) => [sku, kind, quantity])).toEqual([
      ["PHONE", "DAMAGED", 1], ["OTHER", "SHORT", 1], ["CABLE", "OVER", 2], ["STRANGE", "NOT_ANNOUNCED", 1],
    ]);
    expect(differencesOf(rows, true).map(({ kind }) => kind)).toEqual(["DAMAGED"]);
  });

  it("tells the server what was counted alone", () => {
    let count = setPieces(NOTHING, cable, 0, 1);
    count = setNote(setPieces(count, strange, 0, 0), "CABLE", " wet ");
    expect(toInput(count)).toEqual([{ sku: "CABLE", quantity: 0, serials: [], damaged: 1, damagedSerials: [], note: "wet" }]);
    expect(setNote(count, "PHONE", "x")).toBe(count);
  });
});

describe("further numbers", () => {
  const imei2 = "490154203237518";
  const eid = "89049032000001000000000000000074";

  it("goes along with the piece, normalised, and is left out where nobody told any", () => {
    let count = addPiece(addPiece(NOTHING, phone, "111", false), phone, "222", true);
    count = setNumber(count, "PHONE", "222", "imei2", "49-015420-323751-8");
    expect(toInput(count)[0]?.further).toEqual([{ serial: "222", imei2, eid: null, serialNumber: null }]);
    count = dropSerial(count, "PHONE", "222");
    expect(toInput(count)[0]).not.toHaveProperty("further");
    expect(setNumber(count, "NOTHING", "222", "eid", eid)).toBe(count);
  });

  it("tells a scan by its form, and what is wrong with it", () => {
    expect([eid, imei2, "ACM-77"].map(numberScanned)).toEqual(["eid", "imei2", "serialNumber"]);
    expect(numberProblem("eid", eid)).toBeNull();
    expect(numberProblem("eid", "")).toBeNull();
    expect(numberProblem("eid", `${eid.slice(0, -1)}5`)).toBe("eidCheck");
    expect(numberProblem("eid", imei2)).toBe("eidForm");
    expect(numberProblem("imei2", "490154203237519")).toBe("imeiCheck");
    const count = addPiece(NOTHING, phone, "111", false);
    expect(numbersRight(setNumber(count, "PHONE", "111", "imei2", imei2))).toBe(true);
    expect(numbersRight(setNumber(count, "PHONE", "111", "imei2", "1"))).toBe(false);
  });
});
