/** Acts with stock, kept in the outbox until the server has recorded them. */

import { newId } from "../domain/ids";
import { freshEntry, type NewEntry, type Session, type TillDatabase } from "./db";

/** An act as a screen makes it; `Facts` are the operation's input without clientId, occurredAt and storeId. */
export interface StockAct<Facts extends Record<string, unknown> = Record<string, unknown>> {
  /** A name of `api/stockActs.ts`. */
  operation: string;
  facts: Facts;
  /** See StockEntry. */
  subject: string | null;
  summary: string;
}

/** Puts an act, done here and now, into the outbox. Returns its clientId. */
export async function recordStock(database: TillDatabase, session: Session, act: StockAct): Promise<string> {
  const clientId = newId();
  const occurredAt = new Date().toISOString();
  await database.entries.add({
    ...freshEntry(), kind: "stock", shiftId: null, clientId, occurredAt, operation: act.operation, subject: act.subject, summary: act.summary,
    staffName: session.staffName, answer: null, dismissedAt: null, input: { ...act.facts, clientId, occurredAt, storeId: session.store.id },
  } satisfies NewEntry);
  return clientId;
}

/** Puts a refused act aside: a person has read why, and nothing is to be sent. True when it was refused and still open. */
export async function dismissStock(database: TillDatabase, clientId: string): Promise<boolean> {
  return database.transaction("rw", database.entries, async () => {
    const entry = await database.entries.where("clientId").equals(clientId).first();
    if (entry?.kind !== "stock" || entry.state !== "attention" || entry.dismissedAt !== null) return false;
    await database.entries.put({ ...entry, dismissedAt: new Date().toISOString() });
    return true;
  });
}
