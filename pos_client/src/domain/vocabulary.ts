/** Every word of the catalogue with the items that have it, and how a typed word is read against them. */

import { distanceToStart, isHan, tolerance } from "./words";

interface Postings {
  /** Positions of items, ascending, each with the weight of the best place where it has the word. */
  items: number[];
  weights: number[];
  /** Words of texts can be mistyped; those of codes are right or wrong. */
  isText: boolean;
}

/** Terms of the catalogue that a typed word stands for, with a factor for how well. */
export interface Reading {
  typed: string;
  /** The word that was taken instead; null when it was read as typed. */
  corrected: string | null;
  terms: { term: string; factor: number }[];
}

/** Another number is another model; only letters that look like digits may be mistaken for them. */
function mayBeMeant(word: string, term: string): boolean {
  const digits = (text: string) => text.replace(/\D/g, "");
  if (digits(word) === digits(term)) return true;
  const asDigits = (text: string) => text.replace(/[li]/g, "1").replace(/o/g, "0").replace(/z/g, "2").replace(/b/g, "8");
  return asDigits(word) === asDigits(term);
}

const FUZZY = 0.5;
const PIECE = 0.8;

export class Vocabulary {
  private readonly postings = new Map<string, Postings>();
  private terms: string[] = [];
  private hanTerms: string[] = [];

  /** Notes that the item has the word; items come in ascending order. */
  add(term: string, item: number, weight: number, isText = true): void {
    const found = this.postings.get(term);
    if (!found) {
      this.postings.set(term, { items: [item], weights: [weight], isText });
      return;
    }
    found.isText ||= isText;
    const last = found.items.length - 1;
    if (found.items[last] !== item) {
      found.items.push(item);
      found.weights.push(weight);
    } else if (found.weights[last]! < weight) found.weights[last] = weight;
  }

  /** To be called once after the last word. */
  close(): void {
    this.terms = [...this.postings.keys()].sort();
    this.hanTerms = this.terms.filter(isHan);
  }

  /** Calls `visit` for every item that a term of the reading is in. */
  visit({ terms }: Reading, visit: (item: number, weight: number) => void): void {
    for (const { term, factor } of terms) {
      const { items, weights } = this.postings.get(term)!;
      for (let index = 0; index < items.length; index += 1) visit(items[index]!, weights[index]! * factor);
    }
  }

  /** How a word is read: as it is or begins a longer one, taken apart, or with its mistakes corrected; empty for what is like nothing. */
  read(word: string): Reading[] {
    const plain = this.known(word);
    if (plain) return [plain];
    const number = /^(\d+(?:\.\d+)?)[a-z]+$/.exec(word)?.[1];
    const bare = number ? this.known(number) : null;
    if (bare) return [{ ...bare, typed: word }];
    const pieces = this.takenApart(word);
    if (pieces) return pieces;
    const near = this.near(word);
    return near ? [near] : [];
  }

  /** Read as it stands: the word, longer ones that begin with it, and Chinese ones that hold it. Null when the catalogue has none. */
  known(word: string): Reading | null {
    const terms = this.starting(word).map((term) => ({ term, factor: term === word ? 1 : 0.5 + (0.4 * word.length) / term.length }));
    if (isHan(word)) {
      for (const term of this.hanTerms) if (term.indexOf(word) > 0) terms.push({ term, factor: 0.5 + (0.4 * word.length) / term.length });
    }
    return terms.length > 0 ? { typed: word, corrected: null, terms } : null;
  }

  private starting(word: string): string[] {
    let low = 0;
    let high = this.terms.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.terms[middle]! < word) low = middle + 1;
      else high = middle;
    }
    let end = low;
    while (end < this.terms.length && this.terms[end]!.startsWith(word)) end += 1;
    return this.terms.slice(low, end);
  }

  /** Words written as one: the first piece as long as possible and known in full, the rest read again. */
  private takenApart(word: string): Reading[] | null {
    const least = isHan(word) ? 1 : 2;
    for (let cut = word.length - 1; cut >= least; cut -= 1) {
      const left = word.slice(0, cut);
      const first = this.postings.has(left) || isHan(left) ? this.known(left) : null;
      const rest = word.slice(cut);
      // A number is one: "s24" is no "s2" with a 4.
      const isInNumber = /\d$/.test(left) && /^\d/.test(rest);
      if (!first || isInNumber || (rest.length < least && !/\d/.test(rest))) continue;
      const known = this.known(rest);
      const others = known ? [known] : this.takenApart(rest);
      if (others) return [{ ...first, terms: first.terms.map(({ term, factor }) => ({ term, factor: factor * PIECE })) }, ...others];
    }
    return null;
  }

  private near(word: string): Reading | null {
    let limit = tolerance(word);
    if (limit === 0) return null;
    let found: string[] = [];
    for (const term of this.terms) {
      if (!this.postings.get(term)!.isText || !mayBeMeant(word, term)) continue;
      const distance = distanceToStart(word, term, limit);
      if (distance > limit) continue;
      if (distance < limit) {
        limit = distance;
        found = [];
      }
      found.push(term);
    }
    if (found.length === 0) return null;
    // People seldom mistake the first letter, and rather mean what the shop has much of.
    const sameStart = found.filter((term) => term[0] === word[0]);
    const likely = sameStart.length > 0 ? sameStart : found;
    const closeness = (term: string) => Math.abs(term.length - word.length);
    likely.sort((a, b) => closeness(a) - closeness(b) || this.postings.get(b)!.items.length - this.postings.get(a)!.items.length);
    return { typed: word, corrected: likely[0]!, terms: likely.slice(0, 8).map((term) => ({ term, factor: FUZZY })) };
  }
}
