/** Products as groups of their variants, and what these are called. Pure. */

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

const KINDS = ["DEVICE", "ACCESSORY", "SIM", "PLAN", "SERVICE"];

/** Devices before what goes with them. */
export function kindRank(kind: string): number {
  const rank = KINDS.indexOf(kind);
  return rank < 0 ? KINDS.length : rank;
}

/** Numbers in names by size. One collator for all: making one for each comparison takes most of a load. */
export const byName = new Intl.Collator(undefined, { numeric: true });

/** One group per product, in the order in which products first come. */
export function groupsOf(items: readonly CatalogueItem[]): ProductGroup[] {
  const groups = new Map<string, ProductGroup>();
  for (const item of items) {
    const { productId, name, brand, category, kind } = item;
    const group = groups.get(productId) ?? { productId, title: name, brand: brand ?? "", category: category ?? "", kind, items: [] };
    group.items.push(item);
    groups.set(productId, group);
  }
  for (const group of groups.values()) {
    group.title = commonTitle(group.items.map((item) => item.name));
    group.items.sort((a, b) => byName.compare(a.name, b.name));
  }
  return [...groups.values()];
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

/** Units of all variants in this store. */
export function stockOf(group: ProductGroup): number {
  return group.items.reduce((sum, item) => sum + Math.max(0, item.quantity), 0);
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
