/** The screens of the stock section, in the order of their tiles: a screen that is not listed here is not there. */

import {
  IconAdjustments, IconArrowsExchange, IconBuildingWarehouse, IconClipboardList, IconPackageImport, IconScale, IconSend, IconTruckReturn, IconZoomScan,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { Session } from "../../store/db";
import { Adjust } from "./Adjust";
import { Counts } from "./Counts";
import { Lookup } from "./Lookup";
import { Receive } from "./Receive";
import { Replenish } from "./Replenish";
import { mayWithStock, type StockPermission } from "./permissions";
import { Resolution } from "./Resolution";
import { Sent } from "./Sent";
import { Transfers } from "./Transfers";
import { VendorReturns } from "./VendorReturns";

export { mayWithStock, type StockPermission };

export interface StockScreen {
  /** Its part of the address, and of the texts: `stock.screen.<name>` and `stock.hint.<name>`. */
  name: string;
  Icon: typeof IconSend;
  needs: StockPermission;
  /** `id` is what is open in it: the rest of the address. */
  Screen: ComponentType<{ id: string | null }>;
}

/** Order: receive, transfers, counts, adjust, replenish, look up, return to vendor, resolution, sent. */
const SCREENS: readonly StockScreen[] = [
  { name: "receive", Icon: IconPackageImport, needs: "receive", Screen: Receive },
  { name: "transfers", Icon: IconArrowsExchange, needs: "transfer", Screen: Transfers },
  { name: "counts", Icon: IconClipboardList, needs: "count", Screen: Counts },
  { name: "adjust", Icon: IconAdjustments, needs: "adjust", Screen: Adjust },
  { name: "replenish", Icon: IconBuildingWarehouse, needs: "transfer", Screen: Replenish },
  { name: "lookup", Icon: IconZoomScan, needs: "view", Screen: Lookup },
  { name: "returns", Icon: IconTruckReturn, needs: "return_vendor", Screen: VendorReturns },
  { name: "resolution", Icon: IconScale, needs: "resolve", Screen: Resolution },
  { name: "sent", Icon: IconSend, needs: "view", Screen: Sent },
];

/** The screens that this person may use. */
export function stockScreens(session: Session): StockScreen[] {
  return SCREENS.filter(({ needs }) => mayWithStock(session, needs));
}
