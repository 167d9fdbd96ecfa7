import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { looksLikeSerial, luhnValid, normaliseSerial, serialProblem } from "./codes";

/** The digit that makes `body` pass Luhn's test, found by trying. */
function withCheckDigit(body: string): string {
  const digit = [..."0123456789"].find((candidate) => luhnValid(body + candidate));
  return body + digit;
}

const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`));

describe("Luhn", () => {
  it.each(["490154203237518", "356938035643809", "8944500102198304826", "79927398713"])("accepts %s", (code) => expect(luhnValid(code)).toBe(true));
  it.each(["490154203237517", "356938035643808", "", "49015420323751A"])("refuses %s", (code) => expect(luhnValid(code)).toBe(false));

  it("has exactly one right last digit", () => {
    fc.assert(fc.property(digits(14), (body) => {
      expect([..."0123456789"].filter((digit) => luhnValid(body + digit))).toHaveLength(1);
    }));
  });

  it("notices every single wrong digit", () => {
    fc.assert(fc.property(digits(14), fc.nat(14), fc.integer({ min: 1, max: 9 }), (body, place, shift) => {
      const right = withCheckDigit(body);
      const wrong = right.slice(0, place) + String((Number(right[place]) + shift) % 10) + right.slice(place + 1);
      expect(luhnValid(wrong)).toBe(false);
    }));
  });
});

describe("serial numbers", () => {
  it.each([
    ["", "IMEI", "empty"], ["49015420323751", "IMEI", "imeiLength"], ["490154203237517", "IMEI", "imeiCheck"], ["490154203237518", "IMEI", null],
    ["894450010219830482", "ICCID", "iccidLength"], ["8944500102198304827", "ICCID", "iccidCheck"], ["8944500102198304826", "ICCID", null],
    [withCheckDigit("704450010219830482"), "ICCID", "iccidPrefix"],
    ["AB", "SERIAL", "characters"], ["C02XK1ZJ-7", "SERIAL", null], ["A B?", "SERIAL", "characters"],
  ] as const)("%j as %s: %s", (serial, kind, problem) => expect(serialProblem(serial, kind)).toBe(problem));

  it("lose what labels add", () => {
    expect(normaliseSerial(" 49-015420-323751-8 ")).toBe("490154203237518");
    expect(normaliseSerial("8944 5001 0219 8304 826F")).toBe("8944500102198304826");
    expect(normaliseSerial("c02xk1zj")).toBe("C02XK1ZJ");
  });

  it("are told from barcodes", () => {
    expect(looksLikeSerial("490154203237518")).toBe("IMEI");
    expect(looksLikeSerial("8944500102198304826")).toBe("ICCID");
    expect(looksLikeSerial("4006381333931")).toBeNull();
  });
});
