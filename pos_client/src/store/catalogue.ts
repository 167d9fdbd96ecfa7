/** The register's copy of the catalogue: loaded page by page, resumed where it stopped, then kept fresh by deltas. */

import { RequestFailure } from "../api/client";
import type { CatalogueItem, ChannelFacts, TillDatabase } from "./db";
import { waitingUnits } from "./tickets";

export interface CataloguePage {
  cursor: string;
  hasMore: boolean;
  channel: ChannelFacts;
  items: CatalogueItem[];
  removedSkus: string[];
}

export type FetchPage = (cursor: string | null) => Promise<CataloguePage>;

/** Bound of one run; at a thousand items a page far above any catalogue. */
const MAXIMUM_PAGES = 1_000;

/** Age of the last full load after which everything, above all the stock, is read again. */
const FULL_EVERY_MS = 8 * 60 * 60_000;

/**
 * Brings the copy up to date for a store; `onProgress` hears the number of items stored so far. Each page is stored together with its cursor, so an
 * interrupted first load goes on where it stopped. Once complete it stays so: later full loads, and those after a cursor that the server no longer
 * takes, lay the new over the old and drop at their end what did not come again.
 */
export async function syncCatalogue(
  database: TillDatabase, storeId: string, fetchPage: FetchPage, onProgress: (items: number) => void = () => undefined, now = Date.now(),
): Promise<void> {
  const meta = await database.setting("catalogue");
  const ours = meta?.storeId === storeId ? meta : undefined;
  if (ours?.complete && now - Date.parse(ours.fullAt) >= FULL_EVERY_MS) {
    await load(database, storeId, fetchPage, { from: null, refill: true }, onProgress, now);
    return;
  }
  try {
    await load(database, storeId, fetchPage, { from: ours?.cursor ?? null, refill: false }, onProgress, now);
  } catch (error) {
    if (!ours?.cursor || !(error instanceof RequestFailure) || error.kind !== "refused") throw error;
    await load(database, storeId, fetchPage, { from: null, refill: ours.complete }, onProgress, now);
  }
}

interface Start {
  from: string | null;
  /** A complete copy is there and serves until the last page has come. */
  refill: boolean;
}

async function load(
  database: TillDatabase, storeId: string, fetchPage: FetchPage, { from, refill }: Start, onProgress: (items: number) => void, now: number,
): Promise<void> {
  const seen = new Set<string>();
  let cursor = from;
  for (let count = 0; count < MAXIMUM_PAGES; count += 1) {
    const page = await fetchPage(cursor);
    for (const item of page.items) seen.add(item.sku);
    await storePage(database, storeId, page, { first: from === null && count === 0, refill, seen, now });
    onProgress(seen.size);
    if (!page.hasMore) return;
    cursor = page.cursor;
  }
}

interface Step {
  /** First page of a load of everything. */
  first: boolean;
  refill: boolean;
  seen: Set<string>;
  now: number;
}

async function storePage(database: TillDatabase, storeId: string, page: CataloguePage, step: Step): Promise<void> {
  await database.transaction("rw", database.catalogue, database.settings, database.entries, async () => {
    const meta = await database.setting("catalogue");
    if (step.first && !step.refill) await database.catalogue.clear();
    const unsent = await waitingUnits(database);
    await database.catalogue.bulkPut(page.items.map((item) => ({ ...item, quantity: item.quantity - (unsent.get(item.sku) ?? 0) })));
    await database.catalogue.bulkDelete(page.removedSkus);
    const last = !page.hasMore;
    if (step.refill && last) await database.catalogue.filter((item) => !step.seen.has(item.sku)).delete();
    // While a refill runs, the old cursor stays: broken off, it starts again.
    if (step.refill && !last) return;
    const changed = step.first || step.refill || page.items.length > 0 || page.removedSkus.length > 0;
    await database.putSetting("catalogue", {
      storeId, cursor: page.cursor, channel: page.channel,
      complete: step.refill || (!step.first && meta?.complete === true) || last,
      fullAt: step.first || step.refill ? new Date(step.now).toISOString() : (meta?.fullAt ?? new Date(step.now).toISOString()),
      version: (meta?.version ?? 0) + (changed ? 1 : 0),
    });
  });
}

/** Takes over live quantities of this store; what this register sold and has not sent yet is subtracted. */
export async function storeQuantities(database: TillDatabase, quantities: Map<string, number>): Promise<void> {
  await database.transaction("rw", database.catalogue, database.entries, async () => {
    const unsent = await waitingUnits(database);
    const items = await database.catalogue.bulkGet([...quantities.keys()]);
    for (const item of items) {
      if (!item) continue;
      const live = (quantities.get(item.sku) ?? 0) - (unsent.get(item.sku) ?? 0);
      if (live !== item.quantity) await database.catalogue.update(item.sku, { quantity: live });
    }
  });
}
