/** What scanners read: identifiers of units (IMEI, ICCID), their check digits, and telling them from product codes. */

export type SerialKind = "IMEI" | "ICCID" | "EID" | "SERIAL";

/** Why an identifier is refused; a key of the message catalogue under `serial.problem`. */
export type SerialProblem = "empty" | "imeiLength" | "imeiCheck" | "iccidLength" | "iccidPrefix" | "iccidCheck" | "eidForm" | "eidCheck" | "characters";

/** True when the digits carry a right Luhn check digit at their end. */
export function luhnValid(digits: string): boolean {
  if (!/^\d+$/.test(digits)) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** True for the 32 digits of an eSIM chip with right check digits (ISO 7064, mod 97-10). */
function eidCheckValid(digits: string): boolean {
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
}

/** Without the spaces, dashes and control characters that printed labels and scanners add; letters in capitals. */
export function normaliseCode(raw: string): string {
  return raw.replace(/[\s\u0000-\u001f]/g, "").toUpperCase();
}

/** As `normaliseCode`, and for identifiers made of digits also without separators. */
export function normaliseSerial(raw: string): string {
  const code = normaliseCode(raw);
  const digits = code.replace(/[-/.]/g, "");
  return /^\d+F?$/.test(digits) ? digits.replace(/F$/, "") : code;
}

/** Which identifier a product of this kind carries. */
export function serialKindOf(productKind: string): SerialKind {
  if (productKind === "DEVICE") return "IMEI";
  if (productKind === "SIM") return "ICCID";
  return "SERIAL";
}

/** The first thing wrong with a normalised identifier, or null when it is well formed. */
export function serialProblem(serial: string, kind: SerialKind): SerialProblem | null {
  if (serial === "") return "empty";
  if (kind === "IMEI") {
    if (!/^\d{15}$/.test(serial)) return "imeiLength";
    return luhnValid(serial) ? null : "imeiCheck";
  }
  if (kind === "ICCID") {
    if (!/^\d{19,20}$/.test(serial)) return "iccidLength";
    if (!serial.startsWith("89")) return "iccidPrefix";
    return luhnValid(serial) ? null : "iccidCheck";
  }
  if (kind === "EID") {
    if (!/^89\d{30}$/.test(serial)) return "eidForm";
    return eidCheckValid(serial) ? null : "eidCheck";
  }
  return /^[A-Z0-9][A-Z0-9\-/.]{2,49}$/.test(serial) ? null : "characters";
}

/** The kind of unit identifier that a scanned code looks like; null when it looks like a product code or text. */
export function looksLikeSerial(code: string): SerialKind | null {
  const serial = normaliseSerial(code);
  if (serialProblem(serial, "IMEI") === null) return "IMEI";
  if (serialProblem(serial, "ICCID") === null) return "ICCID";
  return null;
}

/** True for text that a person would not type as a search: one word with digits in it. */
export function looksLikeCode(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9\-_/.]{3,}$/.test(text.trim()) && /\d/.test(text);
}

/** A pickup code as the server compares it: a scanned link gives its last part, separators go. */
export function codeFrom(scanned: string): string {
  const last = scanned.trim().split(/[/=#?&]/).filter(Boolean).at(-1) ?? "";
  return last.replace(/[\s-]/g, "").toUpperCase();
}
