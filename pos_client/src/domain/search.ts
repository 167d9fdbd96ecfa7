/** Searching the register's own copy of the catalogue: by words while typing, by code when scanned, narrowed by facets. */

import type { CatalogueItem } from "../store/db";
import { type Chosen, type Facet, FacetTable } from "./facets";
import { byName, groupsOf, kindRank, type ProductGroup, stockOf } from "./groups";
import { type Reading, Vocabulary } from "./vocabulary";
import { fold, initialsOf, isHan, wordsOf } from "./words";

/** A product found, with those of its variants that were meant. */
export interface Hit {
  group: ProductGroup;
  items: CatalogueItem[];
}

export interface Correction {
  /** What was searched for. */
  corrected: string;
  /** Words left out, since no product has all of them. */
  dropped: string[];
}

export interface Found {
  total: number;
  hits: Hit[];
  facets: Facet[];
  correction: Correction | null;
}

const WEIGHT = { title: 10, brand: 8, code: 6, attribute: 5, category: 4, initials: 4, fits: 3 };
/** What comes after these in a title is what the thing goes with, not what it is. */
const GOES_WITH = /\sfor\s|适用|适配/u;
const STOP_WORDS = new Set(["for", "the", "a", "an", "and", "with", "of", "to", "in"]);
/** One bit each. */
const MAXIMUM_WORDS = 16;

interface Match {
  /** 1 for each item that matches. */
  items: Uint8Array;
  scores: Float32Array;
  correction: Correction | null;
}

export class CatalogueIndex {
  readonly groups: ProductGroup[];
  private readonly items: CatalogueItem[];
  private readonly groupOf: number[];
  /** Each group's place among those that match equally well. */
  private readonly order: number[];
  private readonly titleWords: string[][];
  private readonly byCode = new Map<string, CatalogueItem>();
  private readonly bySku = new Map<string, CatalogueItem>();
  private readonly byProduct: Map<string, ProductGroup>;
  private readonly vocabulary = new Vocabulary();
  private readonly table: FacetTable;

  constructor(items: CatalogueItem[]) {
    this.groups = groupsOf(items);
    this.items = this.groups.flatMap((group) => group.items);
    this.groupOf = this.groups.flatMap((group, number) => group.items.map(() => number));
    this.titleWords = this.groups.map(({ title }) => wordsOf(title));
    this.order = this.orderOfGroups();
    this.byProduct = new Map(this.groups.map((group) => [group.productId, group]));
    const words = remembering(wordsOf);
    this.items.forEach((item, position) => this.add(item, position, words));
    this.vocabulary.close();
    this.table = new FacetTable(this.items, this.groupOf);
  }

  private add(item: CatalogueItem, position: number, words: typeof wordsOf): void {
    this.bySku.set(item.sku, item);
    this.byCode.set(item.sku.toUpperCase(), item);
    if (item.barcode) for (const code of gtinForms(item.barcode)) this.byCode.set(code, item);
    const { title, brand, category } = this.groups[this.groupOf[position]!]!;
    const [head = "", ...tail] = title.split(GOES_WITH);
    // The names of variants repeat their size and colour: these say less than what the product is called.
    const details = new Set(item.attributes.flatMap(({ values }) => values.flatMap(words)));
    const add = (text: string, weight: number, isText = true) => {
      for (const word of words(text)) {
        this.vocabulary.add(word, position, details.has(word) ? Math.min(weight, WEIGHT.attribute) : weight, isText);
        if (isHan(word) && word.length > 1) this.vocabulary.add(initialsOf(word), position, WEIGHT.initials);
      }
    };
    add(head, WEIGHT.title);
    add(tail.join(" "), WEIGHT.fits);
    add(brand, WEIGHT.brand);
    add(category, WEIGHT.category);
    add(item.name, WEIGHT.fits);
    for (const { values } of item.attributes) for (const value of values) add(value, WEIGHT.attribute);
    add(`${item.sku} ${item.barcode ?? ""}`, WEIGHT.code, false);
  }

