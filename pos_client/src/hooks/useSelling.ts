/** From a tap, a scan or typed text to a line on the ticket, asking for variant and serial number on the way. */

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { RequestFailure } from "../api/client";
import { connection } from "../app/connection";
import { checkUnit, problemText } from "../app/serials";
import { lookUp } from "../app/till";
import { notify } from "../components/Notices";
import { looksLikeSerial, normaliseCode, normaliseSerial } from "../domain/codes";
import type { Hit } from "../domain/search";
import type { AddedSerial } from "../domain/ticket";
import type { CatalogueItem } from "../store/db";
import { useTill } from "./useData";
import type { TicketActions } from "./useTicket";

/** The question that stands between a product and the ticket. */
export type Asking = { type: "variant"; hit: Hit } | { type: "serial"; item: CatalogueItem } | null;

export interface Selling {
  asking: Asking;
  cancel: () => void;
  /** One variant that was meant goes on the ticket; of several one is chosen. */
  chooseProduct: (hit: Hit) => void;
  chooseItem: (item: CatalogueItem) => void;
  addUnit: (item: CatalogueItem, serial: AddedSerial) => void;
  /** Handles a scanned or typed code; false when nothing has it. Says why, unless `quiet`. */
  enterCode: (code: string, quiet?: boolean) => Promise<boolean>;
}

export function useSelling(tickets: TicketActions): Selling {
  const { t } = useTranslation();
  const { index, catalogue, session } = useTill();
  const [asking, setAsking] = useState<Asking>(null);
  const place = { channel: catalogue.channel.slug, storeId: session.store.id };

  const chooseItem = (item: CatalogueItem) => {
    if (item.serialised) {
      setAsking({ type: "serial", item });
      return;
    }
    setAsking(null);
    void tickets.add(item);
  };
  const chooseProduct = (hit: Hit) => {
    const [only] = hit.items;
    if (hit.items.length === 1 && only) chooseItem(only);
    else setAsking({ type: "variant", hit });
  };
  const addUnit = (item: CatalogueItem, serial: AddedSerial) => {
    setAsking(null);
    void tickets.add(item, serial);
  };

  const enterUnit = async (code: string): Promise<boolean> => {
    const serial = normaliseSerial(code);
    const found = await lookUp(place.channel, place.storeId, serial);
    const item = found ? index.item(found.sku) : undefined;
    if (!item) return false;
    if (!item.serialised || found?.kind === "BARCODE" || found?.kind === "SKU") {
      chooseItem(item);
      return true;
    }
    const check = await checkUnit(serial, item, index, place);
    if (check.ok) addUnit(item, check);
    else notify("bad", problemText(t, check));
    return true;
  };

  const enterCode = async (raw: string, quiet = false): Promise<boolean> => {
    const code = normaliseCode(raw);
    const item = index.findCode(code);
    if (item) {
      chooseItem(item);
      return true;
    }
    const serialLike = looksLikeSerial(code) !== null;
    if (!connection.online) {
      if (!quiet || serialLike) notify("warning", t(serialLike ? "scan.serialOffline" : "scan.unknown", { code }));
      return serialLike;
    }
    try {
      const known = await enterUnit(code);
      if (!known && (!quiet || serialLike)) notify("warning", t("scan.unknown", { code }));
      return known;
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      if (!quiet) notify("warning", t("scan.notAsked", { code }));
      return false;
    }
  };

  return { asking, cancel: () => setAsking(null), chooseProduct, chooseItem, addUnit, enterCode };
}
