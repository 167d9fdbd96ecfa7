/** Chooses one variant of a product: its distinguishing facts, price and stock in this store, a finger's height each. */

import { useTranslation } from "react-i18next";
import { parseAmount } from "../domain/money";
import { variantDetail, type ProductGroup } from "../domain/groups";
import { useTill } from "../hooks/useData";
import type { CatalogueItem } from "../store/db";
import { useMoney } from "./Amount";
import { Dialog } from "./Dialog";
import { Stock } from "./Stock";

interface Props {
  group: ProductGroup;
  quantities: Map<string, number>;
  onChoose: (item: CatalogueItem) => void;
  onClose: () => void;
}

export function VariantDialog({ group, quantities, onChoose, onClose }: Props) {
  const { t } = useTranslation();
  const { currency } = useTill().catalogue.channel;
  const money = useMoney(currency);
  return (
    <Dialog title={group.title} onClose={onClose} size={640}>
      <p className="dialog-lead">{t("variant.choose")}</p>
      <ul className="variants">
        {group.items.map((item) => (
          <li key={item.sku}>
            <button type="button" onClick={() => onChoose(item)}>
              <span className="variant-name">{variantDetail(item, group) || item.name}</span>
              <Stock item={item} quantity={quantities.get(item.sku) ?? item.quantity} />
              <span className="variant-price">{money(parseAmount(item.price, currency))}</span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
