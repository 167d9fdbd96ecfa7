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

/**
 * Brings the copy up to date for a store; `onProgress` hears the number of items stored so far. Each page is stored together with its cursor, so an
 * interrupted load goes on where it stopped. A cursor that the server no longer takes starts a full load.
 */
export async function syncCatalogue(
  database: TillDatabase, storeId: string, fetchPage: FetchPage, onProgress: (items: number) => void = () => undefined,
): Promise<void> {
  const meta = await database.setting("catalogue");
  const known = meta?.storeId === storeId ? meta.cursor : null;
  let cursor = known;
  let stored = 0;
  for (let count = 0; count < MAXIMUM_PAGES; count += 1) {
    const page = await fetchOrRestart(fetchPage, cursor);
    await storePage(database, storeId, page, page.restarted);
    stored += page.items.length;
    onProgress(stored);
    if (!page.hasMore) return;
    cursor = page.cursor;
  }
}

async function fetchOrRestart(fetchPage: FetchPage, cursor: string | null): Promise<CataloguePage & { restarted: boolean }> {
  try {
    return { ...(await fetchPage(cursor)), restarted: cursor === null };
  } catch (error) {
    if (cursor === null || !(error instanceof RequestFailure) || error.kind !== "refused") throw error;
    return { ...(await fetchPage(null)), restarted: true };
  }
}

async function storePage(database: TillDatabase, storeId: string, page: CataloguePage, fresh: boolean): Promise<void> {
  await database.transaction("rw", database.catalogue, database.settings, database.entries, async () => {
    const meta = await database.setting("catalogue");
    if (fresh) await database.catalogue.clear();
    const unsent = await waitingUnits(database);
    await database.catalogue.bulkPut(page.items.map((item) => ({ ...item, quantity: item.quantity - (unsent.get(item.sku) ?? 0) })));
    await database.catalogue.bulkDelete(page.removedSkus);
    const changed = fresh || page.items.length > 0 || page.removedSkus.length > 0;
    await database.putSetting("catalogue", {
      storeId, cursor: page.cursor, channel: page.channel, loadedAt: new Date().toISOString(),
      complete: (!fresh && meta?.complete === true) || !page.hasMore,
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
