/** Who may do what with stock, as far as the screens need it: the server decides. */

import type { Session } from "../../store/db";

/** What staff may do with stock, as the server names it after "stock.". */
export type StockPermission = "view" | "receive" | "transfer" | "count" | "adjust" | "authorise" | "return_vendor" | "resolve";

export function mayWithStock(session: Session, what: StockPermission): boolean {
  return session.permissions.includes(["stock", what].join("."));
}
