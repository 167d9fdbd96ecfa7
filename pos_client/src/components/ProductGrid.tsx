/** Products as tiles: name, price, and what this store has of them now. */

import { IconBox, IconCards, IconDeviceMobile, IconHeadphones, IconRouter, IconSearchOff } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { parseAmount } from "../domain/money";
import type { ProductGroup } from "../domain/groups";
import { useTill } from "../hooks/useData";
import type { Products } from "../hooks/useProducts";
import { useMoney } from "./Amount";
import { Stock } from "./Stock";

interface Props {
  products: Products;
  text: string;
  onChoose: (group: ProductGroup) => void;
}

export function ProductGrid({ products, text, onChoose }: Props) {
  const { t } = useTranslation();
  const { groups, quantities, pictures, correction } = products;
  if (groups.length === 0) {
    return <div className="nothing" role="status"><IconSearchOff size={44} stroke={1.2} aria-hidden /><p>{t("search.nothing", { text: text.trim() })}</p></div>;
  }
  return (
    <div className="products">
      {correction && <p className="correction" role="status">{t("search.correction", { text: correction })}</p>}
      <ul className="tiles" aria-label={t("search.results")}>
        {groups.map((group) => (
          <li key={group.productId}>
            <Tile group={group} quantities={quantities} picture={pictures.get(group.productId)} onChoose={onChoose} />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface TileProps {
  group: ProductGroup;
  quantities: Map<string, number>;
  picture: string | undefined;
  onChoose: (group: ProductGroup) => void;
}

function Tile({ group, quantities, picture, onChoose }: TileProps) {
  const { t } = useTranslation();
  const { currency } = useTill().catalogue.channel;
  const money = useMoney(currency);
  const prices = group.items.map((item) => parseAmount(item.price, currency));
  const least = Math.min(...prices);
  const price = Math.max(...prices) > least ? t("tile.from", { price: money(least) }) : money(least);
  const stock = group.items.reduce((sum, item) => sum + Math.max(0, quantities.get(item.sku) ?? item.quantity), 0);
  return (
    <button type="button" className="tile" onClick={() => onChoose(group)}>
      <Picture kind={group.kind} address={picture} />
      <span className="tile-text">
        <span className="tile-name">{group.title}</span>
        <span className="tile-variants">{group.items.length > 1 ? t("tile.variants", { count: group.items.length }) : group.brand}</span>
      </span>
      <span className="tile-foot"><span className="tile-price">{price}</span><Stock item={group} quantity={stock} /></span>
    </button>
  );
}

const ICONS: Record<string, typeof IconBox> = {
  DEVICE: IconDeviceMobile, ACCESSORY: IconHeadphones, SIM: IconCards, PLAN: IconCards, SERVICE: IconRouter,
};

function Picture({ kind, address }: { kind: string; address: string | undefined }) {
  const [failed, setFailed] = useState(false);
  const Icon = ICONS[kind] ?? IconBox;
  return (
    <span className="tile-picture" aria-hidden>
      {address && !failed ? <img src={address} alt="" loading="lazy" onError={() => setFailed(true)} /> : <Icon size={30} stroke={1.3} />}
    </span>
  );
}
