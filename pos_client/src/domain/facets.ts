/** Narrowing a result by category, brand, storage, colour and stock: "or" within one of them, "and" between them, with exact counts of products. */

import type { CatalogueItem } from "../store/db";
import { kindRank } from "./groups";

export const FACETS = ["stock", "category", "brand", "storage", "colour"] as const;
export type FacetName = (typeof FACETS)[number];

/** What is chosen; a facet without values narrows nothing. */
export type Chosen = Partial<Record<FacetName, readonly string[]>>;

export interface FacetValue {
  value: string;
  /** Products that this value alone would show beside what is chosen in the other facets. */
  count: number;
  chosen: boolean;
}

export interface Facet {
  name: FacetName;
  values: FacetValue[];
}

/** The one value of "stock". */
export const HERE = "here";

interface Column {
  name: FacetName;
  values: string[];
  /** Per item the positions of its values. */
  of: number[][];
}

export class FacetTable {
  private readonly columns: Column[];

  /** `groupOf` tells each item's product; items of one product stand together. */
  constructor(private readonly items: readonly CatalogueItem[], private readonly groupOf: ArrayLike<number>) {
    this.columns = FACETS.map((name) => columnOf(name, items));
  }

  /** Leaves of `matching` (1 for each matching item) what is chosen, and counts what else could be. */
  narrow(matching: Uint8Array, chosen: Chosen): { left: Uint8Array; facets: Facet[] } {
    const wanted = this.columns.map(({ name, values }) => wantedOf(chosen[name], values));
    const left = new Uint8Array(this.items.length);
    const tallies = this.columns.map(({ values }) => new Tally(values.length));
    for (let item = 0; item < this.items.length; item += 1) {
      if (!matching[item]) continue;
      const failing = this.failing(item, wanted);
      if (failing.length === 0) left[item] = 1;
      for (let column = 0; column < this.columns.length; column += 1) {
        // A value is counted beside the other facets' choices: its own facet's choice is no obstacle.
        const isBeside = failing.length === 0 || (failing.length === 1 && failing[0] === column);
        for (const value of this.columns[column]!.of[item]!) tallies[column]!.note(value, this.groupOf[item]!, isBeside);
      }
    }
    return { left, facets: this.columns.map((column, index) => facetOf(column, tallies[index]!, wanted[index]!, chosen[column.name] ?? [])) };
  }

  private failing(item: number, wanted: (Set<number> | null)[]): number[] {
    const failing: number[] = [];
    for (let column = 0; column < wanted.length; column += 1) {
      const values = wanted[column];
      if (values && !this.columns[column]!.of[item]!.some((value) => values.has(value))) failing.push(column);
    }
    return failing;
  }
}

/** Counts products rather than items: those of one product come one after another. */
class Tally {
  readonly counts: Int32Array;
  readonly isSeen: Uint8Array;
  private readonly last: Int32Array;

  constructor(values: number) {
    this.counts = new Int32Array(values);
    this.isSeen = new Uint8Array(values);
    this.last = new Int32Array(values).fill(-1);
  }

  note(value: number, group: number, isBeside: boolean): void {
    this.isSeen[value] = 1;
    if (!isBeside || this.last[value] === group) return;
    this.last[value] = group;
    this.counts[value]! += 1;
  }
}

function columnOf(name: FacetName, items: readonly CatalogueItem[]): Column {
  const positions = new Map<string, number>();
  if (name === "category") {
    // Always at the same place under the finger: devices' first.
    const byKind = items.filter(({ category }) => category).sort((a, b) => kindRank(a.kind) - kindRank(b.kind));
    for (const { category } of byKind) if (category && !positions.has(category)) positions.set(category, positions.size);
  }
  const of = items.map((item) => valuesOf(name, item).map((value) => {
    const position = positions.get(value) ?? positions.size;
    positions.set(value, position);
    return position;
  }));
  return { name, values: [...positions.keys()], of };
}

function valuesOf(name: FacetName, item: CatalogueItem): string[] {
  if (name === "stock") return item.quantity > 0 ? [HERE] : [];
  if (name === "category" || name === "brand") return item[name] ? [item[name]] : [];
  const names = name === "colour" ? ["colour", "color"] : [name];
  return [...new Set(item.attributes.filter((attribute) => names.includes(attribute.name)).flatMap(({ values }) => values))];
}

/** Positions of the chosen values; null when nothing is chosen. A value that no item has lets nothing through. */
function wantedOf(chosen: readonly string[] | undefined, values: string[]): Set<number> | null {
  return chosen && chosen.length > 0 ? new Set(chosen.map((value) => values.indexOf(value))) : null;
}

function facetOf({ name, values }: Column, tally: Tally, wanted: Set<number> | null, chosen: readonly string[]): Facet {
  const order = { category: undefined, storage: bySize, stock: byCount, brand: byCount, colour: byCount }[name];
  const shown = values.flatMap((value, position) => {
    const isChosen = wanted?.has(position) ?? false;
    return tally.isSeen[position] || isChosen ? [{ value, count: tally.counts[position]!, chosen: isChosen }] : [];
  });
  const unknown = chosen.filter((value) => !values.includes(value)).map((value) => ({ value, count: 0, chosen: true }));
  return { name, values: [...(order ? shown.sort(order) : shown), ...unknown] };
}

function byCount(a: FacetValue, b: FacetValue): number {
  return b.count - a.count || a.value.localeCompare(b.value);
}

function bySize(a: FacetValue, b: FacetValue): number {
  return megabytes(a.value) - megabytes(b.value) || a.value.localeCompare(b.value);
}

function megabytes(size: string): number {
  const [, number = "0", unit = "G"] = /([\d.]+)\s*([MGT])/i.exec(size) ?? [];
  return Number(number) * { M: 1, G: 1024, T: 1024 * 1024 }[unit.toUpperCase() as "M" | "G" | "T"];
}

/** The choice with a value added, or taken back when it was there. */
export function toggled(chosen: Chosen, name: FacetName, value: string): Chosen {
  const current = chosen[name] ?? [];
  const next = current.includes(value) ? current.filter((other) => other !== value) : [...current, value];
  const { [name]: _old, ...others } = chosen;
  return next.length > 0 ? { ...others, [name]: next } : others;
}

/** How many values are chosen in all facets. */
export function chosenCount(chosen: Chosen): number {
  return FACETS.reduce((sum, name) => sum + (chosen[name]?.length ?? 0), 0);
}
