import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { code128, QUIET, symbolsOf } from "./code128";

/** Reads symbols back as a scanner does. */
function read(symbols: number[]): string {
  let set = symbols[0] === 105 ? "C" : "B";
  let text = "";
  for (const value of symbols.slice(1)) {
    if (value === 99 && set === "B") set = "C";
    else if (value === 100 && set === "C") set = "B";
    else text += set === "C" ? String(value).padStart(2, "0") : String.fromCharCode(value + 32);
  }
  return text;
}

describe("Code 128", () => {
  it("packs digits in pairs", () => {
    expect(symbolsOf("490154203237518")).toEqual([105, 49, 1, 54, 20, 32, 37, 51, 100, 24]);
    expect(symbolsOf("A12345")).toEqual([104, 33, 17, 99, 23, 45]);
    expect(symbolsOf("PJJ123C")).toEqual([104, 48, 42, 42, 17, 18, 19, 35]);
  });

  it("reads back as what was printed", () => {
    const printable = fc.string({ unit: fc.constantFrom(..."0123456789ABz -./ ~!"), minLength: 1, maxLength: 40 });
    fc.assert(fc.property(printable, (text) => {
      expect(read(symbolsOf(text))).toBe(text);
    }));
  });

  it("ends in the check symbol and the stop, and leaves the quiet zones blank", () => {
    const { bars, width } = code128("PJJ123C");
    expect(width).toBe(2 * QUIET + 11 * 9 + 13);
    expect(bars[0]).toEqual({ x: QUIET, width: 2 });
    const last = bars.at(-1)!;
    expect(last.x + last.width + QUIET).toBe(width);
    // 104 + 48 + 42*2 + 42*3 + 17*4 + 18*5 + 19*6 + 35*7 = 879, modulo 103 is 55, whose widths are 3,1,1,3,2,1.
    const check = bars.filter(({ x }) => x >= QUIET + 11 * 8 && x < QUIET + 11 * 9).map((bar) => bar.width);
    expect(check).toEqual([3, 1, 2]);
  });

  it("refuses what it cannot hold", () => {
    for (const text of ["", "中", "a\n"]) expect(() => code128(text)).toThrow(RangeError);
  });
});
