/** The register's own database (IndexedDB). Whatever must survive a reload or a crash is in here, nothing of it in memory alone. */

import type { CheckedAddress } from "@shared/address/answers";
import Dexie, { type EntityTable, type Table } from "dexie";
import type { PosSaleInput, PosShiftCloseInput, PosShiftOpenInput, OrderedFieldsFragment } from "../gql/graphql";
import type { Minor } from "../domain/money";
import type { Ticket } from "../domain/ticket";

export interface CatalogueItem {
  sku: string;
  productId: string;
  barcode: string | null;
  name: string;
  brand: string | null;
  kind: string;
  category: string | null;
  attributes: { name: string; label: string; values: string[] }[];
  /** Decimal string of the channel's currency. */
  price: string;
  taxRate: string;
  serialised: boolean;
  /** Sellable units in this store, sales that still wait to be sent subtracted. */
  quantity: number;
}

/** What is wrong with an entry, in the server's words. */
export interface Problem {
  code: string;
  field: string | null;
  message: string;
}

export type EntryState = "waiting" | "recorded" | "attention";

export interface ReceiptLine {
  name: string;
  detail: string;
  quantity: number;
  unitPrice: Minor;
  total: Minor;
  serials: string[];
}

/** What the receipt and the list of sales show; fixed when the money was taken. */
export interface Receipt {
  lines: ReceiptLine[];
  /** How the lines state prices; older receipts do not say, and their prices are without tax. */
  pricesIncludeTax?: boolean;
  subtotal: Minor;
  tax: Minor;
  total: Minor;
  tendered: Minor;
  change: Minor;
  staffName: string;
  customerName: string;
  /** Number of the order that was paid, for payments of orders placed elsewhere. */
  paidOrder: string | null;
  /** What that order holds; null where the server could not tell, and in older receipts. */
  ordered?: OrderedFieldsFragment | null;
}

interface EntryBase {
  /** Order of happening; given by the database. */
  seq: number;
  /** UUID; the server records it once, however often it is sent. */
  clientId: string;
  occurredAt: string;
  state: EntryState;
  /** Sendings that reached the server and failed there; network failures do not count. */
  attempts: number;
  /** Milliseconds since the epoch before which it is not sent again. */
  nextAttemptAt: number;
  lastProblem: Problem | null;
  /** Facts that a person settles later; the entry is recorded all the same. */
  exceptions: Problem[];
  recordedAt: string | null;
}

interface OfShift extends EntryBase { shiftId: string; currency: string }

export interface ShiftOpenEntry extends OfShift { kind: "shiftOpen"; input: PosShiftOpenInput }
export interface ShiftCloseEntry extends OfShift { kind: "shiftClose"; input: PosShiftCloseInput; outcome: ShiftOutcome | null }
export interface SaleEntry extends OfShift {
  kind: "sale" | "payment";
  input: PosSaleInput;
  cash: Minor;
  receipt: Receipt;
  order: { id: string; number: string } | null;
  /** How many eSIMs were sold, once it is recorded. */
  esims?: number;
}

/** Something done with stock: an operation of `api/stockActs.ts` and its input. It belongs to no shift. */
export interface StockEntry extends EntryBase {
  kind: "stock";
  shiftId: null;
  operation: string;
  input: StockInput;
  /** Acts on one subject ("transfer:81") are sent in the order in which they happened; null when the order does not matter. */
  subject: string | null;
  /** What was done, in a few words for a person. */
  summary: string;
  staffName: string;
  /** The payload by which the server recorded it. */
  answer: Record<string, unknown> | null;
  /** When a person put it aside after it was refused. */
  dismissedAt: string | null;
}

/** What every act with stock tells beside its own facts. */
export interface StockInput extends Record<string, unknown> { clientId: string; occurredAt: string; storeId: string }

export type Entry = ShiftOpenEntry | ShiftCloseEntry | SaleEntry | StockEntry;
export type NewEntry = Omit<ShiftOpenEntry, "seq"> | Omit<ShiftCloseEntry, "seq"> | Omit<SaleEntry, "seq"> | Omit<StockEntry, "seq">;

