/** Searching the register's own copy of the catalogue: by words while typing, by code when scanned. */

import type { CatalogueItem } from "../store/db";

export interface ProductGroup {
  productId: string;
  title: string;
  brand: string;
  category: string;
  kind: string;
  /** By name, numbers in them by size; at least one. */
  items: CatalogueItem[];
}

interface Indexed {
  group: ProductGroup;
  title: string;
  text: string;
}

/** Lower case, without accents and with every run of other characters as one space; CJK characters stay. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** The words that all names begin with; the first name when they share none. */
export function commonTitle(names: string[]): string {
  const [first = "", ...others] = names;
  let words = first.split(" ");
  for (const name of others) {
    const candidate = name.split(" ");
    const end = words.findIndex((word, index) => word !== candidate[index]);
    if (end >= 0) words = words.slice(0, end);
  }
  const title = words.join(" ").replace(/[\s,(\-–—·/]+$/u, "");
  return title === "" ? first : title;
}

export class CatalogueIndex {
  readonly groups: ProductGroup[] = [];
  /** Devices' first, then what goes with them. */
  readonly categories: string[];
  private readonly byCode = new Map<string, CatalogueItem>();
  private readonly bySku = new Map<string, CatalogueItem>();
  private readonly byProduct = new Map<string, ProductGroup>();
  private readonly indexed: Indexed[];

  constructor(items: CatalogueItem[]) {
    for (const item of items) this.add(item);
    for (const group of this.groups) {
      group.title = commonTitle(group.items.map((item) => item.name));
      group.items.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
    }
    this.indexed = this.groups.map((group) => ({ group, title: fold(group.title.includes(group.brand) ? group.title : `${group.brand} ${group.title}`), text: searchText(group) }));
    const byKind = [...this.groups].sort((a, b) => kindRank(a.kind) - kindRank(b.kind));
    this.categories = [...new Set(byKind.map((group) => group.category).filter(Boolean))];
  }

  private add(item: CatalogueItem): void {
    this.bySku.set(item.sku, item);
    this.byCode.set(item.sku.toUpperCase(), item);
    if (item.barcode) for (const code of gtinForms(item.barcode)) this.byCode.set(code, item);
    const present = this.byProduct.get(item.productId);
    if (present) {
      present.items.push(item);
      return;
    }
    const group: ProductGroup = {
      productId: item.productId, title: item.name, brand: item.brand ?? "", category: item.category ?? "", kind: item.kind, items: [item],
    };
    this.byProduct.set(item.productId, group);
    this.groups.push(group);
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

  /** Products that hold every word (as the beginning of a word, for CJK anywhere); best first. */
  search(text: string, category: string | null, limit: number): ProductGroup[] {
    const words = fold(text).split(" ").filter(Boolean);
    const scored: { group: ProductGroup; score: number }[] = [];
    for (const entry of this.indexed) {
      if (category && entry.group.category !== category) continue;
      const score = scoreOf(entry, words);
      if (score > 0) scored.push({ group: entry.group, score });
    }
    scored.sort((a, b) => b.score - a.score || stockOf(b.group) - stockOf(a.group) || a.group.title.localeCompare(b.group.title));
    return scored.slice(0, limit).map(({ group }) => group);
  }
}

const KINDS = ["DEVICE", "ACCESSORY", "SIM", "PLAN", "SERVICE"];

function kindRank(kind: string): number {
  const rank = KINDS.indexOf(kind);
  return rank < 0 ? KINDS.length : rank;
}

/** Units of all variants in this store. */
export function stockOf(group: ProductGroup): number {
  return group.items.reduce((sum, item) => sum + Math.max(0, item.quantity), 0);
}

function searchText(group: ProductGroup): string {
  const parts = [group.brand, group.title, group.category];
  for (const item of group.items) {
    parts.push(item.name, item.sku, item.barcode ?? "");
    for (const attribute of item.attributes) parts.push(...attribute.values);
  }
  return ` ${fold([...new Set(parts)].join(" "))} `;
}

function scoreOf(entry: Indexed, words: string[]): number {
  let score = 1;
  for (const word of words) {
    const cjk = /\p{Script=Han}/u.test(word);
    if (!entry.text.includes(cjk ? word : ` ${word}`)) return 0;
    if (` ${entry.title} `.includes(` ${word} `)) score += 4;
    else if (` ${entry.title}`.includes(cjk ? word : ` ${word}`)) score += 2;
  }
  if (words.length > 0 && entry.title.startsWith(words[0] ?? "")) score += 3;
  return score;
}

function gtinForms(code: string): string[] {
  const bare = code.trim().toUpperCase();
  if (!/^\d{8,14}$/.test(bare)) return [bare];
  const digits = bare.replace(/^0+/, "");
  return [...new Set([bare, digits, ...[8, 12, 13, 14].map((length) => digits.padStart(length, "0"))])];
}

/** What tells a variant from its sisters: the values in which they differ, else what its name adds to the product's. */
export function variantDetail(item: CatalogueItem, group: ProductGroup): string {
  const differing = item.attributes.filter(({ name, values }) => group.items.some((sister) => {
    const other = sister.attributes.find((attribute) => attribute.name === name);
    return other?.values.join() !== values.join();
  }));
  if (differing.length > 0) return differing.map(({ values }) => values.join(", ")).join(" · ");
  const rest = item.name.startsWith(group.title) ? item.name.slice(group.title.length) : "";
  return rest.replace(/^[\s,(\-–—·/]+|\)$/gu, "");
}
