/** Chooses one variant of a product: its distinguishing facts, price and stock in this store, a finger's height each. */

import { useTranslation } from "react-i18next";
import type { StoreWithStock } from "../app/till";
import { parseAmount } from "../domain/money";
import { variantDetail } from "../domain/groups";
import type { Hit } from "../domain/search";
import { useTill } from "../hooks/useData";
import type { Products } from "../hooks/useProducts";
import type { CatalogueItem } from "../store/db";
import { useMoney } from "./Amount";
import { Dialog } from "./Dialog";
import { Stock } from "./Stock";

interface Props {
  hit: Hit;
  products: Products;
  onChoose: (item: CatalogueItem) => void;
  onClose: () => void;
}

/** Stores that are named where this one has none. */
const STORES = 2;

export function VariantDialog({ hit: { group, items }, products, onChoose, onClose }: Props) {
  const { t } = useTranslation();
  const { currency } = useTill().catalogue.channel;
  const money = useMoney(currency);
  // Those that were meant first.
  const sorted = [...items, ...group.items.filter((item) => !items.includes(item))];
  return (
    <Dialog title={group.title} onClose={onClose} size={640}>
      <p className="dialog-lead">{t("variant.choose")}</p>
      <ul className="variants">
        {sorted.map((item, place) => (
          <li key={item.sku}>
            <button type="button" data-autofocus={place === 0 || undefined} data-meant={items.includes(item)} onClick={() => onChoose(item)}>
              <span className="variant-name">
                {variantDetail(item, group) || item.name}
                <Around stores={products.elsewhere.get(item.sku)} />
              </span>
              <Stock item={item} quantity={products.quantities.get(item.sku) ?? item.quantity} />
              <span className="variant-price">{money(parseAmount(item.price, currency))}</span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** Where else it lies. */
function Around({ stores }: { stores: StoreWithStock[] | undefined }) {
  const { t } = useTranslation();
  if (!stores || stores.length === 0) return null;
  const named = stores.slice(0, STORES).map(({ name, quantity }) => t("stock.at", { store: name, count: quantity }));
  return <span className="variant-elsewhere">{named.join(" · ")}</span>;
}
