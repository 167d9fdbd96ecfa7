/** Whether the unit with this identifier may be sold here and now. */

import type { TFunction } from "i18next";
import { RequestFailure } from "../api/client";
import { normaliseSerial, serialKindOf, serialProblem, type SerialProblem } from "../domain/codes";
import type { CatalogueIndex } from "../domain/search";
import { holdsSerial } from "../domain/ticket";
import { db, type CatalogueItem } from "../store/db";
import { soldHere } from "../store/tickets";
import { connection } from "./connection";
import { lookUp } from "./till";

/** Problems found by this register or by the stock; keys of the catalogue under `serial.problem`. */
export type UnitProblem = SerialProblem | "isBarcode" | "onTicket" | "soldHere" | "unknown" | "otherProduct" | "notInStock";

export type UnitCheck =
  | { ok: true; serial: string; verified: boolean }
  | { ok: false; problem: UnitProblem; params: Record<string, string> };

export interface Place {
  channel: string;
  storeId: string;
}

/** The problem in the reader's words. */
export function problemText(t: TFunction, check: Extract<UnitCheck, { ok: false }>): string {
  const { state } = check.params;
  const params = state ? { ...check.params, state: t(`serial.state.${state}`, { defaultValue: state }) } : check.params;
  return t(`serial.problem.${check.problem}`, params);
}

function refused(problem: UnitProblem, params: Record<string, string> = {}): UnitCheck {
  return { ok: false, problem, params };
}

/** Checks the form alone. */
export function checkForm(raw: string, item: CatalogueItem, index: CatalogueIndex): UnitCheck {
  const serial = normaliseSerial(raw);
  const problem = serialProblem(serial, serialKindOf(item.kind));
  if (problem && index.findCode(raw)) return refused("isBarcode");
  return problem ? refused(problem) : { ok: true, serial, verified: false };
}

/**
 * Checks form, repetition and, while there is a network, the stock. Without a network a well-formed identifier is taken unverified: the
 * server settles it when the sale is recorded.
 */
export async function checkUnit(raw: string, item: CatalogueItem, index: CatalogueIndex, place: Place): Promise<UnitCheck> {
  const form = checkForm(raw, item, index);
  if (!form.ok) return form;
  const { serial } = form;
  const tickets = await db.tickets.toArray();
  if (tickets.some((ticket) => holdsSerial(ticket, serial))) return refused("onTicket", { serial });
  if (await soldHere(db, serial)) return refused("soldHere", { serial });
  if (!connection.online) return { ok: true, serial, verified: false };
  return checkStock(serial, item, place);
}

async function checkStock(serial: string, item: CatalogueItem, place: Place): Promise<UnitCheck> {
  try {
    const found = await lookUp(place.channel, place.storeId, serial);
    if (!found) return refused("unknown", { serial });
    if (found.sku !== item.sku) return refused("otherProduct", { serial, name: found.productName });
    if (found.serialState !== "IN_STOCK") return refused("notInStock", { serial, state: found.serialState ?? "?" });
    return { ok: true, serial, verified: true };
  } catch (error) {
    // No network, or a session that ended: the till goes on selling, and the server judges the unit later.
    if (error instanceof RequestFailure && (error.kind === "network" || error.kind === "auth")) return { ok: true, serial, verified: false };
    throw error;
  }
}
