/** Sends the outbox: one tab at a time, one request at a time, until nothing waits. */

import { liveQuery, type Subscription } from "dexie";
import type { PosSaleInput, PosShiftCloseInput, PosShiftOpenInput } from "../gql/graphql";
import { RequestFailure } from "../api/client";
import {
  isSale, type Entry, type Problem, type SaleEntry, type ShiftCloseEntry, type ShiftOpenEntry, type ShiftOutcome, type StockEntry, type StockInput,
  type TillDatabase,
} from "./db";
import { afterRecord, afterRefusal, afterTrouble, backOff, planNext, sendAgain } from "./outbox";

export interface SaleAnswer {
  clientId: string;
  order: { id: string; number: string } | null;
  esims: number;
  exceptions: Problem[];
  errors: Problem[];
}

export interface ShiftAnswer {
  outcome: ShiftOutcome | null;
  errors: Problem[];
}

export interface StockAnswer {
  /** The payload's other fields. */
  answer: Record<string, unknown>;
  errors: Problem[];
}

/** The server as the outbox sees it. Each method throws RequestFailure when there is no judged answer. */
export interface OutboxPort {
  openShift(input: PosShiftOpenInput): Promise<ShiftAnswer>;
  closeShift(input: PosShiftCloseInput): Promise<ShiftAnswer>;
  syncSales(inputs: PosSaleInput[]): Promise<SaleAnswer[]>;
  stock(operation: string, input: StockInput): Promise<StockAnswer>;
}

/** Runs `work` when no other tab does; resolves to false when another one holds the lease. */
export type Lease = (work: () => Promise<void>) => Promise<boolean>;

/** The lease that all tabs of this browser share; it ends with the tab, however that dies. */
export const browserLease: Lease = async (work) => {
  if (!navigator.locks) {
    // Without Web Locks (an insecure origin) two tabs may send the same entry; the server still records it once.
    await work();
    return true;
  }
  return navigator.locks.request("till-outbox", { ifAvailable: true }, async (lock) => {
    if (lock) await work();
    return lock !== null;
  });
};

/** moving: sends or has nothing to send. unreachable: backs off. signIn: needs someone to sign in. */
export type DeliveryPhase = "moving" | "unreachable" | "signIn";

const LEASE_RETRY_MS = 1_000;
const FAULT_RETRY_MS = 5_000;

