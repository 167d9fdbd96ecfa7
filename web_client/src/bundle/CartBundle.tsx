/** A configured bundle in the cart: its lines under one heading with what it costs, changed or removed as one. */

import { Button } from "@mantine/core";
import { LinePrice } from "@shared/bundle/LinePrice";
import { DateChip } from "@shared/DateChip";
import { formatMoment } from "@shared/time";
import { useMoney } from "@shared/useMoney";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useLineProduct } from "../cart/lineProducts";
import type { Cart } from "../cart/useCart";
import { ErrorNote } from "../ui/ErrorNote";
import { Picture } from "../ui/Picture";
import { useRemoveBundle } from "./useBundles";

type Line = Cart["lines"][number];
type Bundle = Cart["bundles"][number];

export function CartBundle({ bundleId, lines, cart }: { bundleId: string; lines: Line[]; cart: Cart }) {
  const { t } = useTranslation();
  const bundle = cart.bundles.find(({ id }) => id === bundleId);
  const remove = useRemoveBundle();
  const removeNow = () => remove.mutate({ cartId: cart.id, bundleId });
  return (
    <li className="cart-bundle" aria-busy={remove.isPending}>
      <header>
        <h2>{bundle?.name ?? t("bundle.one")}</h2>
        <div className="cart-bundle-ways">
          {bundle && (
            <Button component={Link} to={`/offers/${encodeURIComponent(bundle.offerCode)}?bundle=${encodeURIComponent(bundleId)}`} variant="light">{t("bundle.edit")}</Button>
          )}
          <Button variant="subtle" color="dark" loading={remove.isPending} onClick={removeNow}>{t("bundle.remove")}</Button>
        </div>
      </header>
      <ErrorNote error={remove.error} onRetry={removeNow} />
      {bundle && <BundleSums bundle={bundle} />}
      <ul className="cart-bundle-lines">
        {lines.map((line) => <BundleLine key={line.id} line={line} />)}
      </ul>
    </li>
  );
}

/** What it costs as it was quoted, until when that is kept, and what it would be once it has run out. */
function BundleSums({ bundle }: { bundle: Bundle }) {
  const { t, i18n } = useTranslation();
  const money = useMoney();
  const { dueToday, monthly, totalOverTerm, term, promiseDate, quoteExpiresAt, requoted } = bundle;
  return (
    <div className="cart-bundle-sums">
      <p><strong>{t("bundle.aMonth", { price: money(monthly) })}</strong> <span>{t("bundle.today", { price: money(dueToday) })}</span></p>
      <p className="dimmed">
        {term ? t("bundle.months", { count: term }) : t("bundle.noTerm")}
        {term > 0 && ` · ${t("bundle.inAll", { price: money(totalOverTerm) })}`} <DateChip day={promiseDate} />
      </p>
      <p className="dimmed">{requoted ? t("bundle.quoteOver") : t("bundle.quoteHolds", { moment: formatMoment(quoteExpiresAt, i18n.language) })}</p>
    </div>
  );
}

function BundleLine({ line }: { line: Line }) {
  const { kind, picture } = useLineProduct(line.sku);
  return (
    <li className="cart-bundle-line">
      <Picture src={picture} kind={kind} className="cart-picture" />
      <div>
        <h3>{line.quantity > 1 && `${line.quantity} × `}{line.name}</h3>
        <p><DateChip day={line.availableFrom} /></p>
      </div>
      <strong><LinePrice line={{ oneTime: line.total, recurring: line.monthly, instalment: null, instalmentMonths: null }} /></strong>
    </li>
  );
}
