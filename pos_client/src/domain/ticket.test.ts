import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAmount } from "./money";
import { saleOfOrder, saleOfTicket } from "./sale";
import { difference, shiftTotals } from "./shift";
import { addLine, removeSerial, setQuantity, ticketProblem, ticketTotals, type Ticket, type TicketLine } from "./ticket";

const product = { sku: "CASE", name: "Clear case", detail: "", kind: "ACCESSORY", serialised: false, unitPrice: 1999, taxRate: "0.0825" };
const phone = { ...product, sku: "PHONE", name: "Phone", kind: "DEVICE", serialised: true, unitPrice: 49900 };

function ticket(lines: TicketLine[] = [], pricesIncludeTax = false): Ticket {
  return { id: "t-1", createdAt: "2026-01-02T03:04:05Z", currency: "USD", pricesIncludeTax, customer: { name: "", email: "" }, lines, heldAt: null };
}

const anyLine = fc.record({
  sku: fc.uuid(), name: fc.constant("x"), detail: fc.constant(""), kind: fc.constant("ACCESSORY"), serialised: fc.constant(false),
  quantity: fc.integer({ min: 1, max: 99 }), unitPrice: fc.integer({ min: 0, max: 500_000 }),
  taxRate: fc.constantFrom("0", "0.0825", "0.1", "0.19", "0.07375"), serials: fc.constant<string[]>([]), unverified: fc.constant<string[]>([]),
});

describe("totals", () => {
  it("add up, and the sale sent says the same to the cent", () => {
    fc.assert(fc.property(fc.array(anyLine, { maxLength: 12 }), fc.boolean(), (lines, inclusive) => {
      const stored = ticket(lines, inclusive);
      const totals = ticketTotals(stored);
      expect(totals.subtotal + totals.tax).toBe(totals.total);
      const sale = saleOfTicket(stored, { shiftId: "s", occurredAt: "2026-01-02T03:04:05Z", offline: true });
      const cents = (text: string) => parseAmount(text, "USD");
      expect(cents(sale.total)).toBe(totals.total);
      expect(sale.lines.reduce((sum, line) => sum + cents(line.tax), 0)).toBe(cents(sale.taxTotal));
      const net = sale.lines.reduce((sum, line) => sum + cents(line.unitPrice) * line.quantity, 0);
      expect(inclusive ? net : net + totals.tax).toBe(totals.total);
      expect(sale.tenders.reduce((sum, tender) => sum + cents(tender.amount), 0)).toBe(totals.total);
    }));
  });

  it("round the tax of each line on its own", () => {
    const lines = [1, 2, 3].map((n) => ({ ...product, sku: `S${n}`, unitPrice: 60, quantity: 1, serials: [], unverified: [] }));
    // 60 x 8.25 % is 4.95: five cents a line, not 14.85 -> 15 by luck but 3 x 5 by rule.
    expect(ticketTotals(ticket(lines)).tax).toBe(15);
  });
});

describe("lines", () => {
  it("gather units of one product and bound their number", () => {
    let stored = ticket();
    for (let unit = 0; unit < 120; unit += 1) stored = addLine(stored, product);
    expect(stored.lines).toHaveLength(1);
    expect(stored.lines[0]?.quantity).toBe(99);
    expect(setQuantity(stored, "CASE", -4).lines).toHaveLength(0);
    expect(setQuantity(stored, "CASE", 2.9).lines[0]?.quantity).toBe(2);
  });

  it("hold one serial a unit, and lose it with the unit", () => {
    let stored = addLine(ticket(), phone, { serial: "490154203237518", verified: true });
    stored = addLine(stored, phone, { serial: "356938035643809", verified: false });
    expect(stored.lines[0]).toMatchObject({ quantity: 2, serials: ["490154203237518", "356938035643809"], unverified: ["356938035643809"] });
    expect(setQuantity(stored, "PHONE", 5)).toEqual(stored);
    stored = removeSerial(stored, "PHONE", "356938035643809");
    expect(stored.lines[0]).toMatchObject({ quantity: 1, serials: ["490154203237518"], unverified: [] });
    expect(removeSerial(stored, "PHONE", "490154203237518").lines).toHaveLength(0);
  });

  it("without their serials cannot be paid", () => {
    expect(ticketProblem(ticket())).toBe("empty");
    expect(ticketProblem(addLine(ticket(), phone))).toBe("serialsMissing");
    expect(ticketProblem(addLine(ticket(), phone, { serial: "490154203237518", verified: true }))).toBeNull();
  });
});

describe("the payment of an order", () => {
  it("has no lines and the order's amount in cash", () => {
    const sale = saleOfOrder({ clientId: "c", orderId: "o", amount: 58444, currency: "USD" }, { shiftId: "s", occurredAt: "t", offline: false });
    expect(sale).toMatchObject({ orderId: "o", total: "584.44", taxTotal: "0.00", lines: [], tenders: [{ method: "CASH", amount: "584.44" }] });
  });
});

describe("the shift", () => {
  it("expects the float and the cash of every entry but refused ones", () => {
    const entry = fc.record({ cash: fc.integer({ min: -10_000, max: 100_000 }), state: fc.constantFrom("waiting", "recorded", "attention") });
    fc.assert(fc.property(fc.integer({ min: 0, max: 100_000 }), fc.array(entry), (float, entries) => {
      const totals = shiftTotals(float, entries as Parameters<typeof shiftTotals>[1]);
      const all = entries.reduce((sum, { cash }) => sum + cash, 0);
      expect(totals.expected).toBe(float + totals.cashSales);
      expect(totals.cashSales + totals.refusedCash).toBe(all);
      expect(totals.saleCount).toBe(entries.filter(({ state }) => state !== "attention").length);
    }));
    expect(difference(9_900, 10_000)).toBe(-100);
  });
});
