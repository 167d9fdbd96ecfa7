import { describe, expect, it } from "vitest";
import { choose, chosenOf, missing, type Proposal, settleFacts, UNDECIDED, withNumber, withoutNumber } from "./resolution";

const found: Proposal = { settlement: "FOUND", numbers: 0, effect: ["Store: Adjustment of +1 × PHONE"] };
const naming: Proposal = { settlement: "NAME_UNITS", numbers: 2, effect: [] };
const proposals = [found, naming];
const one = "356938035643809";
const two = "490154203237518";

describe("settling a contradiction", () => {
  it("asks for the way, then the numbers that it needs, then how the person knows", () => {
    expect(missing(UNDECIDED, proposals)).toBe("way");
    let choice = choose(UNDECIDED, "NAME_UNITS");
    expect(missing(choice, proposals)).toBe("numbers");
    for (const serial of [one, two]) choice = withNumber(choice, naming, serial, "IMEI") as typeof choice;
    expect(missing(choice, proposals)).toBe("reason");
    expect(missing({ ...choice, reason: "  " }, proposals)).toBe("reason");
    expect(missing({ ...choice, reason: "seen" }, proposals)).toBeNull();
  });

  it("takes a way without numbers", () => {
    expect(missing({ ...choose(UNDECIDED, "FOUND"), reason: "seen" }, proposals)).toBeNull();
  });

  it("forgets the numbers with the way, and keeps the reason", () => {
    const named = { settlement: "NAME_UNITS", serials: [one], reason: "seen" };
    expect(choose(named, "NAME_UNITS")).toBe(named);
    expect(choose(named, "FOUND")).toEqual({ settlement: "FOUND", serials: [], reason: "seen" });
  });

  it("asks anew when the books have closed the way that was chosen", () => {
    const choice = { settlement: "REALLY_SOLD", serials: [], reason: "seen" };
    expect(chosenOf(choice, proposals)).toBeNull();
    expect(missing(choice, proposals)).toBe("way");
  });

  it("refuses a number that is wrong, given twice, or one too many", () => {
    const choice = choose(UNDECIDED, "NAME_UNITS");
    expect(withNumber(choice, naming, "123", "IMEI")).toBe("imeiLength");
    expect(withNumber(choice, naming, "356938035643800", "IMEI")).toBe("imeiCheck");
    const named = { ...choice, serials: [one] };
    expect(withNumber(named, naming, one, "IMEI")).toBe("twice");
    expect(withNumber({ ...choice, serials: [one, "x"] }, naming, two, "IMEI")).toBe("enough");
    expect(named.serials).toEqual([one]);
  });

  it("takes any number of an article that this device does not know: the server judges", () => {
    expect(withNumber(choose(UNDECIDED, "NAME_UNITS"), naming, " sn-1 ", null)).toMatchObject({ serials: ["SN-1"] });
  });

  it("takes a number off again", () => {
    expect(withoutNumber({ ...UNDECIDED, serials: [one, two] }, one).serials).toEqual([two]);
  });

  it("tells the server the trimmed reason", () => {
    expect(settleFacts("7", { settlement: "FOUND", serials: [], reason: " seen " })).toEqual({ contradictionId: "7", settlement: "FOUND", serials: [], reason: "seen" });
  });
});