  /** The product with this barcode or SKU; GTINs match with and without leading zeros. */
  findCode(code: string): CatalogueItem | undefined {
    const upper = code.trim().toUpperCase();
    for (const form of gtinForms(upper)) {
      const item = this.byCode.get(form);
      if (item) return item;
    }
    return undefined;
  }

  item(sku: string): CatalogueItem | undefined {
    return this.bySku.get(sku);
  }

  group(productId: string): ProductGroup | undefined {
    return this.byProduct.get(productId);
  }

  /**
   * The products of which one variant has all the words (as the beginning of a word, for Chinese anywhere) and everything chosen; best
   * first, devices before what goes with them. Mistyped words are corrected; when no product has all words, those of the best are kept.
   */
  search(text: string, chosen: Chosen, limit: number): Found {
    const match = this.match(text);
    const { left, facets } = this.table.narrow(match.items, chosen);
    const found = new Map<number, { items: CatalogueItem[]; score: number }>();
    for (let position = 0; position < left.length; position += 1) {
      if (!left[position]) continue;
      const number = this.groupOf[position]!;
      const group = found.get(number) ?? { items: [], score: 0 };
      group.items.push(this.items[position]!);
      group.score = Math.max(group.score, match.scores[position]!);
      found.set(number, group);
    }
    const ranked = [...found].sort(([a, { score: scoreOfA }], [b, { score: scoreOfB }]) => scoreOfB - scoreOfA || this.order[a]! - this.order[b]!);
    const hits = ranked.slice(0, limit).map(([number, { items }]) => ({ group: this.groups[number]!, items }));
    return { total: found.size, hits, facets, correction: match.correction };
  }

  /** The categories of this catalogue with how many products each has, the most first. */
  categories(): { value: string; count: number }[] {
    const found = this.search("", {}, 0).facets.find(({ name }) => name === "category")?.values ?? [];
    return found.map(({ value, count }) => ({ value, count })).sort((a, b) => b.count - a.count);
  }

  /** Devices first, then what the store has most of. */
  private orderOfGroups(): number[] {
    const rows = this.groups.map((group, number) => ({ group, number, stock: stockOf(group) }));
    rows.sort((a, b) => kindRank(a.group.kind) - kindRank(b.group.kind) || b.stock - a.stock || byName.compare(a.group.title, b.group.title));
    const order = new Array<number>(rows.length);
    rows.forEach(({ number }, place) => { order[number] = place; });
    return order;
  }

  private match(text: string): Match {
    const count = this.items.length;
    const code = text.trim() === "" ? undefined : this.findCode(text);
    if (code) return { items: Uint8Array.from(this.items, (item) => Number(item === code)), scores: new Float32Array(count), correction: null };
    const words = meaningful(wordsOf(text));
    if (words.length === 0) return { items: new Uint8Array(count).fill(fold(text) === "" && text.trim() !== "" ? 0 : 1), scores: new Float32Array(count), correction: null };
    const asTyped = words.map((word) => this.vocabulary.read(word));
    const plain = this.meet(asTyped.flat());
    const isWhole = asTyped.every((readings) => readings.length > 0) && plain.missed.length === 0;
    const joined = isWhole ? null : this.joined(words);
    const { readings, missed, items, scores } = joined ?? { readings: asTyped.flat(), ...plain };
    const unknown = joined ? [] : words.filter((_, index) => asTyped[index]!.length === 0);
    const kept = readings.filter((reading) => !missed.includes(reading));
    const dropped = [...unknown, ...missed.map(({ typed }) => typed)];
    const isCorrected = dropped.length > 0 || kept.some(({ corrected }) => corrected !== null);
    const corrected = kept.map((reading) => reading.corrected ?? reading.typed).join(" ");
    this.favourTitles(kept, items, scores);
    return { items, scores, correction: isCorrected ? { corrected, dropped } : null };
  }

