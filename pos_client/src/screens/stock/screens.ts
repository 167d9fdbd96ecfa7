/** The screens of the stock section, in the order of their tiles: a screen that is not listed here is not there. */

import { IconAdjustments, IconBuildingWarehouse, IconClipboardList, IconSend } from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { Session } from "../../store/db";
import { Adjust } from "./Adjust";
import { Counts } from "./Counts";
import { Replenish } from "./Replenish";
import { Sent } from "./Sent";

/** What staff may do with stock, as the server names it after "stock.". */
export type StockPermission = "view" | "receive" | "transfer" | "count" | "adjust" | "authorise" | "return_vendor" | "resolve";

export interface StockScreen {
  /** Its part of the address, and of the texts: `stock.screen.<name>` and `stock.hint.<name>`. */
  name: string;
  Icon: typeof IconSend;
  needs: StockPermission;
  /** `id` is what is open in it: the rest of the address. */
  Screen: ComponentType<{ id: string | null }>;
}

/** Order: receive, transfers, counts, adjust, replenish, look up, return to vendor, sent. */
const SCREENS: readonly StockScreen[] = [
  { name: "counts", Icon: IconClipboardList, needs: "count", Screen: Counts },
  { name: "adjust", Icon: IconAdjustments, needs: "adjust", Screen: Adjust },
  { name: "replenish", Icon: IconBuildingWarehouse, needs: "transfer", Screen: Replenish },
  { name: "sent", Icon: IconSend, needs: "view", Screen: Sent },
];

export function mayWithStock(session: Session, what: StockPermission): boolean {
  return session.permissions.includes(["stock", what].join("."));
}

/** The screens that this person may use. */
export function stockScreens(session: Session): StockScreen[] {
  return SCREENS.filter(({ needs }) => mayWithStock(session, needs));
}
