/** The open ticket: pure operations on its lines, and its totals in minor units. */

import { taxInGross, taxOnNet, type Minor } from "./money";

/** Most units of one product on a ticket; a larger number is taken for a slip of the finger. */
export const MAXIMUM_QUANTITY = 99;

export interface TicketLine {
  sku: string;
  name: string;
  /** What tells the variant from its sisters, for example "128 GB, Midnight blue". */
  detail: string;
  kind: string;
  serialised: boolean;
  quantity: number;
  unitPrice: Minor;
  /** Decimal string, "0.0825" is 8.25 %. */
  taxRate: string;
  serials: string[];
  /** Those of `serials` that were accepted without a network and so were not looked up in the stock. */
  unverified: string[];
}

export interface Ticket {
  /** UUID; it becomes the sale's clientId, so that one ticket can never be two sales. */
  id: string;
  createdAt: string;
  currency: string;
  pricesIncludeTax: boolean;
  customer: { name: string; email: string };
  lines: TicketLine[];
  /** Set while the ticket waits aside for its customer. */
  heldAt: string | null;
}

export interface LineTotals {
  /** Price times quantity, as the channel states prices. */
  amount: Minor;
  tax: Minor;
  /** What the customer pays for it. */
  total: Minor;
}

export interface Totals {
  /** Without tax. */
  subtotal: Minor;
  tax: Minor;
  total: Minor;
  units: number;
}

/** What must hold before a ticket may be paid. */
export type TicketProblem = "empty" | "serialsMissing";

export function lineTotals(line: TicketLine, pricesIncludeTax: boolean): LineTotals {
  const amount = line.unitPrice * line.quantity;
  if (!Number.isSafeInteger(amount)) throw new RangeError("amount out of range");
  const tax = pricesIncludeTax ? taxInGross(amount, line.taxRate) : taxOnNet(amount, line.taxRate);
  return { amount, tax, total: pricesIncludeTax ? amount : amount + tax };
}

export function ticketTotals(ticket: Ticket): Totals {
  const totals: Totals = { subtotal: 0, tax: 0, total: 0, units: 0 };
  for (const line of ticket.lines) {
    const { tax, total } = lineTotals(line, ticket.pricesIncludeTax);
    totals.tax += tax;
    totals.total += total;
    totals.subtotal += total - tax;
    totals.units += line.quantity;
  }
  return totals;
}

export function ticketProblem(ticket: Ticket): TicketProblem | null {
  if (ticket.lines.length === 0) return "empty";
  const complete = ticket.lines.every((line) => !line.serialised || line.serials.length === line.quantity);
  return complete ? null : "serialsMissing";
}

/** Adds units of a product; one line a SKU. `serial` belongs to the one unit added when the product is serialised. */
export function addLine(ticket: Ticket, line: Omit<TicketLine, "quantity" | "serials" | "unverified">, serial?: AddedSerial): Ticket {
  const present = ticket.lines.find((other) => other.sku === line.sku);
  const base: TicketLine = present ?? { ...line, quantity: 0, serials: [], unverified: [] };
  if (base.quantity >= MAXIMUM_QUANTITY) return ticket;
  const added: TicketLine = {
    ...base,
    quantity: base.quantity + 1,
    serials: serial ? [...base.serials, serial.serial] : base.serials,
    unverified: serial && !serial.verified ? [...base.unverified, serial.serial] : base.unverified,
  };
  const lines = present ? ticket.lines.map((other) => (other === present ? added : other)) : [...ticket.lines, added];
  return { ...ticket, lines };
}

export interface AddedSerial {
  serial: string;
  /** False when the stock could not be asked. */
  verified: boolean;
}

/** Sets the quantity of a line without serials; 0 removes it. */
export function setQuantity(ticket: Ticket, sku: string, quantity: number): Ticket {
  const wanted = Math.max(0, Math.min(MAXIMUM_QUANTITY, Math.trunc(quantity)));
  if (wanted === 0) return removeLine(ticket, sku);
  const lines = ticket.lines.map((line) => (line.sku === sku && !line.serialised ? { ...line, quantity: wanted } : line));
  return { ...ticket, lines };
}

/** Takes one unit of a serialised line off the ticket. */
export function removeSerial(ticket: Ticket, sku: string, serial: string): Ticket {
  const lines = ticket.lines.flatMap((line) => {
    if (line.sku !== sku || !line.serials.includes(serial)) return [line];
    const without = (list: string[]) => list.filter((other) => other !== serial);
    const left = { ...line, quantity: line.quantity - 1, serials: without(line.serials), unverified: without(line.unverified) };
    return left.quantity > 0 ? [left] : [];
  });
  return { ...ticket, lines };
}

export function removeLine(ticket: Ticket, sku: string): Ticket {
  return { ...ticket, lines: ticket.lines.filter((line) => line.sku !== sku) };
}

export function holdsSerial(ticket: Ticket, serial: string): boolean {
  return ticket.lines.some((line) => line.serials.includes(serial));
}
