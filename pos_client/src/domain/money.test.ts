import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { divideHalfUp, formatDecimal, formatMoney, parseAmount, quickAmounts, taxInGross, taxOnNet } from "./money";

const amounts = fc.integer({ min: -10_000_000_00, max: 10_000_000_00 });
const rates = fc.integer({ min: 0, max: 9_999 }).map((n) => `0.${String(n).padStart(4, "0")}`);

describe("decimal strings", () => {
  it("come back as they went in", () => {
    fc.assert(fc.property(amounts, fc.constantFrom("USD", "CNY", "JPY", "KWD"), (amount, currency) => {
      expect(parseAmount(formatDecimal(amount, currency), currency)).toBe(amount);
    }));
  });

  it.each([["499.00", 49900], ["0.1", 10], [".5", 50], ["-12.34", -1234], ["7", 700], ["0.005", 1], ["0.0049", 0], ["-0.005", -1], ["-0", 0]])(
    "%s is %i cents", (text, cents) => expect(parseAmount(text, "USD")).toBe(cents),
  );

  it.each(["", ".", "1,000.00", "1e3", "NaN", "12.3.4", "$5"])("refuses %j", (text) => {
    expect(() => parseAmount(text, "USD")).toThrow(RangeError);
  });

  it("refuses what a number cannot hold exactly", () => {
    expect(() => parseAmount("99999999999999999.00", "USD")).toThrow(RangeError);
  });
});

describe("tax", () => {
  it("is within half a cent of the exact product, halves away from zero", () => {
    fc.assert(fc.property(amounts, rates, (net, rate) => {
      const tax = BigInt(taxOnNet(net, rate));
      const exact = BigInt(net) * BigInt(rate.slice(2)); // in ten-thousandths of a cent
      const distance = tax * 10_000n - exact;
      const magnitude = distance < 0n ? -distance : distance;
      expect(magnitude <= 5_000n).toBe(true);
      if (magnitude === 5_000n) expect(tax < 0n === exact < 0n && (tax < 0n ? distance < 0n : distance > 0n)).toBe(true);
    }));
  });

  it("of a refund is the sale's with the sign turned", () => {
    fc.assert(fc.property(amounts, rates, (net, rate) => { expect(taxOnNet(-net, rate) + taxOnNet(net, rate)).toBe(0); }));
  });

  it.each([[49900, "0.0825", 4117], [2000, "0.0825", 165], [1_00, "0.005", 1], [200, "0.0825", 17], [60_60, "0.0825", 500], [1000, "0", 0]])(
    "on %i at %s is %i", (net, rate, tax) => expect(taxOnNet(net, rate)).toBe(tax),
  );

  it("inside a gross amount and what is left of it make the gross", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1_000_000_00 }), rates, (gross, rate) => {
      const tax = taxInGross(gross, rate);
      expect(tax).toBeGreaterThanOrEqual(0);
      expect(Math.abs(taxOnNet(gross - tax, rate) - tax)).toBeLessThanOrEqual(1);
    }));
    expect(taxInGross(11900, "0.19")).toBe(1900);
    // 0.03 at 100 % has a net of 0.015: the net is rounded up, as on the server.
    expect(taxInGross(3, "1")).toBe(1);
    // 2999.00 yuan at 13 %: net 2653.982.
    expect(taxInGross(299900, "0.13")).toBe(34502);
  });

  it("never comes near a float's error", () => {
    // 1.005 * 100 is 100.49999999999999 in floats.
    expect(parseAmount("1.005", "USD")).toBe(101);
    expect(divideHalfUp(-5n, 2n)).toBe(-3n);
  });
});

describe("for people", () => {
  it("keeps every digit", () => {
    expect(formatMoney(123456789_01, "USD", "en")).toBe("$123,456,789.01");
    expect(formatMoney(-5, "USD", "en")).toBe("-$0.05");
    expect(formatMoney(500, "JPY", "en")).toBe("¥500");
  });
});

describe("quick amounts", () => {
  it("begin with the exact sum, rise, and always cover what is due", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 500_000 }), (due) => {
      const amounts = quickAmounts(due, "USD");
      expect(amounts[0]).toBe(due);
      expect(amounts.length).toBeLessThanOrEqual(5);
      for (let index = 1; index < amounts.length; index += 1) expect(amounts[index]!).toBeGreaterThan(amounts[index - 1]!);
    }));
    expect(quickAmounts(27494, "USD")).toEqual([27494, 27500, 28000, 30000]);
    expect(quickAmounts(0, "USD")).toEqual([]);
  });
});
