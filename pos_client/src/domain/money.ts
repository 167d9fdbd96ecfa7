/**
 * Money at the till: whole numbers of the currency's smallest unit (cents), never floats.
 *
 * Decimal strings of the API are parsed digit by digit; products with a tax rate are formed in
 * BigInt and rounded half away from zero, as the server does.
 */

/** A whole number of the currency's smallest unit, for example 49900 for $499.00. */
export type Minor = number;

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?$/;

/** Decimal places of a currency by ISO 4217, as the platform knows them (USD 2, JPY 0). */
export function currencyDigits(currency: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

interface Scaled {
  digits: bigint;
  /** Places after the decimal point that `digits` includes. */
  scale: number;
}

function parseScaled(text: string): Scaled {
  const match = DECIMAL.exec(text.trim());
  const whole = match?.[2] ?? "";
  const fraction = match?.[3] ?? "";
  if (!match || whole + fraction === "") throw new RangeError(`not a decimal number: ${text}`);
  const digits = BigInt(whole + fraction);
  return { digits: match[1] === "-" ? -digits : digits, scale: fraction.length };
}

/** `numerator / denominator`, rounded half away from zero; `denominator` is positive. */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n;
  const magnitude = negative ? -numerator : numerator;
  const rounded = (2n * magnitude + denominator) / (2n * denominator);
  return negative ? -rounded : rounded;
}

function safe(value: bigint): Minor {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError("amount out of range");
  return number === 0 ? 0 : number;
}

/** Parses a decimal string; more places than the currency has are rounded half up. Throws RangeError on anything else. */
export function parseAmount(text: string, currency: string): Minor {
  const { digits, scale } = parseScaled(text);
  const places = currencyDigits(currency);
  if (scale <= places) return safe(digits * 10n ** BigInt(places - scale));
  return safe(divideHalfUp(digits, 10n ** BigInt(scale - places)));
}

/** The decimal string that the API takes, for example "499.00". */
export function formatDecimal(amount: Minor, currency: string): string {
  const places = currencyDigits(currency);
  const sign = amount < 0 ? "-" : "";
  const digits = String(Math.abs(amount)).padStart(places + 1, "0");
  if (places === 0) return sign + digits;
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** For people, in their language: $1,234.50. Goes through the decimal string, so no digit is lost. */
export function formatMoney(amount: Minor, currency: string, language: string): string {
  const format = new Intl.NumberFormat(language, { style: "currency", currency, currencyDisplay: "narrowSymbol" });
  return format.format(formatDecimal(amount, currency) as unknown as number);
}

/** Tax on a net amount: round half up (net x rate); `rate` is a decimal string such as "0.0825". */
export function taxOnNet(net: Minor, rate: string): Minor {
  const { digits, scale } = parseScaled(rate);
  return safe(divideHalfUp(BigInt(net) * digits, 10n ** BigInt(scale)));
}

/** The tax that a gross amount holds: what is left of it beside its net, which is rounded half up, as on the server. */
export function taxInGross(gross: Minor, rate: string): Minor {
  const { digits, scale } = parseScaled(rate);
  const one = 10n ** BigInt(scale);
  return safe(BigInt(gross) - divideHalfUp(BigInt(gross) * one, one + digits));
}

/** "0.0825" as "8.25%", in the reader's language. */
export function formatRate(rate: string, language: string): string {
  const { digits, scale } = parseScaled(rate);
  const percent = formatScaled(digits * 100n, scale);
  return new Intl.NumberFormat(language, { maximumFractionDigits: 4 }).format(percent as unknown as number) + "%";
}

function formatScaled(digits: bigint, scale: number): string {
  const text = String(digits).padStart(scale + 1, "0");
  return scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

const NOTES = [1, 5, 10, 20, 50, 100];

/**
 * Amounts a customer is likely to hand over for `due`: exact first, then the next round sums up to five, distinct and ascending.
 * Steps are 1, 5, 10, 20, 50 and 100 whole units of the currency.
 */
export function quickAmounts(due: Minor, currency: string): Minor[] {
  if (due <= 0) return [];
  const steps = NOTES.map((note) => note * 10 ** currencyDigits(currency));
  const rounded = steps.map((step) => Math.ceil(due / step) * step);
  return [...new Set([due, ...rounded])].sort((a, b) => a - b).slice(0, 5);
}
