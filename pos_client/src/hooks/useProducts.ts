/** What the search finds: at once from the register's own catalogue, then completed by the server while there is a network. */

import { useDebouncedValue } from "@mantine/hooks";
import { useLiveQuery } from "dexie-react-hooks";
import { useEffect, useMemo, useState } from "react";
import { RequestFailure } from "../api/client";
import { SKUS_AT_ONCE } from "../api/documents";
import { findElsewhere, refreshQuantities, searchOnline, type OnlineSearch, type StoreWithStock } from "../app/till";
import { type Chosen, chosenCount } from "../domain/facets";
import { type CatalogueIndex, type Correction, type Found, type Hit } from "../domain/search";
import { db } from "../store/db";
import { useOnline, useTill } from "./useData";

/** Products that the server is asked for. */
const ASKED = 48;
/** SKUs whose quantities are kept fresh. */
const REFRESHED = 2 * SKUS_AT_ONCE;
const STOCK_REFRESH_MS = 20_000;
const ONLINE_AFTER_MS = 250;

/** Pictures seen so far, by product; they cost nothing to keep and save the tiles from flickering. */
const pictures = new Map<string, string>();

/** The last answer, so that coming back to the till shows the same order at once. */
let lastAnswer: { text: string; found: OnlineSearch } | null = null;

export interface Products extends Found {
  /** Live quantity in this store by SKU. */
  quantities: Map<string, number>;
  pictures: Map<string, string>;
  /** Stores around that have what is missing here, by SKU; empty without a network. */
  elsewhere: Map<string, StoreWithStock[]>;
  /** What merchandisers recommend beside the search; empty without a network. */
  spotlights: Recommended[];
}

/** Recommended products that this register knows. */
export interface Recommended {
  rule: string;
  title: string;
  hits: Hit[];
}

/** `others` are SKUs beside those found whose live quantity is wanted, such as those on the ticket. */
export function useProducts(text: string, chosen: Chosen, limit: number, others: string[]): Products {
  const { index } = useTill();
  const online = useOnlineSearch(text);
  const found = useMemo(() => completed(index, text, chosen, limit, online), [index, text, chosen, limit, online]);
  const spotlights = useMemo(() => recommended(index, online), [index, online]);
  const skus = useMemo(() => [...found.hits, ...spotlights.flatMap(({ hits }) => hits)].flatMap(({ group }) => group.items.map((item) => item.sku)), [found, spotlights]);
  const quantities = useQuantities([...others, ...skus]);
  const missing = useMemo(() => {
    const items = found.hits.flatMap(({ group }) => (isGoods(group.kind) ? group.items : []));
    return items.filter((item) => (quantities.get(item.sku) ?? item.quantity) <= 0).map((item) => item.sku);
  }, [found, quantities]);
  return { ...found, quantities, pictures, spotlights, elsewhere: useElsewhere(missing) };
}

/** Of each recommendation what this register knows; none of what it knows nothing of. */
export function recommended(index: CatalogueIndex, online: Pick<OnlineSearch, "spotlights"> | null): Recommended[] {
  const groups = (online?.spotlights ?? []).map(({ rule, title, productIds }) => ({ rule, title, hits: hitsOf(index, productIds) }));
  return groups.filter(({ hits }) => hits.length > 0);
}

const hitsOf = (index: CatalogueIndex, productIds: readonly string[]): Hit[] =>
  productIds.flatMap((id) => index.group(id) ?? []).map((group) => ({ group, items: group.items }));

const isGoods = (kind: string) => kind !== "PLAN" && kind !== "SERVICE";

/**
 * What someone looks for comes from this device, at once and steady under the finger. The server is heard where it knows more: a better order
 * for browsing, and words that this device cannot make anything of.
 */
function completed(index: CatalogueIndex, text: string, chosen: Chosen, limit: number, online: OnlineSearch | null): Found {
  const local = index.search(text, chosen, limit);
  if (!online || chosenCount(chosen) > 0) return local;
  const remote = hitsOf(index, online.productIds);
  if (text.trim() === "") {
    const known = new Set(remote.map(({ group }) => group.productId));
    return { ...local, hits: [...remote, ...local.hits.filter(({ group }) => !known.has(group.productId))].slice(0, limit) };
  }
  if (local.total > 0 || remote.length === 0) return local;
  const correction: Correction | null = online.correction ? { corrected: online.correction, dropped: [] } : null;
  return { ...local, hits: remote, total: remote.length, correction };
}

function useOnlineSearch(text: string): OnlineSearch | null {
  const { catalogue, session } = useTill();
  const connected = useOnline();
  const [wanted] = useDebouncedValue(text.trim(), ONLINE_AFTER_MS);
  const [answer, setAnswer] = useState<{ text: string; found: OnlineSearch } | null>(lastAnswer);
  const channel = catalogue.channel.slug;
  const storeId = session.store.id;
  useEffect(() => {
    if (!connected) return undefined;
    let current = true;
    void searchOnline(channel, storeId, wanted, ASKED).then((found) => {
      for (const [id, address] of found.thumbnails) pictures.set(id, address);
      lastAnswer = { text: wanted, found };
      if (current) setAnswer(lastAnswer);
    }, ignoreFailure);
    return () => { current = false; };
  }, [connected, channel, storeId, wanted]);
  return answer?.text === text.trim() ? answer.found : null;
}

function useQuantities(wanted: string[]): Map<string, number> {
  const { session } = useTill();
  const online = useOnline();
  const storeId = session.store.id;
  const skus = useSteady([...new Set(wanted)]);
  useEffect(() => {
    if (!online || skus.length === 0) return undefined;
    const refresh = () => void refreshQuantities(storeId, skus.slice(0, REFRESHED)).catch(ignoreFailure);
    const soon = setTimeout(refresh, ONLINE_AFTER_MS);
    const timer = setInterval(refresh, STOCK_REFRESH_MS);
    return () => {
      clearTimeout(soon);
      clearInterval(timer);
    };
  }, [online, storeId, skus]);
  const items = useLiveQuery(() => db.catalogue.bulkGet(skus), [skus]);
  return useMemo(() => new Map((items ?? []).flatMap((item) => (item ? [[item.sku, item.quantity] as const] : []))), [items]);
}

function useElsewhere(missing: string[]): Map<string, StoreWithStock[]> {
  const { session, catalogue } = useTill();
  const { country } = catalogue.channel;
  const online = useOnline();
  const skus = useSteady(missing);
  const [stores, setStores] = useState(new Map<string, StoreWithStock[]>());
  useEffect(() => {
    if (!online || skus.length === 0) return undefined;
    let current = true;
    const ask = () => {
      for (let start = 0; start < skus.length; start += SKUS_AT_ONCE) {
        void findElsewhere(session.store, country, skus.slice(start, start + SKUS_AT_ONCE)).then((found) => {
          if (current) setStores((known) => new Map([...known, ...found]));
        }, ignoreFailure);
      }
    };
    const soon = setTimeout(ask, ONLINE_AFTER_MS);
    return () => {
      current = false;
      clearTimeout(soon);
    };
  }, [online, session.store, country, skus]);
  return stores;
}

/** The same list object while it holds the same texts. */
function useSteady(texts: string[]): string[] {
  const key = texts.join("\n");
  return useMemo(() => (key === "" ? [] : key.split("\n")), [key]);
}

/** The register's own catalogue is already on screen: what the server would add to it can be missed. Faults of this program cannot. */
function ignoreFailure(error: unknown): void {
  if (!(error instanceof RequestFailure)) throw error;
}
