/** The tickets of this register: the open one and those held aside. Changes go through transactions, so two tabs cannot tear them. */

import { newId } from "../domain/ids";
import type { Minor } from "../domain/money";
import { saleOfOrder, saleOfTicket, type OrderPayment } from "../domain/sale";
import { lineTotals, ticketProblem, ticketTotals, type Ticket } from "../domain/ticket";
import { freshEntry, type ChannelFacts, type NewEntry, type Receipt, type ShiftFacts, type TillDatabase } from "./db";

export class TicketGone extends Error {
  constructor() {
    super("The ticket was paid or changed in another window.");
    this.name = "TicketGone";
  }
}

function emptyTicket(channel: ChannelFacts, id: string): Ticket {
  return {
    id, createdAt: new Date().toISOString(), currency: channel.currency, pricesIncludeTax: channel.pricesIncludeTax,
    customer: { name: "", email: "" }, lines: [], heldAt: null,
  };
}

/** The id of the open ticket, made when there is none. */
export async function openTicket(database: TillDatabase, channel: ChannelFacts): Promise<string> {
  return database.transaction("rw", database.settings, database.tickets, async () => {
    const id = await database.setting("openTicket");
    if (id && (await database.tickets.get(id))) return id;
    const ticket = emptyTicket(channel, newId());
    await database.tickets.add(ticket);
    await database.putSetting("openTicket", ticket.id);
    return ticket.id;
  });
}

/** Changes a ticket by a pure function of what is stored; throws TicketGone when it was paid meanwhile. */
export async function changeTicket(database: TillDatabase, id: string, change: (ticket: Ticket) => Ticket): Promise<Ticket> {
  return database.transaction("rw", database.tickets, async () => {
    const stored = await database.tickets.get(id);
    if (!stored) throw new TicketGone();
    const changed = change(stored);
    await database.tickets.put(changed);
    return changed;
  });
}

/** Puts the open ticket aside and opens an empty one. */
export async function holdTicket(database: TillDatabase, id: string): Promise<void> {
  await database.transaction("rw", database.tickets, database.settings, async () => {
    const stored = await database.tickets.get(id);
    if (!stored || stored.lines.length === 0) return;
    await database.tickets.put({ ...stored, heldAt: new Date().toISOString() });
    await database.dropSetting("openTicket");
  });
}

/** Takes a held ticket up again; the open one is held instead when it has lines. */
export async function resumeTicket(database: TillDatabase, id: string): Promise<void> {
  await database.transaction("rw", database.tickets, database.settings, async () => {
    const held = await database.tickets.get(id);
    if (!held) throw new TicketGone();
    const openId = await database.setting("openTicket");
    const open = openId ? await database.tickets.get(openId) : undefined;
    if (open && open.id !== id) {
      if (open.lines.length > 0) await database.tickets.put({ ...open, heldAt: new Date().toISOString() });
      else await database.tickets.delete(open.id);
    }
    await database.tickets.put({ ...held, heldAt: null });
    await database.putSetting("openTicket", id);
  });
}

/** Throws an unpaid ticket away. */
export async function discardTicket(database: TillDatabase, id: string): Promise<void> {
  await database.transaction("rw", database.tickets, database.settings, async () => {
    await database.tickets.delete(id);
    if ((await database.setting("openTicket")) === id) await database.dropSetting("openTicket");
  });
}

export interface PaidInCash {
  tendered: Minor;
  offline: boolean;
  staffName: string;
  occurredAt: string;
}

/**
 * Pays a ticket in cash. In one transaction the sale enters the outbox, the ticket goes, and the register's own stock figures fall:
 * after it the sale can no longer be lost. The ticket's id is the sale's clientId, so a second payment, from a double tap or another
 * tab, finds no ticket (TicketGone).
 */
export async function payTicket(database: TillDatabase, id: string, shift: ShiftFacts, paid: PaidInCash): Promise<string> {
  return database.transaction("rw", [database.tickets, database.settings, database.entries, database.catalogue], async () => {
    const ticket = await database.tickets.get(id);
    if (!ticket) throw new TicketGone();
    if (ticketProblem(ticket)) throw new RangeError("a ticket must be complete before it is paid");
    const totals = ticketTotals(ticket);
    if (paid.tendered < totals.total) throw new RangeError("less was tendered than is due");
    await database.entries.add({
      ...freshEntry(), kind: "sale", clientId: ticket.id, shiftId: shift.id, occurredAt: paid.occurredAt, currency: ticket.currency,
      cash: totals.total, input: saleOfTicket(ticket, { shiftId: shift.id, occurredAt: paid.occurredAt, offline: paid.offline }),
      receipt: receiptOf(ticket, paid), order: null,
    } satisfies NewEntry);
    for (const line of ticket.lines) {
      await database.catalogue.where("sku").equals(line.sku).modify((item) => { item.quantity -= line.quantity; });
    }
    await database.tickets.delete(ticket.id);
    await database.dropSetting("openTicket");
    await database.putSetting("lastReceipt", ticket.id);
    return ticket.id;
  });
}

export interface OrderPaid extends PaidInCash {
  orderNumber: string;
  customerName: string;
  ordered: Receipt["ordered"];
}

/** Takes the cash for an order placed elsewhere; in the outbox before anything is sent. */
export async function payOrder(database: TillDatabase, payment: OrderPayment, shift: ShiftFacts, paid: OrderPaid): Promise<string> {
  const context = { shiftId: shift.id, occurredAt: paid.occurredAt, offline: paid.offline };
  await database.entries.add({
    ...freshEntry(), kind: "payment", clientId: payment.clientId, shiftId: shift.id, occurredAt: paid.occurredAt,
    currency: payment.currency, cash: payment.amount, input: saleOfOrder(payment, context), order: null,
    receipt: {
      lines: [], subtotal: payment.amount, tax: 0, total: payment.amount, tendered: paid.tendered, change: paid.tendered - payment.amount,
      staffName: paid.staffName, customerName: paid.customerName, paidOrder: paid.orderNumber, ordered: paid.ordered,
    },
  } satisfies NewEntry);
  return payment.clientId;
}

/** Units of each SKU in sales that the server does not have yet. */
export async function waitingUnits(database: TillDatabase): Promise<Map<string, number>> {
  const units = new Map<string, number>();
  const waiting = await database.entries.where("state").anyOf("waiting").toArray();
  for (const entry of waiting) {
    if (entry.kind !== "sale") continue;
    for (const line of entry.input.lines) units.set(line.sku, (units.get(line.sku) ?? 0) + line.quantity);
  }
  return units;
}

/** True when this register sold the unit before, in an entry that still stands. */
export async function soldHere(database: TillDatabase, serial: string): Promise<boolean> {
  const entry = await database.entries
    .filter((stored) => stored.kind === "sale" && stored.state !== "attention" && stored.input.lines.some((line) => line.serials?.includes(serial)))
    .first();
  return entry !== undefined;
}

function receiptOf(ticket: Ticket, paid: PaidInCash): Receipt {
  const { subtotal, tax, total } = ticketTotals(ticket);
  return {
    lines: ticket.lines.map((line) => ({
      name: line.name, detail: line.detail, quantity: line.quantity, unitPrice: line.unitPrice,
      total: lineTotals(line, ticket.pricesIncludeTax).amount, serials: line.serials,
    })),
    pricesIncludeTax: ticket.pricesIncludeTax, subtotal, tax, total, tendered: paid.tendered, change: paid.tendered - total,
    staffName: paid.staffName, customerName: ticket.customer.name.trim(), paidOrder: null,
  };
}

