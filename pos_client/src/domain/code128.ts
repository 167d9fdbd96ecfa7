/** Code 128 (ISO/IEC 15417): text as bars, for labels that every shop scanner reads. Sets B (text) and C (pairs of digits). */

/** Widths of bars and spaces, in modules, of the symbols 0 to 105; each begins with a bar. */
const WIDTHS = (
  "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221223211221132221231213212223112312131"
  + "311222321122321221312212322112322211212123212321232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121"
  + "313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114"
  + "122411142112142211241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113"
  + "114311411113411311113141114131311141411131211412211214211232"
);
const STOP = "2331112";
const START_B = 104;
const START_C = 105;
const TO_C = 99;
const TO_B = 100;
/** Blank space that scanners need before and after, in modules. */
export const QUIET = 10;

export interface Bars {
  /** Left edge and width of each bar, in modules from the edge of the left quiet zone. */
  bars: { x: number; width: number }[];
  /** With both quiet zones. */
  width: number;
}

/** The bars of `text`; throws RangeError for characters other than printable ASCII and for an empty text. */
export function code128(text: string): Bars {
  if (!/^[ -~]+$/.test(text)) throw new RangeError(`Code 128 cannot hold “${text}”.`);
  const symbols = symbolsOf(text);
  const check = symbols.reduce((sum, value, index) => sum + value * Math.max(1, index), 0) % 103;
  const widths = [...symbols, check].map((value) => WIDTHS.slice(value * 6, value * 6 + 6)).join("") + STOP;
  const bars: Bars["bars"] = [];
  let x = QUIET;
  [...widths].forEach((digit, index) => {
    const width = Number(digit);
    if (index % 2 === 0) bars.push({ x, width });
    x += width;
  });
  return { bars, width: x + QUIET };
}

/** The start symbol and the text's: runs of four or more digits in set C, all else in set B. */
export function symbolsOf(text: string): number[] {
  const parts = text.match(/\d{4,}|(?:(?!\d{4})[ -~])+/g) ?? [];
  const symbols: number[] = [];
  let set: "B" | "C" | null = null;
  const change = (next: "B" | "C") => {
    if (set !== next) symbols.push(set === null ? (next === "C" ? START_C : START_B) : next === "C" ? TO_C : TO_B);
    set = next;
  };
  const asText = (part: string) => {
    if (part === "") return;
    change("B");
    for (const character of part) symbols.push(character.charCodeAt(0) - 32);
  };
  for (const part of parts) {
    if (!/^\d{4,}$/.test(part)) {
      asText(part);
      continue;
    }
    // Of an odd run one digit goes with the text: the first where text stands before it, else the last.
    const odd = part.length % 2 === 1;
    const leading: boolean = odd && set !== null;
    if (leading) asText(part.slice(0, 1));
    const pairs = leading ? part.slice(1) : odd ? part.slice(0, -1) : part;
    change("C");
    for (let index = 0; index < pairs.length; index += 2) symbols.push(Number(pairs.slice(index, index + 2)));
    if (odd && !leading) asText(part.slice(-1));
  }
  return symbols;
}
