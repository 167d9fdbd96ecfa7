import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RequestFailure } from "../api/client";
import type { PosSaleInput } from "../gql/graphql";
import { needsPerson, TillDatabase, type Session, type StockInput, type ShiftFacts } from "./db";
import { Delivery, type Lease, type OutboxPort, type SaleAnswer, type ShiftAnswer, type StockAnswer } from "./delivery";
import { adoptShift, openShift, requestClosing, withdrawRefusedOpening } from "./shifts";
import { dismissStock, recordStock } from "./stock";
import { changeTicket, openTicket, payTicket, soldHere, TicketGone, waitingUnits } from "./tickets";
import { storeQuantities, syncCatalogue, type CataloguePage } from "./catalogue";
import { addLine } from "../domain/ticket";

const channel = { slug: "us", name: "US", currency: "USD", country: "US", pricesIncludeTax: false };
const line = { sku: "PHONE", name: "Phone", detail: "", kind: "DEVICE", serialised: true, unitPrice: 49900, taxRate: "0.0825" };
const store = { id: "st", code: "1", name: "Store", streetAddress: "", city: "", postalCode: "", phone: null, timezone: "UTC" };
const session = { store, registerId: "rg", staffCode: "1001", staffName: "Ada" } as Session;
// The deliverer works by itself; a second is little on a machine that does other things too.
const PATIENCE_MS = 10_000;
let serial = 0;

/** The server's side: records by clientId once, and fails as the real one and its network do. */
class FakeServer implements OutboxPort {
  readonly recorded = new Map<string, PosSaleInput>();
  readonly requests: string[][] = [];
  /** Taken one per request: thrown before ("before") or after ("after": the answer is lost) the server did its work. */
  readonly failures: { when: "before" | "after"; failure: Error }[] = [];
  refuse = new Set<string>();
  closed = 0;
  shiftErrors: ShiftAnswer["errors"] = [];

  readonly acts: { operation: string; input: StockInput }[] = [];
  stockErrors: StockAnswer["errors"] = [];

  stock(operation: string, input: StockInput): Promise<StockAnswer> {
    return this.answer([operation], () => {
      if (this.stockErrors.length === 0) this.acts.push({ operation, input });
      return { answer: { replayed: false, id: "7" }, errors: this.stockErrors };
    });
  }

  private async answer<T>(names: string[], work: () => T): Promise<T> {
    this.requests.push(names);
    const next = this.failures.shift();
    if (next?.when === "before") throw next.failure;
    const result = work();
    if (next) throw next.failure;
    return result;
  }

  openShift(): Promise<ShiftAnswer> {
    return this.answer(["open"], () => ({ outcome: null, errors: this.shiftErrors }));
  }

  closeShift(): Promise<ShiftAnswer> {
    return this.answer(["close"], () => {
      this.closed += 1;
      return { outcome: { openingFloat: "100.00", expectedCash: "1", countedCash: "1", difference: "0" }, errors: [] };
    });
  }

  syncSales(inputs: PosSaleInput[]): Promise<SaleAnswer[]> {
    return this.answer(inputs.map(({ clientId }) => String(clientId)), () => inputs.map((input): SaleAnswer => {
      const clientId = String(input.clientId);
      if (this.refuse.has(clientId)) return { clientId, order: null, esims: 0, exceptions: [], errors: [{ code: "INVALID", field: null, message: "No." }] };
      this.recorded.set(clientId, input);
      return { clientId, order: { id: "o", number: "O1" }, esims: 0, exceptions: [], errors: [] };
    }));
  }
}

const network = new RequestFailure("network", "NETWORK", "down");
const fault = new RequestFailure("server", "SERVER_ERROR", "HTTP 500");
const ended = new RequestFailure("auth", "UNAUTHENTICATED", "sign in");
const alone: Lease = async (work) => { await work(); return true; };

let name = 0;
let database: TillDatabase;
let server: FakeServer;
let now: number;
let delivery: Delivery;

function newDelivery(lease: Lease = alone): Delivery {
  return new Delivery(database, server, lease, () => now, () => 0.999999);
}

async function sell(): Promise<string> {
  const id = await openTicket(database, channel);
  serial += 1;
  await changeTicket(database, id, (ticket) => addLine(ticket, line, { serial: `S${serial}`, verified: true }));
  const shift = await database.setting("shift");
  return payTicket(database, id, shift as ShiftFacts, { tendered: 60_000, offline: false, staffName: "Ada", occurredAt: "2026-01-02T03:04:05Z" });
}

