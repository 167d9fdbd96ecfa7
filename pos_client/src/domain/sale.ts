/** Turning a paid ticket, or a payment of an order, into the entry that the server records. */

import type { PosSaleInput } from "../gql/graphql";
import { formatDecimal, type Minor } from "./money";
import { lineTotals, ticketTotals, type Ticket } from "./ticket";

export interface SaleContext {
  shiftId: string;
  /** ISO 8601, by the register's clock. */
  occurredAt: string;
  offline: boolean;
}

/** The sale of a whole ticket, paid in cash; its clientId is the ticket's id. */
export function saleOfTicket(ticket: Ticket, context: SaleContext): PosSaleInput {
  const { currency } = ticket;
  const totals = ticketTotals(ticket);
  return {
    clientId: ticket.id,
    shiftId: context.shiftId,
    occurredAt: context.occurredAt,
    offline: context.offline,
    currency,
    total: formatDecimal(totals.total, currency),
    taxTotal: formatDecimal(totals.tax, currency),
    contact: contactOf(ticket),
    lines: ticket.lines.map((line) => ({
      sku: line.sku,
      quantity: line.quantity,
      unitPrice: formatDecimal(line.unitPrice, currency),
      discount: "0",
      tax: formatDecimal(lineTotals(line, ticket.pricesIncludeTax).tax, currency),
      serials: line.serialised ? line.serials : undefined,
    })),
    tenders: totals.total === 0 ? [] : [{ method: "CASH", amount: formatDecimal(totals.total, currency) }],
  };
}

export interface OrderPayment {
  clientId: string;
  orderId: string;
  amount: Minor;
  currency: string;
}

/** The payment at the register of an order placed elsewhere: no lines, the order's amount due in cash. */
export function saleOfOrder(payment: OrderPayment, context: SaleContext): PosSaleInput {
  const amount = formatDecimal(payment.amount, payment.currency);
  return {
    clientId: payment.clientId,
    shiftId: context.shiftId,
    occurredAt: context.occurredAt,
    offline: context.offline,
    currency: payment.currency,
    total: amount,
    taxTotal: formatDecimal(0, payment.currency),
    orderId: payment.orderId,
    lines: [],
    tenders: [{ method: "CASH", amount }],
  };
}

function contactOf(ticket: Ticket): PosSaleInput["contact"] {
  const name = ticket.customer.name.trim();
  const email = ticket.customer.email.trim();
  if (!name && !email) return undefined;
  const space = name.lastIndexOf(" ");
  return {
    firstName: space > 0 ? name.slice(0, space) : name || undefined,
    lastName: space > 0 ? name.slice(space + 1) : undefined,
    email: email || undefined,
  };
}

/** True for a plausible e-mail address; the empty text is none and allowed. */
export function emailPlausible(email: string): boolean {
  return email.trim() === "" || /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(email.trim());
}
