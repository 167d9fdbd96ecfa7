/** Doing something with stock from a screen: through the outbox, so that it survives a reload and an outage. */

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { connection } from "../app/connection";
import { delivery, settled } from "../app/till";
import { notify } from "../components/Notices";
import { db, type StockEntry } from "../store/db";
import { dismissStock, recordStock, type StockAct } from "../store/stock";
import { useTill } from "./useData";

/** How long a screen waits for the server's word before it goes on alone. */
const PATIENCE_MS = 8_000;

export interface StockActing {
  busy: boolean;
  /** The server's sentence about the last act, when it was refused in front of this screen. */
  refusal: string | null;
  /**
   * Does it once, however often it is tapped; says how it ended. The entry as it then is: `recorded` with the server's `answer`, or `waiting` to be
   * sent. Null when it was refused (nothing has happened; the person corrects it and does it anew) or another act is on its way.
   */
  act: <Facts extends Record<string, unknown>>(what: StockAct<Facts>) => Promise<StockEntry | null>;
}

export function useStockAct(): StockActing {
  const { t } = useTranslation();
  const { session } = useTill();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const act = async (what: StockAct): Promise<StockEntry | null> => {
    if (busy) return null;
    setBusy(true);
    setRefusal(null);
    try {
      const clientId = await recordStock(db, session, what);
      delivery.kick();
      // Without a network there is no word to wait for.
      if (connection.snapshot()) await settled(clientId, PATIENCE_MS);
      const entry = await db.entries.where("clientId").equals(clientId).first();
      if (entry?.kind !== "stock") throw new Error("an act with stock left the outbox");
      if (entry.state === "attention") {
        await dismissStock(db, clientId);
        setRefusal(entry.lastProblem?.message ?? t("stock.act.refused"));
        return null;
      }
      if (entry.state === "recorded") notify("good", what.summary);
      else notify("warning", t("stock.act.waiting"));
      return entry;
    } finally {
      setBusy(false);
    }
  };
  return { busy, refusal, act };
}
