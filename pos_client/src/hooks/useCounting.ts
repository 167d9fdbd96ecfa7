/** Counting one part on this device: what it has told, and telling more. Every piece is kept in the outbox before anything else happens. */

import { useLiveQuery } from "dexie-react-hooks";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { delivery } from "../app/till";
import type { Count, Part } from "../app/counts";
import { tally, type CountFacts, type Tally, type Told } from "../domain/counting";
import { db, needsPerson, type StockEntry } from "../store/db";
import { recordStock } from "../store/stock";
import { useTill } from "./useData";

export interface Counting {
  /** By SKU. */
  mine: ReadonlyMap<string, Tally>;
  /** Acts on this count that wait to be sent. */
  waiting: number;
  /** Refused, and not yet looked at. */
  refused: StockEntry[];
  tell: (told: Partial<Told> & { sku: string }, name: string) => Promise<void>;
}

/** The subject of a count's acts: they are sent in the order in which they happened. */
export function subjectOf(countId: string): string {
  return `count:${countId}`;
}

const NOTHING: StockEntry[] = [];

export function useCounting(count: Count, part: Part): Counting {
  const { t } = useTranslation();
  const { session } = useTill();
  const subject = subjectOf(count.id);
  const acts = useLiveQuery(async () => {
    const found = await db.entries.filter((entry) => entry.kind === "stock" && entry.subject === subject).toArray();
    return found.filter((entry): entry is StockEntry => entry.kind === "stock");
  }, [subject]) ?? NOTHING;
  const mine = useMemo(() => tally(acts, part.id, part.round), [acts, part.id, part.round]);
  const tell = async (told: Partial<Told> & { sku: string }, name: string) => {
    const line: Told = { quantity: 0, serials: [], anew: false, ...told };
    const facts: CountFacts = { countId: count.id, partId: part.id, round: part.round, lines: [line] };
    const summary = t("stock.counts.told", { name, count: line.serials.length || line.quantity });
    await recordStock(db, session, { operation: "countRecord", facts, subject, summary });
    delivery.kick();
  };
  return { mine, waiting: acts.filter(({ state }) => state === "waiting").length, refused: acts.filter(needsPerson), tell };
}
