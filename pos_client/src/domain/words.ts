/** What words of a catalogue and of a search are made of, so that both are read alike. Pure. */

const UNIT = /(?<![\p{L}\p{N}])(\d+(?:\.\d+)?) (gb|tb|mb|mah|mm|cm|inch|inches|w|hz|mp|mbps|g)(?![\p{L}\p{N}])/gu;
const SCRIPTS_MEET = /(?<=\p{Script=Han})(?=[^\p{Script=Han}\s])|(?<=[^\p{Script=Han}\s])(?=\p{Script=Han})/gu;

/** Lower case, without accents and with every run of other characters as one space; CJK characters and decimal points stay. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}.]+|(?<!\d)\.+|\.+(?!\d)/gu, " ")
    .trim();
}

/** The words of a text: "128 GB" is one, Chinese and Latin letters part, a plural reads as its singular. */
export function wordsOf(text: string): string[] {
  return fold(text).replace(UNIT, "$1$2").replace(SCRIPTS_MEET, " ").split(/\s+/).filter(Boolean).map(singular);
}

function singular(word: string): string {
  if (!/^[a-z]{4,}s$/.test(word) || word.endsWith("ss")) return word;
  return word.endsWith("ies") ? `${word.slice(0, -3)}y` : word.slice(0, -1);
}

export function isHan(word: string): boolean {
  return /\p{Script=Han}/u.test(word);
}

/** The first character of each initial's stretch in the order of pinyin. */
const STRETCHES: [string, string][] = [..."阿八嚓咑妸发旮哈丌咔垃妈拏噢妑七呥仨它屲夕丫帀"].map((character, index) => [character, "abcdefghjklmnopqrstwxyz".charAt(index)]);
const pinyin = new Intl.Collator("zh-u-co-pinyin");
const initials = new Map<string, string>();

/** The initials that one types for Chinese characters: "hw" for 华为. */
export function initialsOf(characters: string): string {
  return [...characters].map((character) => {
    const known = initials.get(character) ?? STRETCHES.findLast(([first]) => pinyin.compare(first, character) <= 0)?.[1] ?? "";
    initials.set(character, known);
    return known;
  }).join("");
}

/** How many letters a word may be off: none for short words and numbers. */
export function tolerance(word: string): number {
  if (/^[\d.]+$/.test(word) || isHan(word)) return 0;
  if (word.length >= 8) return 2;
  return word.length >= 4 || (word.length === 3 && /\d/.test(word)) ? 1 : 0;
}

/**
 * Edits (a letter more, less, another, or two swapped) between a word and the beginning of a term that is nearest to it; more than
 * `limit` counts as limit + 1.
 */
export function distanceToStart(word: string, term: string, limit: number): number {
  if (word.length - term.length > limit) return limit + 1;
  const width = Math.min(term.length, word.length + limit);
  let before: number[] = [];
  let last = Array.from({ length: width + 1 }, (_, column) => column);
  for (let row = 1; row <= word.length; row += 1) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= width; column += 1) {
      const same = word[row - 1] === term[column - 1] ? 0 : 1;
      let edits = Math.min(last[column - 1]! + same, last[column]! + 1, current[column - 1]! + 1);
      const swapped = row > 1 && column > 1 && word[row - 1] === term[column - 2] && word[row - 2] === term[column - 1];
      if (swapped) edits = Math.min(edits, before[column - 2]! + 1);
      current.push(edits);
      if (edits < least) least = edits;
    }
    if (least > limit) return limit + 1;
    before = last;
    last = current;
  }
  return Math.min(limit + 1, ...last);
}
