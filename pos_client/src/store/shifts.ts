/** Opening and closing the register's shift through the outbox. */

import { newId } from "../domain/ids";
import { formatDecimal, parseAmount, type Minor } from "../domain/money";
import { freshEntry, isSale, type Entry, type NewEntry, type Session, type ShiftFacts, type TillDatabase } from "./db";

/** A shift as the server tells it at sign-in. */
export interface RemoteShift {
  id: string;
  currency: string;
  openedAt: string;
  openingFloat: string;
}

/** Opens a shift here and now; the server hears of it by the outbox. Returns the shift's id. */
export async function openShift(database: TillDatabase, session: Session, openingFloat: Minor, currency: string): Promise<string> {
  const id = newId();
  const occurredAt = new Date().toISOString();
  await database.transaction("rw", database.settings, database.entries, async () => {
    if (await database.setting("shift")) throw new Error("a shift is open already");
    await database.putSetting("shift", { id, registerId: session.registerId, currency, openedAt: occurredAt, openingFloat });
    await database.entries.add({
      ...freshEntry(), kind: "shiftOpen", clientId: id, shiftId: id, occurredAt, currency,
      input: {
        clientId: id, storeId: session.store.id, registerId: session.registerId, occurredAt, openingFloat: formatDecimal(openingFloat, currency),
      },
    } satisfies NewEntry);
  });
  return id;
}

/** Takes back an opening that the server refused and on which nothing was sold; true when it did. */
export async function withdrawRefusedOpening(database: TillDatabase, shiftId: string): Promise<boolean> {
  return database.transaction("rw", database.settings, database.entries, async () => {
    const entries = await database.entries.where("shiftId").equals(shiftId).toArray();
    const [opening] = entries;
    if (entries.length !== 1 || opening?.kind !== "shiftOpen" || opening.state !== "attention") return false;
    await database.entries.delete(opening.seq);
    if ((await database.setting("shift"))?.id === shiftId) await database.dropSetting("shift");
    return true;
  });
}

/**
 * Brings this register's shift into line with the server's answer at sign-in. Entries that have not been recorded move into the server's shift
 * when another one than ours is open there, so that they can be recorded at all.
 */
export async function adoptShift(database: TillDatabase, registerId: string, remote: RemoteShift | null): Promise<void> {
  await database.transaction("rw", database.settings, database.entries, async () => {
    const local = await database.setting("shift");
    if (!remote) {
      if (local && !(await mayStillOpen(database, local.id))) await database.dropSetting("shift");
      return;
    }
    if (local?.id === remote.id) return;
    if (await closingWaits(database, remote.id)) return;
    if (local) await moveUnrecorded(database, local.id, remote.id);
    await database.putSetting("shift", {
      id: remote.id, registerId, currency: remote.currency, openedAt: remote.openedAt, openingFloat: parseAmount(remote.openingFloat, remote.currency),
    });
  });
}

/** True while something of the shift is to be sent, or its refused opening may be sent again. */
async function mayStillOpen(database: TillDatabase, shiftId: string): Promise<boolean> {
  const alive = (entry: Entry) => entry.state === "waiting" || (entry.kind === "shiftOpen" && entry.state === "attention");
  return (await database.entries.where("shiftId").equals(shiftId).filter(alive).count()) > 0;
}

async function closingWaits(database: TillDatabase, shiftId: string): Promise<boolean> {
  const closing = (entry: Entry) => entry.kind === "shiftClose" && entry.state === "waiting";
  return (await database.entries.where("shiftId").equals(shiftId).filter(closing).count()) > 0;
}

async function moveUnrecorded(database: TillDatabase, from: string, to: string): Promise<void> {
  const entries = await database.entries.where("shiftId").equals(from).filter((entry) => entry.state !== "recorded").toArray();
  for (const entry of entries) {
    // The opening itself has become pointless: another shift is open on the server, and this one holds no money of its own there.
    if (entry.kind === "shiftOpen") await database.entries.delete(entry.seq);
    else if (isSale(entry)) await database.entries.put({ ...entry, shiftId: to, input: { ...entry.input, shiftId: to } });
  }
}

export interface Counted {
  countedCash: Minor;
  reason: string;
}

/** Puts the closing of a shift into the outbox, replacing one that the server refused. Returns its clientId. */
export async function requestClosing(database: TillDatabase, shift: ShiftFacts, counted: Counted): Promise<string> {
  const clientId = newId();
  const occurredAt = new Date().toISOString();
  await database.transaction("rw", database.entries, async () => {
    const earlier = await database.entries.where("shiftId").equals(shift.id).filter((entry) => entry.kind === "shiftClose").toArray();
    if (earlier.some((entry) => entry.state !== "attention")) throw new Error("this shift is being closed already");
    // A refused closing changed nothing; the new count stands in its place.
    await database.entries.bulkDelete(earlier.map((entry) => entry.seq));
    await database.entries.add({
      ...freshEntry(), kind: "shiftClose", clientId, shiftId: shift.id, occurredAt, currency: shift.currency, outcome: null,
      input: {
        clientId, shiftId: shift.id, occurredAt, countedCash: formatDecimal(counted.countedCash, shift.currency), reason: counted.reason.replace(/\s+/g, " ").trim() || null,
      },
    } satisfies NewEntry);
  });
  return clientId;
}
