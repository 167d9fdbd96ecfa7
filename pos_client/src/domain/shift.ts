/** What the drawer should hold, by this register's own entries. The server's figure, given at closing, decides. */

import type { Minor } from "./money";

/** One thing that put cash into the drawer. */
export interface CashEntry {
  cash: Minor;
  state: "waiting" | "recorded" | "attention";
}

export interface ShiftTotals {
  openingFloat: Minor;
  /** Cash of sales that the server has or will have. */
  cashSales: Minor;
  saleCount: number;
  expected: Minor;
  /** Cash that was taken for entries the server refused; it lies in the drawer and is not expected there. */
  refusedCash: Minor;
}

export function shiftTotals(openingFloat: Minor, entries: Iterable<CashEntry>): ShiftTotals {
  const totals: ShiftTotals = { openingFloat, cashSales: 0, saleCount: 0, expected: openingFloat, refusedCash: 0 };
  for (const entry of entries) {
    if (entry.state === "attention") {
      totals.refusedCash += entry.cash;
      continue;
    }
    totals.cashSales += entry.cash;
    totals.saleCount += 1;
    totals.expected += entry.cash;
  }
  return totals;
}

/** Counted less expected: negative when cash is missing. */
export function difference(counted: Minor, expected: Minor): Minor {
  return counted - expected;
}
