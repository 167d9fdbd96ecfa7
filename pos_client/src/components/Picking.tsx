/** Picking: every unit is confirmed by a scan, a serialised one by its own number. */

import { Button } from "@mantine/core";
import { IconCheck, IconScan } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { RequestFailure } from "../api/client";
import { lookUp, type Pickup } from "../app/till";
import { normaliseSerial } from "../domain/codes";
import { useTill } from "../hooks/useData";
import { useScanner } from "../hooks/useScanner";
import type { CatalogueItem } from "../store/db";
import { notify } from "./Notices";
import type { Act } from "./PickupDetail";
import { SerialDialog } from "./SerialDialog";

interface Props {
  pickup: Pickup;
  act: Act;
  busy: boolean;
}

export function Picking({ pickup, act, busy }: Props) {
  const { t } = useTranslation();
  const { index, catalogue, session } = useTill();
  const [asking, setAsking] = useState<CatalogueItem | null>(null);
  const complete = pickup.lines.every((line) => line.picked >= line.quantity);

  const pick = async (sku: string, serial: string | null) => {
    const line = pickup.lines.find((other) => other.sku === sku);
    if (!line) notify("bad", t("picking.notOrdered"));
    else if (line.picked >= line.quantity) notify("warning", t("picking.enough", { name: line.name }));
    else await act({ type: "scan", code: sku, serial });
  };
  const startLine = (sku: string) => {
    const item = index.item(sku);
    if (item?.serialised) setAsking(item);
    else void pick(sku, null);
  };
  const scanned = async (code: string) => {
    const item = index.findCode(code);
    if (item) {
      startLine(item.sku);
      return;
    }
    const serial = normaliseSerial(code);
    try {
      const found = await lookUp(catalogue.channel.slug, session.store.id, serial);
      if (found) await pick(found.sku, serial);
      else notify("bad", t("scan.unknown", { code }));
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      notify("bad", t("scan.notAsked", { code }));
    }
  };
  useScanner((code) => void scanned(code), asking === null && !busy);

  return (
    <>
      <div className="scan-hint compact"><IconScan size={32} stroke={1.4} aria-hidden /><p>{t("picking.hint")}</p></div>
      <ul className="pick-lines">
        {pickup.lines.map((line) => {
          const done = line.picked >= line.quantity;
          return (
            <li key={line.sku} data-complete={done}>
              <span className="pick-count">{done && <IconCheck size={22} aria-hidden />}{t("pickups.progress", { picked: line.picked, units: line.quantity })}</span>
              <span className="pick-name"><strong>{line.name}</strong>{line.serials.map((serial) => <bdi key={serial} className="serial">{serial}</bdi>)}</span>
              {!done && (
                <Button variant="default" size="md" disabled={busy} onClick={() => startLine(line.sku)}>
                  {t(index.item(line.sku)?.serialised ? "picking.serial" : "picking.one")}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      <div className="detail-next">
        <Button className="pay" fullWidth disabled={!complete || busy} onClick={() => void act({ type: "ready" })}>{t(complete ? "picking.ready" : "picking.notYet")}</Button>
      </div>
      {asking && (
        <SerialDialog
          item={asking} forPickup onClose={() => setAsking(null)}
          onAccept={({ serial }) => { setAsking(null); void pick(asking.sku, serial); }}
        />
      )}
    </>
  );
}
