/** What places and states are called. */

import type { TFunction } from "i18next";
import type { StockRoom, UnitEvent } from "../../../app/stock";

/** The name of a room; null is the sales floor. */
export function roomName(t: TFunction, room: Pick<StockRoom, "name" | "kind"> | null | undefined): string {
  if (!room) return t("stock.room.FLOOR");
  return room.name || t(`stock.room.${room.kind}`);
}

/** What happened, as a sentence's beginning: a move says where to. */
export function eventTitle(t: TFunction, event: Pick<UnitEvent, "kind" | "quantity" | "room">): string {
  if (event.kind === "MOVE") return t("stock.event.MOVE", { room: roomName(t, event.room) });
  if (event.kind === "ADJUSTMENT" || event.kind === "COUNT") return t(event.quantity > 0 ? `stock.event.${event.kind}_IN` : `stock.event.${event.kind}_OUT`);
  return t(`stock.event.${event.kind}`);
}
