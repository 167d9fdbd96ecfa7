/** Live views of the register's database and of the running till. */

import { useLiveQuery } from "dexie-react-hooks";
import { createContext, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { connection } from "../app/connection";
import { delivery } from "../app/till";
import { CatalogueIndex } from "../domain/search";
import { db, isSale, needsPerson, type CatalogueMeta, type Entry, type SaleEntry, type Session, type Settings, type ShiftFacts, type StockEntry } from "../store/db";
import type { DeliveryPhase } from "../store/delivery";

/** A stored setting; undefined while it is read, null when there is none. */
export function useSetting<K extends keyof Settings>(key: K): Settings[K] | null | undefined {
  return useLiveQuery(async () => (await db.setting(key)) ?? null, [key]);
}

export function useOnline(): boolean {
  return useSyncExternalStore(connection.subscribe, connection.snapshot);
}

export function useDeliveryPhase(): DeliveryPhase {
  return useSyncExternalStore(delivery.subscribe, () => delivery.phase);
}

export interface QueueCounts {
  waiting: number;
  /** Refused sales and shifts. */
  attention: number;
  /** Refused acts with stock that nobody has put aside. */
  stockAttention: number;
}

/** How many entries wait to be sent, and how many were refused. */
export function useQueue(): QueueCounts {
  const counts = useLiveQuery(async () => ({
    waiting: await db.entries.where("state").equals("waiting").count(),
    attention: await db.entries.where("state").equals("attention").filter((entry) => entry.kind !== "stock").count(),
    stockAttention: await db.entries.where("state").equals("attention").filter((entry) => entry.kind === "stock" && needsPerson(entry)).count(),
  }));
  return counts ?? { waiting: 0, attention: 0, stockAttention: 0 };
}

/** Sales and payments, the latest first. */
export function useSales(limit: number): SaleEntry[] | undefined {
  return useLiveQuery(async () => (await db.entries.reverse().filter(isSale).limit(limit).toArray()).filter(isSale), [limit]);
}

/** Acts with stock, the latest first. */
export function useStockEntries(limit: number): StockEntry[] | undefined {
  return useLiveQuery(async () => {
    const isStock = (entry: Entry): entry is StockEntry => entry.kind === "stock";
    return (await db.entries.reverse().filter(isStock).limit(limit).toArray()).filter(isStock);
  }, [limit]);
}

export function useSale(clientId: string | null): SaleEntry | null | undefined {
  return useLiveQuery(async () => {
    const entry = clientId ? await db.entries.where("clientId").equals(clientId).first() : undefined;
    return entry && isSale(entry) ? entry : null;
  }, [clientId]);
}

/** The catalogue's index, rebuilt when pages were stored; undefined while it is built the first time. */
export function useCatalogueIndex(version: number): CatalogueIndex | undefined {
  const [index, setIndex] = useState<CatalogueIndex>();
  useEffect(() => {
    let wanted = true;
    void db.catalogue.toArray().then((items) => {
      if (wanted) setIndex(new CatalogueIndex(items));
    });
    return () => { wanted = false; };
  }, [version]);
  return index;
}

/** What every screen behind the sign-in has. */
export interface Till {
  session: Session;
  shift: ShiftFacts | null;
  /** True while the closing of the shift waits to be sent: nothing is sold in it any more. */
  closing: boolean;
  catalogue: CatalogueMeta;
  index: CatalogueIndex;
}

export const TillContext = createContext<Till | null>(null);

export function useTill(): Till {
  const till = useContext(TillContext);
  if (!till) throw new Error("useTill outside the signed-in till");
  return till;
}
