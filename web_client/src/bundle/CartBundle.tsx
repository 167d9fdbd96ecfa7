/** A configured bundle in the cart: its lines together, changed or removed as one. */

import { DateChip } from "@shared/DateChip";
import { useMoney } from "@shared/useMoney";
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useLineProduct } from "../cart/lineProducts";
import type { Cart } from "../cart/useCart";
import { bundleChoices } from "../session/stores";
import { ErrorNote } from "../ui/ErrorNote";
import { Picture } from "../ui/Picture";
import { useRemoveBundle } from "./useBundles";

type Line = Cart["lines"][number];

export function CartBundle({ bundleId, lines, cartId }: { bundleId: string; lines: Line[]; cartId: string }) {
  const { t } = useTranslation();
  // Known in the browser that chose it; elsewhere a bundle can be removed and chosen anew.
  const offerCode = bundleChoices.use()?.[bundleId]?.offerCode;
  const remove = useRemoveBundle();
  const removeNow = () => remove.mutate({ cartId, bundleId });
  return (
    <li className="cart-bundle" aria-busy={remove.isPending}>
      <header>
        <h2>{t("bundle.one")}</h2>
        <div className="cart-bundle-ways">
          {offerCode && (
            <Button component={Link} to={`/offers/${encodeURIComponent(offerCode)}?bundle=${encodeURIComponent(bundleId)}`} variant="light">{t("bundle.edit")}</Button>
          )}
          <Button variant="subtle" color="dark" loading={remove.isPending} onClick={removeNow}>{t("bundle.remove")}</Button>
        </div>
      </header>
      <ErrorNote error={remove.error} onRetry={removeNow} />
      <ul className="cart-bundle-lines">
        {lines.map((line) => <BundleLine key={line.id} line={line} />)}
      </ul>
    </li>
  );
}

function BundleLine({ line }: { line: Line }) {
  const money = useMoney();
  const { kind, picture } = useLineProduct(line.sku);
  return (
    <li className="cart-bundle-line">
      <Picture src={picture} kind={kind} className="cart-picture" />
      <div>
        <h3>{line.quantity > 1 && `${line.quantity} × `}{line.name}</h3>
        <p><DateChip day={line.availableFrom} /></p>
      </div>
      <strong>{money(line.total)}</strong>
    </li>
  );
}