export class Delivery {
  phase: DeliveryPhase = "moving";
  private running = false;
  private again = false;
  private networkFailures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private watch: Subscription | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly database: TillDatabase,
    private readonly port: OutboxPort,
    private readonly lease: Lease = browserLease,
    private readonly now: () => number = Date.now,
    private readonly chance: () => number = Math.random,
  ) {}

  /** Watches the outbox, also for what other tabs put into it. */
  start(): void {
    this.watch ??= liveQuery(() => this.database.entries.where("state").equals("waiting").count()).subscribe(() => this.kick());
  }

  stop(): void {
    this.watch?.unsubscribe();
    this.watch = undefined;
    clearTimeout(this.timer);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The network or a session came back: forget the back-off and try at once. */
  async wake(): Promise<void> {
    this.networkFailures = 0;
    if (this.phase !== "moving") this.setPhase("moving");
    await this.database.entries.where("state").equals("waiting").modify({ nextAttemptAt: 0 });
    this.kick();
  }

  /** Puts a refused entry back into the queue, for a person; with it the opening of its shift if that was refused too. */
  async retry(seq: number): Promise<void> {
    await this.database.transaction("rw", this.database.entries, async () => {
      const entry = await this.database.entries.get(seq);
      if (!entry) return;
      if (entry.kind === "stock") {
        await this.update(entry, { ...sendAgain(), dismissedAt: null } as Partial<Entry>);
        return;
      }
      const refusedOpening = (other: Entry) => other.kind === "shiftOpen" && other.state === "attention";
      await this.database.entries.where("shiftId").equals(entry.shiftId).filter(refusedOpening).modify(sendAgain());
      await this.database.entries.update(seq, sendAgain());
    });
    await this.wake();
  }

  /** Starts sending unless it waits for the network or a person. */
  kick(): void {
    if (this.phase === "signIn" || this.phase === "unreachable") return;
    if (this.running) {
      this.again = true;
      return;
    }
    void this.run();
  }

  /** Resolves when everything that can be sent now has been sent. */
  async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    clearTimeout(this.timer);
    let retryIn: number | null = null;
    try {
      do {
        this.again = false;
        const leased = await this.lease(async () => {
          retryIn = await this.drain();
        });
        if (!leased) retryIn = LEASE_RETRY_MS;
      } while (this.again && retryIn === null);
    } catch (error) {
      // A fault of this program or of the database, never of the network: say so and look again, the entries are still there.
      console.error("The outbox stopped and will try again.", error);
      retryIn = FAULT_RETRY_MS;
    } finally {
      this.running = false;
    }
    if (retryIn !== null) this.runIn(retryIn);
  }

  private runIn(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.phase === "unreachable") this.setPhase("moving");
      void this.run();
    }, milliseconds);
  }

  /** Sends until the plan says stop; the milliseconds after which to look again, or null when nothing is left to do. */
  private async drain(): Promise<number | null> {
    for (;;) {
      const waiting = await this.database.entries.where("state").equals("waiting").toArray();
      const plan = planNext(waiting, this.now());
      if (plan.type === "idle") return null;
      if (plan.type === "wait") return Math.max(50, plan.at - this.now());
      const failure = await this.send(plan.entries);
      if (failure === "signIn") {
        this.setPhase("signIn");
        return null;
      }
      if (failure === "unreachable") {
        this.networkFailures += 1;
        this.setPhase("unreachable");
        return backOff(this.networkFailures, this.chance());
      }
      this.networkFailures = 0;
      this.setPhase("moving");
    }
  }

  private async send(entries: Entry[]): Promise<"signIn" | "unreachable" | null> {
    try {
      const [first] = entries;
      if (first?.kind === "stock") await this.sendStock(first);
      else if (first?.kind === "shiftOpen" || first?.kind === "shiftClose") await this.sendShift(first);
      else await this.sendSales(entries.filter(isSale));
      return null;
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      if (error.kind === "network") return "unreachable";
      const problem: Problem = { code: error.code, field: null, message: error.message };
      const [first] = entries;
      if (first?.kind === "stock" && error.kind === "forbidden") {
        // Another member of staff may be allowed what this one is not: kept for a person, and sales go on.
        await this.update(first, afterRefusal(first, [problem], this.now(), this.chance()));
        return null;
      }
      if (error.kind === "auth" || error.kind === "forbidden") return "signIn";
      for (const entry of entries) await this.update(entry, afterTrouble(entry, problem, this.now(), this.chance()));
      return null;
    }
  }

  private async sendStock(entry: StockEntry): Promise<void> {
    const { answer, errors } = await this.port.stock(entry.operation, entry.input);
    const changes = errors.length > 0
      ? afterRefusal(entry, errors, this.now(), this.chance())
      : { ...afterRecord([], this.timestamp()), answer } as Partial<Entry>;
    await this.update(entry, changes);
  }

  private async sendShift(entry: ShiftOpenEntry | ShiftCloseEntry): Promise<void> {
    const answer = entry.kind === "shiftOpen" ? await this.port.openShift(entry.input) : await this.port.closeShift(entry.input);
    if (answer.errors.length > 0) {
      await this.update(entry, afterRefusal(entry, answer.errors, this.now(), this.chance()));
      return;
    }
    const changes = afterRecord([], this.timestamp());
    if (entry.kind === "shiftOpen") {
      await this.update(entry, changes);
      return;
    }
    await this.database.transaction("rw", this.database.entries, this.database.settings, async () => {
      await this.update(entry, { ...changes, outcome: answer.outcome } as Partial<Entry>);
      if ((await this.database.setting("shift"))?.id === entry.shiftId) await this.database.dropSetting("shift");
    });
  }

  private async sendSales(sales: SaleEntry[]): Promise<void> {
    const answers = new Map((await this.port.syncSales(sales.map((sale) => sale.input))).map((answer) => [answer.clientId, answer]));
    for (const sale of sales) {
      const answer = answers.get(sale.clientId);
      if (!answer) {
        const problem: Problem = { code: "SERVER_ERROR", field: null, message: "The server's answer does not mention this entry." };
        await this.update(sale, afterTrouble(sale, problem, this.now(), this.chance()));
      } else if (answer.errors.length > 0) {
        await this.update(sale, afterRefusal(sale, answer.errors, this.now(), this.chance()));
      } else {
        await this.update(sale, { ...afterRecord(answer.exceptions, this.timestamp()), order: answer.order, esims: answer.esims } as Partial<Entry>);
      }
    }
  }

  private async update(entry: Entry, changes: Partial<Entry>): Promise<void> {
    await this.database.entries.update(entry.seq, changes as Parameters<typeof this.database.entries.update>[1]);
  }

  private timestamp(): string {
    return new Date(this.now()).toISOString();
  }

  private setPhase(phase: DeliveryPhase): void {
    if (this.phase === phase) return;
    this.phase = phase;
    for (const listener of this.listeners) listener();
  }
}