/** The closed shift as the server counted it. */
export interface ShiftOutcome {
  openingFloat: string;
  expectedCash: string;
  countedCash: string;
  difference: string;
}

export interface StoreFacts {
  id: string;
  code: string;
  name: string;
  streetAddress: string;
  city: string;
  postalCode: string;
  phone: string | null;
  timezone: string;
  /** Missing in sessions of an older version. */
  latitude?: number;
  longitude?: number;
}

export interface ChannelFacts {
  slug: string;
  name: string;
  currency: string;
  country: string;
  pricesIncludeTax: boolean;
}

/** A salted, slow hash of the PIN; lets the same person unlock the till while the network is down. */
export interface PinVerifier {
  salt: string;
  iterations: number;
  hash: string;
}

export interface Session {
  token: string;
  expiresAt: string;
  staffCode: string;
  staffName: string;
  permissions: string[];
  store: StoreFacts;
  registerId: string;
  locked: boolean;
  verifier: PinVerifier | null;
  /** Wrong PINs at an offline unlock since the last right one. */
  offlineFailures: number;
}

export interface ShiftFacts {
  id: string;
  registerId: string;
  currency: string;
  openedAt: string;
  openingFloat: Minor;
}

export interface CatalogueMeta {
  storeId: string;
  cursor: string | null;
  /** False until a first full load has ended. */
  complete: boolean;
  channel: ChannelFacts;
  /** Changes with every page that is stored; readers reload their index then. */
  version: number;
  /** When all of it was last read, quantities included; deltas bring changed articles alone. */
  fullAt: string;
}

/** Single values by name. */
export interface Settings {
  register: { token: string };
  session: Session;
  shift: ShiftFacts;
  catalogue: CatalogueMeta;
  openTicket: string;
  lastReceipt: string;
  /** Where services are to work that the customer at the counter asks about. */
  address: CheckedAddress;
  /** The cart of bundles at this register. */
  offerCart: { id: string };
}

/** What the server last answered to a question, kept for when it cannot be asked. */
export interface Remembered { key: string; value: unknown; asOf: string }

interface Setting { key: keyof Settings; value: Settings[keyof Settings] }

export class TillDatabase extends Dexie {
  settings!: Table<Setting, keyof Settings>;
  catalogue!: EntityTable<CatalogueItem, "sku">;
  tickets!: EntityTable<Ticket, "id">;
  entries!: Table<Entry, number, NewEntry>;
  remembered!: Table<Remembered, string>;

  constructor(name = "till") {
    super(name);
    this.version(1).stores({
      settings: "key",
      catalogue: "sku, productId",
      tickets: "id",
      entries: "++seq, &clientId, state, shiftId",
    });
    this.version(2).stores({ remembered: "key" });
  }

  async setting<K extends keyof Settings>(key: K): Promise<Settings[K] | undefined> {
    return (await this.settings.get(key))?.value as Settings[K] | undefined;
  }

  async putSetting<K extends keyof Settings>(key: K, value: Settings[K]): Promise<void> {
    await this.settings.put({ key, value });
  }

  async dropSetting(key: keyof Settings): Promise<void> {
    await this.settings.delete(key);
  }
}

/** The fields that every new entry starts with. */
export function freshEntry(): Pick<EntryBase, "state" | "attempts" | "nextAttemptAt" | "lastProblem" | "exceptions" | "recordedAt"> {
  return { state: "waiting", attempts: 0, nextAttemptAt: 0, lastProblem: null, exceptions: [], recordedAt: null };
}

export function isSale(entry: Entry): entry is SaleEntry {
  return entry.kind === "sale" || entry.kind === "payment";
}

/** True for an entry that was refused and that no person has put aside. */
export function needsPerson(entry: Entry): boolean {
  return entry.state === "attention" && !(entry.kind === "stock" && entry.dismissedAt !== null);
}

export const db = new TillDatabase();
