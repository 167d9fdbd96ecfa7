import { useMoney } from "@shared/useMoney";
import { isPositive } from "@shared/money";
import { formatMoment, zoneName } from "@shared/time";
import { IconBuildingStore } from "@tabler/icons-react";
import { QRCodeSVG } from "qrcode.react";
import { useTranslation } from "react-i18next";
import { pickupCodes } from "../session/stores";
import { formatAddress } from "../stores/address";
import type { Order } from "./OrderPage";

type Pickup = Order["pickups"][number];

const WAITING = new Set(["PLACED", "ACCEPTED", "PICKING", "READY"]);

/** Where to collect, until when, and the code that the counter asks for. */
export function PickupCard({ pickup, orderNumber }: { pickup: Pickup; orderNumber: string }) {
  const { t, i18n } = useTranslation();
  const money = useMoney();
  const kept = pickupCodes.use()?.[pickup.id];
  const code = pickup.handOverCode ?? kept;
  const { store } = pickup;
  const moment = (at: string) => `${formatMoment(at, i18n.language, store.timezone)} ${zoneName(at, i18n.language, store.timezone)}`;
  const isWaiting = WAITING.has(pickup.state);
  return (
    <section className="panel pickup-card" aria-labelledby={`pickup-${pickup.id}`}>
      <div>
        <h2 id={`pickup-${pickup.id}`}><IconBuildingStore size={22} aria-hidden /> {t(`pickupState.${pickup.state}`)}</h2>
        <p><strong>{store.name}</strong></p>
        <p>{formatAddress(store, true)}</p>
        {store.phone && <p><a href={`tel:${store.phone}`}>{store.phone}</a></p>}
        {isWaiting && (
          <dl className="pickup-facts">
            <div><dt>{t("pickup.readyBy")}</dt><dd>{moment(pickup.readyBy)}</dd></div>
            {pickup.pickupBy && <div><dt>{t("pickup.pickupBy")}</dt><dd>{moment(pickup.pickupBy)}</dd></div>}
            {isPositive(pickup.amountDue) && <div><dt>{t("pickup.due")}</dt><dd>{money(pickup.amountDue)}</dd></div>}
          </dl>
        )}
      </div>
      {isWaiting && code && (
        <figure className="pickup-code">
          <QRCodeSVG value={code} size={168} marginSize={2} title={t("pickup.qr", { number: orderNumber })} />
          <figcaption>
            <span>{t("pickup.code")}</span>
            <strong data-testid="pickup-code">{code}</strong>
          </figcaption>
        </figure>
      )}
      {isWaiting && !code && <p className="dimmed pickup-no-code">{t("pickup.codeSent")}</p>}
    </section>
  );
}
