/** Money as the API sends it: exact decimal strings, never floating point. */

export interface Money {
  amount: string;
  currency: string;
}

/** An amount for people, in the language's own form. Formatting a decimal string loses no digit. */
export function formatMoney({ amount, currency }: Money, language: string): string {
  const form = new Intl.NumberFormat(language, { style: "currency", currency, currencyDisplay: "narrowSymbol" });
  return form.format(amount as unknown as number);
}

/** True for more than nothing. */
export function isPositive(money: Money | null | undefined): boolean {
  return !!money && /^\+?[0-9.]*[1-9]/.test(money.amount.trim());
}

/** -1, 0 or 1; both amounts have the same currency. Works digit by digit. */
export function compareMoney(left: Money, right: Money): number {
  const [a, b] = aligned(left.amount, right.amount);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `left - right` as an exact decimal string in their currency. */
export function subtractMoney(left: Money, right: Money): Money {
  const [a, b, scale] = aligned(left.amount, right.amount);
  const digits = (a < b ? b - a : a - b).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const amount = scale ? `${whole}.${digits.slice(-scale)}` : whole;
  return { amount: a < b ? `-${amount}` : amount, currency: left.currency };
}

/** The exact sum of amounts in one currency; null of none. */
export function sumMoney(amounts: readonly Money[]): Money | null {
  const [first, ...others] = amounts;
  if (!first) return null;
  // a + b is a - (-b): the digits are worked out in one place.
  return others.reduce((sum, one) => subtractMoney(sum, negated(one)), first);
}

function negated({ amount, currency }: Money): Money {
  return { amount: amount.startsWith("-") ? amount.slice(1) : `-${amount}`, currency };
}

function aligned(left: string, right: string): [bigint, bigint, number] {
  const places = (text: string) => text.split(".")[1]?.length ?? 0;
  const scale = Math.max(places(left), places(right));
  const scaled = (text: string) => {
    const [whole = "0", fraction = ""] = text.split(".");
    return BigInt(whole + fraction.padEnd(scale, "0"));
  };
  return [scaled(left), scaled(right), scale];
}
