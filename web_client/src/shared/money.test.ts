import { describe, expect, it } from "vitest";
import { compareMoney, formatMoney, isPositive, subtractMoney } from "./money";

const usd = (amount: string) => ({ amount, currency: "USD" });

describe("money", () => {
  it("is formatted from its decimal string, digit by digit", () => {
    expect(formatMoney(usd("1234.50"), "en")).toBe("$1,234.50");
    expect(formatMoney(usd("9007199254740993.01"), "en")).toBe("$9,007,199,254,740,993.01");
    expect(formatMoney({ amount: "1200", currency: "JPY" }, "en")).toBe("¥1,200");
  });

  it("knows nothing from something", () => {
    expect(isPositive(usd("0.00"))).toBe(false);
    expect(isPositive(usd("0.01"))).toBe(true);
    expect(isPositive(usd("-5.00"))).toBe(false);
    expect(isPositive(null)).toBe(false);
  });

  it("is compared and subtracted exactly", () => {
    expect(compareMoney(usd("10.1"), usd("10.10"))).toBe(0);
    expect(compareMoney(usd("9.99"), usd("10"))).toBe(-1);
    expect(subtractMoney(usd("549.00"), usd("499.01"))).toEqual(usd("49.99"));
    expect(subtractMoney(usd("1"), usd("1.05"))).toEqual(usd("-0.05"));
  });
});