async function states(): Promise<string[]> {
  return (await database.entries.toArray()).map(({ kind, state }) => `${kind} ${state}`);
}

beforeEach(async () => {
  name += 1;
  database = new TillDatabase(`test-${name}`);
  server = new FakeServer();
  now = 1_000_000;
  delivery = newDelivery();
  await openShift(database, session, 10_000, "USD");
});

afterEach(async () => {
  delivery.stop();
  await database.delete();
});

describe("paying", () => {
  it("puts the sale into the outbox, takes the ticket away and lowers the stock, all or nothing", async () => {
    await database.catalogue.put({
      sku: "PHONE", productId: "p", barcode: null, name: "Phone", brand: null, kind: "DEVICE", category: null, attributes: [], price: "499.00",
      taxRate: "0.0825", serialised: true, quantity: 3,
    });
    const clientId = await sell();
    expect(await database.tickets.get(clientId)).toBeUndefined();
    expect((await database.catalogue.get("PHONE"))?.quantity).toBe(2);
    const entry = await database.entries.where("clientId").equals(clientId).first();
    expect(entry).toMatchObject({ kind: "sale", state: "waiting", cash: 54017, input: { total: "540.17", taxTotal: "41.17", lines: [{ serials: [`S${serial}`] }] } });
    expect(await waitingUnits(database)).toEqual(new Map([["PHONE", 1]]));
    expect(await soldHere(database, `S${serial}`)).toBe(true);
  });

  it("twice, from a double tap or another tab, sells once", async () => {
    const id = await openTicket(database, channel);
    await changeTicket(database, id, (ticket) => addLine(ticket, line, { serial: "S-twice", verified: true }));
    const shift = (await database.setting("shift")) as ShiftFacts;
    const paid = { tendered: 60_000, offline: false, staffName: "Ada", occurredAt: "2026-01-02T03:04:05Z" };
    const outcomes = await Promise.allSettled([payTicket(database, id, shift, paid), payTicket(database, id, shift, paid)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(outcomes.find((outcome) => outcome.status === "rejected")?.reason).toBeInstanceOf(TicketGone);
    expect(await database.entries.where("clientId").equals(id).count()).toBe(1);
  });

  it("less than is due changes nothing", async () => {
    const id = await openTicket(database, channel);
    await changeTicket(database, id, (ticket) => addLine(ticket, line, { serial: "S-less", verified: true }));
    const shift = (await database.setting("shift")) as ShiftFacts;
    await expect(payTicket(database, id, shift, { tendered: 100, offline: false, staffName: "Ada", occurredAt: "" })).rejects.toThrow(RangeError);
    expect(await database.tickets.get(id)).toBeDefined();
    expect(await database.entries.where("kind").equals("sale").count().catch(() => 0)).toBe(0);
  });
});

describe("delivery", () => {
  it("sends the opening, then the sales in one request", async () => {
    const ids = [await sell(), await sell(), await sell()];
    await delivery.run();
    expect(server.requests).toEqual([["open"], ids]);
    expect(await states()).toEqual(["shiftOpen recorded", "sale recorded", "sale recorded", "sale recorded"]);
  });

  it("survives a lost answer and a restart: recorded once", async () => {
    const id = await sell();
    server.failures.push({ when: "before", failure: network }, { when: "after", failure: network }, { when: "after", failure: network });
    await delivery.run();
    expect(delivery.phase).toBe("unreachable");
    delivery.stop();
    for (let restart = 0; restart < 3; restart += 1) {
      delivery = newDelivery();
      await delivery.run();
      delivery.stop();
    }
    expect(await states()).toEqual(["shiftOpen recorded", "sale recorded"]);
    expect([...server.recorded.keys()]).toEqual([id]);
    expect((await database.entries.toArray()).every(({ attempts }) => attempts === 0)).toBe(true);
  });

  it("keeps trying after any number of network failures", async () => {
    await sell();
    for (let failure = 0; failure < 30; failure += 1) server.failures.push({ when: "before", failure: network });
    for (let round = 0; round < 31; round += 1) {
      await delivery.run();
      delivery.stop();
    }
    expect(await states()).toEqual(["shiftOpen recorded", "sale recorded"]);
  });

  it("holds one sale's fault against no other", async () => {
    await delivery.run();
    const [bad, good] = [await sell(), await sell()];
    server.failures.push({ when: "before", failure: fault });
    await delivery.run();
    // The batch failed as a whole: each goes alone when its time has come, and the bad one fails again.
    now += 2_000;
    server.failures.push({ when: "before", failure: fault });
    await delivery.run();
    expect(server.requests.slice(1)).toEqual([[bad, good], [bad], [good]]);
    expect(await states()).toEqual(["shiftOpen recorded", "sale waiting", "sale recorded"]);
    now += 10_000;
    await delivery.run();
    expect(server.recorded.size).toBe(2);
  });

  it("keeps a refused sale for a person, who may send it again", async () => {
    const id = await sell();
    server.refuse.add(id);
    await delivery.run();
    expect(await states()).toEqual(["shiftOpen recorded", "sale attention"]);
    await delivery.run();
    expect(server.requests).toHaveLength(2);
    server.refuse.clear();
    const entry = await database.entries.where("clientId").equals(id).first();
    await delivery.retry(entry?.seq as number);
    await delivery.run();
    await expect.poll(states).toEqual(["shiftOpen recorded", "sale recorded"]);
  });

  it("stops when the session ends and goes on after a sign-in", async () => {
    await sell();
    server.failures.push({ when: "before", failure: ended });
    await delivery.run();
    expect(delivery.phase).toBe("signIn");
    expect(await states()).toEqual(["shiftOpen waiting", "sale waiting"]);
    await delivery.wake();
    await expect.poll(states).toEqual(["shiftOpen recorded", "sale recorded"]);
  });

  it("in two tabs sends everything once", async () => {
    let held = false;
    const shared: Lease = async (work) => {
      if (held) return false;
      held = true;
      try { await work(); } finally { held = false; }
      return true;
    };
    const ids = [await sell(), await sell()];
    const tabs = [newDelivery(shared), newDelivery(shared)];
    await Promise.all(tabs.map((tab) => tab.run()));
    for (const tab of tabs) tab.stop();
    expect(server.requests).toEqual([["open"], ids]);
  });

  it("loses nothing when it fails itself", async () => {
    await sell();
    server.failures.push({ when: "before", failure: new Error("a fault of the program") });
    const said: unknown[] = [];
    const original = console.error;
    console.error = (...parts: unknown[]) => { said.push(parts); };
    try { await delivery.run(); } finally { console.error = original; }
    expect(said).toHaveLength(1);
    delivery.stop();
    await delivery.run();
    expect(await states()).toEqual(["shiftOpen recorded", "sale recorded"]);
  });
});

describe("the shift", () => {
  it("closes after its sales and is then gone from the register", async () => {
    await sell();
    const shift = (await database.setting("shift")) as ShiftFacts;
    await requestClosing(database, shift, { countedCash: 64_017, reason: "" });
    await expect(requestClosing(database, shift, { countedCash: 1, reason: "" })).rejects.toThrow();
    await delivery.run();
    expect(server.requests.map(([first]) => first)).toEqual(["open", expect.any(String), "close"]);
    expect(await database.setting("shift")).toBeUndefined();
    expect((await database.entries.toArray()).at(-1)).toMatchObject({ kind: "shiftClose", state: "recorded", outcome: { openingFloat: "100.00" } });
  });

  it("whose opening is refused is withdrawn while nothing was sold in it", async () => {
    server.shiftErrors = [{ code: "SHIFT_OPEN", field: null, message: "Open already." }];
    const shift = (await database.setting("shift")) as ShiftFacts;
    await delivery.run();
    expect(await withdrawRefusedOpening(database, shift.id)).toBe(true);
    expect(await database.entries.count()).toBe(0);
    expect(await database.setting("shift")).toBeUndefined();
  });

  it("on the server takes over what was sold in one that never reached it", async () => {
    const id = await sell();
    await adoptShift(database, "rg", { id: "remote", currency: "USD", openedAt: "2026-01-01T00:00:00Z", openingFloat: "50.00" });
    expect(await database.setting("shift")).toMatchObject({ id: "remote", openingFloat: 5_000 });
    await delivery.run();
    expect(server.requests).toEqual([[id]]);
    expect(server.recorded.get(id)?.shiftId).toBe("remote");
  });

  it("that the server does not know stays while entries wait, and goes when none do", async () => {
    await adoptShift(database, "rg", null);
    expect(await database.setting("shift")).toBeDefined();
    await delivery.run();
    await adoptShift(database, "rg", null);
    expect(await database.setting("shift")).toBeUndefined();
  });
});

describe("the catalogue", () => {
  const page = (from: number, hasMore: boolean, changes: Partial<CataloguePage> = {}): CataloguePage => ({
    cursor: String(from + 2), hasMore, channel, removedSkus: [],
    items: [from, from + 1].map((n) => ({
      sku: `S${n}`, productId: `P${n}`, barcode: null, name: `Item ${n}`, brand: null, kind: "ACCESSORY", category: null, attributes: [], price: "1.00",
      taxRate: "0", serialised: false, quantity: 10,
    })),
    ...changes,
  });

  it("goes on where a broken load stopped", async () => {
    const cursors: (string | null)[] = [];
    const fetchPage = async (cursor: string | null) => {
      cursors.push(cursor);
      if (cursors.length === 2) throw network;
      return cursor === null ? page(0, true) : page(2, false);
    };
    await expect(syncCatalogue(database, "st", fetchPage)).rejects.toThrow();
    expect((await database.setting("catalogue"))?.complete).toBe(false);
    const progress: number[] = [];
    await syncCatalogue(database, "st", fetchPage, (items) => progress.push(items));
    expect(cursors).toEqual([null, "2", "2"]);
    expect(progress).toEqual([2]);
    expect(await database.catalogue.count()).toBe(4);
    expect((await database.setting("catalogue"))?.complete).toBe(true);
  });

  it("starts anew for another store or a cursor that is no longer taken, and drops what was removed", async () => {
    await syncCatalogue(database, "st", async () => page(0, false));
    await syncCatalogue(database, "st", async () => page(5, false, { removedSkus: ["S0"] }));
    expect((await database.catalogue.toCollection().primaryKeys()).sort()).toEqual(["S1", "S5", "S6"]);
    const refusing = async (cursor: string | null) => {
      if (cursor !== null) throw new RequestFailure("refused", "INVALID", "cursor");
      return page(8, false);
    };
    await syncCatalogue(database, "st", refusing);
    expect((await database.catalogue.toCollection().primaryKeys()).sort()).toEqual(["S8", "S9"]);
    await syncCatalogue(database, "other", async (cursor) => page(cursor === null ? 0 : 90, false));
    expect((await database.catalogue.toCollection().primaryKeys()).sort()).toEqual(["S0", "S1"]);
  });

  it("is read anew after hours, and serves all the while", async () => {
    const start = Date.parse("2026-01-02T06:00:00Z");
    const nothing = () => undefined;
    await syncCatalogue(database, "st", async (cursor) => page(cursor === null ? 0 : 2, cursor === null), nothing, start);
    expect(await database.catalogue.count()).toBe(4);
    const cursors: (string | null)[] = [];
    const laterPages = async (cursor: string | null) => {
      cursors.push(cursor);
      if (cursors.length === 2) throw network;
      return cursor === null ? page(1, true) : page(9, false);
    };
    const later = start + 9 * 60 * 60_000;
    await expect(syncCatalogue(database, "st", laterPages, nothing, later)).rejects.toThrow();
    expect(await database.catalogue.count()).toBe(4);
    expect((await database.setting("catalogue"))?.complete).toBe(true);
    await syncCatalogue(database, "st", laterPages, nothing, later);
    expect(cursors).toEqual([null, "3", null, "3"]);
    expect((await database.catalogue.toCollection().primaryKeys()).sort()).toEqual(["S1", "S10", "S2", "S9"]);
    await syncCatalogue(database, "st", async (cursor) => page(cursor === null ? 90 : 11, false), nothing, later + 1_000);
    expect(await database.catalogue.count()).toBe(6);
  });

  it("counts what was sold and not sent yet", async () => {
    await database.catalogue.put({ ...page(0, false).items[0]!, sku: "PHONE", quantity: 5 });
    await sell();
    await storeQuantities(database, new Map([["PHONE", 5]]));
    expect((await database.catalogue.get("PHONE"))?.quantity).toBe(4);
    await delivery.run();
    await storeQuantities(database, new Map([["PHONE", 4]]));
    expect((await database.catalogue.get("PHONE"))?.quantity).toBe(4);
  });
});

describe("acts with stock", () => {
  const act = (quantity: number, subject: string | null = null) =>
    recordStock(database, session, { operation: "receive", facts: { sku: "CASE", quantity }, subject, summary: `Received ${quantity}` });
  const entryOf = async (clientId: string) => {
    const entry = await database.entries.where("clientId").equals(clientId).first();
    if (entry?.kind !== "stock") throw new Error("no act with stock");
    return entry;
  };

  it("are sent one at a time with what the server asks of each, and keep its answer", async () => {
    const ids = [await act(1), await act(2)];
    await delivery.run();
    expect(server.requests).toEqual([["open"], ["receive"], ["receive"]]);
    expect(server.acts.map(({ input }) => input)).toEqual(await Promise.all(ids.map(async (clientId, index) =>
      ({ sku: "CASE", quantity: index + 1, clientId, storeId: "st", occurredAt: (await entryOf(clientId)).occurredAt }))));
    expect(await entryOf(ids[0]!)).toMatchObject({ state: "recorded", answer: { id: "7" }, summary: "Received 1", staffName: "Ada", shiftId: null });
  });

  it("survive an outage and a lost answer, in their order, under the same id", async () => {
    const ids = [await act(1, "count:1"), await act(2, "count:1")];
    server.failures.push({ when: "before", failure: network });
    await delivery.run();
    expect(delivery.phase).toBe("unreachable");
    server.failures.push({ when: "after", failure: network });
    await delivery.wake();
    await vi.waitFor(() => expect([delivery.phase, server.failures.length]).toEqual(["unreachable", 0]), PATIENCE_MS);
    await delivery.wake();
    await vi.waitFor(async () => expect((await entryOf(ids[1]!)).state).toBe("recorded"), PATIENCE_MS);
    expect(new Set(server.acts.map(({ input }) => input.clientId))).toEqual(new Set(ids));
    expect(server.acts.at(-1)?.input.clientId).toBe(ids[1]);
    expect(await states()).toEqual(["shiftOpen recorded", "stock recorded", "stock recorded"]);
  });

  it("that are refused are kept with the sentence until a person sends them again or puts them aside", async () => {
    server.stockErrors = [{ code: "UNKNOWN_SKU", field: "sku", message: "There is no such article." }];
    const id = await act(1);
    const sale = await sell();
    await delivery.run();
    expect(await entryOf(id)).toMatchObject({ state: "attention", lastProblem: { message: "There is no such article." }, answer: null });
    expect(server.recorded.has(sale)).toBe(true);
    expect(needsPerson(await entryOf(id))).toBe(true);
    expect(await dismissStock(database, id)).toBe(true);
    expect(await dismissStock(database, id)).toBe(false);
    expect(needsPerson(await entryOf(id))).toBe(false);
    server.stockErrors = [];
    await delivery.retry((await entryOf(id)).seq);
    await vi.waitFor(async () => expect(await entryOf(id)).toMatchObject({ state: "recorded", dismissedAt: null }), PATIENCE_MS);
    expect(await dismissStock(database, id)).toBe(false);
  });

  it("that this person may not do are kept, and hold up no sale", async () => {
    await delivery.run();
    const id = await act(1);
    const sale = await sell();
    server.failures.push({ when: "before", failure: new RequestFailure("forbidden", "PERMISSION_DENIED", "You are not allowed to do this.") });
    await delivery.run();
    expect(await entryOf(id)).toMatchObject({ state: "attention", lastProblem: { code: "PERMISSION_DENIED" } });
    expect(server.recorded.has(sale)).toBe(true);
    expect(delivery.phase).toBe("moving");
  });

  it("wait for someone to sign in when the session has ended", async () => {
    await delivery.run();
    const id = await act(1);
    server.failures.push({ when: "before", failure: ended });
    await delivery.run();
    expect([delivery.phase, (await entryOf(id)).state]).toEqual(["signIn", "waiting"]);
    await delivery.wake();
    await vi.waitFor(async () => expect((await entryOf(id)).state).toBe("recorded"), PATIENCE_MS);
  });

  it("stay where they are when a shift of the server takes the place of ours", async () => {
    const id = await act(1);
    await adoptShift(database, "rg", { id: "other", currency: "USD", openedAt: "2026-01-02T00:00:00Z", openingFloat: "1.00" });
    expect(await entryOf(id)).toMatchObject({ state: "waiting", shiftId: null });
  });
});
