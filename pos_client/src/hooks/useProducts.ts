/** What the search finds: at once from the register's own catalogue, then completed by the server while there is a network. */

import { useDebouncedValue } from "@mantine/hooks";
import { useLiveQuery } from "dexie-react-hooks";
import { useEffect, useMemo, useState } from "react";
import { RequestFailure } from "../api/client";
import { refreshQuantities, searchOnline, type OnlineSearch } from "../app/till";
import type { ProductGroup } from "../domain/groups";
import { db } from "../store/db";
import { useOnline, useTill } from "./useData";

const SHOWN = 48;
const STOCK_REFRESH_MS = 20_000;
const ONLINE_AFTER_MS = 250;

/** Pictures seen so far, by product; they cost nothing to keep and save the tiles from flickering. */
const pictures = new Map<string, string>();

/** The last answer, so that coming back to the till shows the same order at once. */
let lastAnswer: { text: string; found: OnlineSearch } | null = null;

export interface Products {
  groups: ProductGroup[];
  /** Live quantity in this store by SKU. */
  quantities: Map<string, number>;
  pictures: Map<string, string>;
  /** Set when the server understood another word than was typed. */
  correction: string | null;
}

/** `others` are SKUs beside those found whose live quantity is wanted, such as those on the ticket. */
export function useProducts(text: string, category: string | null, others: string[]): Products {
  const { index } = useTill();
  const browsing = text.trim() === "";
  const online = useOnlineSearch(browsing ? (category ?? "") : text);
  const groups = useMemo(() => {
    const local = index.search(text, category, SHOWN);
    const remote = (online?.productIds ?? []).flatMap((id) => index.group(id) ?? []).filter((group) => !category || group.category === category);
    // What someone looks for comes from this device first, at once and steady under the finger; for browsing the server knows a better order.
    return [...new Set(browsing ? [...remote, ...local] : [...local, ...remote])].slice(0, SHOWN);
  }, [index, text, browsing, category, online]);
  const quantities = useQuantities(others, groups);
  return { groups, quantities, pictures, correction: browsing ? null : (online?.correction ?? null) };
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
    void searchOnline(channel, storeId, wanted, SHOWN).then((found) => {
      for (const [id, address] of found.thumbnails) pictures.set(id, address);
      lastAnswer = { text: wanted, found };
      if (current) setAnswer(lastAnswer);
    }, ignoreFailure);
    return () => { current = false; };
  }, [connected, channel, storeId, wanted]);
  return answer?.text === text.trim() ? answer.found : null;
}

function useQuantities(others: string[], groups: ProductGroup[]): Map<string, number> {
  const { session } = useTill();
  const online = useOnline();
  const storeId = session.store.id;
  const key = [...new Set([...others, ...groups.flatMap((group) => group.items.map((item) => item.sku))])].join("\n");
  const skus = useMemo(() => (key === "" ? [] : key.split("\n")), [key]);
  useEffect(() => {
    if (!online || skus.length === 0) return undefined;
    const refresh = () => void refreshQuantities(storeId, skus.slice(0, 200)).catch(ignoreFailure);
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

/** The register's own catalogue is already on screen: what the server would add to it can be missed. Faults of this program cannot. */
function ignoreFailure(error: unknown): void {
  if (!(error instanceof RequestFailure)) throw error;
}