  /** Neighbours written as one word, where the catalogue has them so and all words then meet ("one plus"). */
  private joined(words: string[]): (Meeting & { readings: Reading[] }) | null {
    for (let index = 0; index + 1 < words.length; index += 1) {
      const together = this.vocabulary.known(words[index]! + words[index + 1]!);
      const others = [...words.slice(0, index), ...words.slice(index + 2)].map((word) => this.vocabulary.known(word));
      if (!together || others.includes(null)) continue;
      const readings = [together, ...others.filter((reading) => reading !== null)];
      const meeting = this.meet(readings);
      if (meeting.missed.length === 0) return { ...meeting, readings };
    }
    return null;
  }

  /** Items that have all readings; when there are none, those that have what the best item has. */
  private meet(readings: Reading[]): Meeting {
    const known = readings.slice(0, MAXIMUM_WORDS);
    const count = this.items.length;
    const scores = new Float32Array(count);
    const has = new Uint32Array(count);
    const rarity = known.map((reading, index) => this.score(reading, 1 << index, scores, has));
    let best = 0;
    let most = 0;
    for (let position = 0; position < count; position += 1) {
      if (!has[position]) continue;
      const worth = rarity.reduce((sum, rare, index) => sum + (has[position]! & (1 << index) ? rare : 0), 0);
      if (worth > most) [best, most] = [has[position]!, worth];
    }
    const items = new Uint8Array(count);
    if (best) for (let position = 0; position < count; position += 1) if ((has[position]! & best) === best) items[position] = 1;
    return { items, scores, missed: readings.filter((_, index) => index >= MAXIMUM_WORDS || !(best & (1 << index))) };
  }

  /** Adds the reading's best weight to each of its items; returns how rare it is. */
  private score(reading: Reading, bit: number, scores: Float32Array, has: Uint32Array): number {
    const best = new Float32Array(this.items.length);
    let found = 0;
    this.vocabulary.visit(reading, (item, weight) => {
      if (best[item]! >= weight) return;
      if (!(has[item]! & bit)) found += 1;
      has[item]! |= bit;
      scores[item]! += weight - best[item]!;
      best[item] = weight;
    });
    return Math.log(1 + this.items.length / (found || 1));
  }

  /** The product that is called just so comes before those whose names go on. */
  private favourTitles(readings: Reading[], items: Uint8Array, scores: Float32Array): void {
    const words = new Set(readings.map((reading) => reading.corrected ?? reading.typed));
    for (let position = 0; position < items.length; position += 1) {
      if (!items[position]) continue;
      const title = this.titleWords[this.groupOf[position]!]!;
      const named = title.filter((word) => words.has(word)).length;
      scores[position]! += (3 * named) / (title.length || 1) + (words.has(title[0] ?? "") ? 1 : 0);
    }
  }
}

interface Meeting {
  items: Uint8Array;
  scores: Float32Array;
  /** Readings that the items found lack. */
  missed: Reading[];
}

/** Without the small words, unless there are no others. */
function meaningful(words: string[]): string[] {
  const meant = words.filter((word) => !STOP_WORDS.has(word));
  return meant.length > 0 ? meant : words;
}

/** The same few texts come again and again in a catalogue. */
function remembering(read: (text: string) => string[]): (text: string) => string[] {
  const known = new Map<string, string[]>();
  return (text) => {
    const words = known.get(text) ?? read(text);
    known.set(text, words);
    return words;
  };
}

function gtinForms(code: string): string[] {
  const bare = code.trim().toUpperCase();
  if (!/^\d{8,14}$/.test(bare)) return [bare];
  const digits = bare.replace(/^0+/, "");
  return [...new Set([bare, digits, ...[8, 12, 13, 14].map((length) => digits.padStart(length, "0"))])];
}
