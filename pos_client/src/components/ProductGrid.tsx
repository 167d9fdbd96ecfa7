/** Products as tiles: name, price, and what this store has of them now. */

import { Button } from "@mantine/core";
import { IconBox, IconCards, IconDeviceMobile, IconPlugConnected, IconRouter } from "@tabler/icons-react";
import { type KeyboardEvent, type Ref, useState } from "react";
import { useTranslation } from "react-i18next";
import { parseAmount } from "../domain/money";
import type { ProductGroup } from "../domain/groups";
import type { Hit } from "../domain/search";
import { useTill } from "../hooks/useData";
import type { Products } from "../hooks/useProducts";
import { useMoney } from "./Amount";
import { isGoods, Stock } from "./Stock";
import { arrowTarget, columnsOf } from "./tileKeys";

interface Props {
  products: Products;
  /** The list of tiles, so that the search box can lead into it. */
  tiles: Ref<HTMLUListElement>;
  /** True while Enter in the box chooses the first product. */
  firstIsNext: boolean;
  /** `position` from 1. */
  onChoose: (hit: Hit, position: number) => void;
  onMore: () => void;
  /** The arrow that leads out of the tiles, back to the box. */
  onUp: () => void;
}

export function ProductGrid({ products, tiles, firstIsNext, onChoose, onMore, onUp }: Props) {
  const { t } = useTranslation();
  const { hits, total, correction } = products;
  const onKeyDown = (event: KeyboardEvent<HTMLUListElement>) => {
    const buttons = [...event.currentTarget.querySelectorAll("button")];
    const position = buttons.findIndex((button) => button === event.target);
    const target = arrowTarget(event.key, position, buttons.length, columnsOf(buttons));
    if (position < 0 || target === null) return;
    event.preventDefault();
    if (target === "out") onUp();
    else buttons[target]?.focus();
  };
  return (
    <div className="products">
      {correction && hits.length > 0 && (
        <p className="correction" role="status">
          {t("search.correction", { text: correction.corrected })}
          {correction.dropped.length > 0 && <> {t("search.leftOut")} {correction.dropped.map((word) => <s key={word}>{word}</s>)}</>}
        </p>
      )}
      <p className="hidden-text" role="status">{t("search.count", { count: total })}</p>
      <ul ref={tiles} className="tiles" aria-label={t("search.results")} onKeyDown={onKeyDown} data-first-is-next={firstIsNext || undefined}>
        {hits.map((hit, index) => (
          <li key={hit.group.productId}>
            <Tile hit={hit} products={products} onChoose={() => onChoose(hit, index + 1)} />
          </li>
        ))}
      </ul>
      {total > hits.length && (
        <div className="products-more">
          <span>{t("search.shown", { shown: hits.length, total })}</span>
          <Button variant="default" size="md" onClick={onMore}>{t("search.more")}</Button>
        </div>
      )}
    </div>
  );
}

export function Tile({ hit: { group, items }, products, onChoose }: { hit: Hit; products: Products; onChoose: () => void }) {
  const { t } = useTranslation();
  const { currency } = useTill().catalogue.channel;
  const money = useMoney(currency);
  const prices = items.map((item) => parseAmount(item.price, currency));
  const least = Math.min(...prices);
  const price = Math.max(...prices) > least ? t("tile.from", { price: money(least) }) : money(least);
  const stock = items.reduce((sum, item) => sum + Math.max(0, products.quantities.get(item.sku) ?? item.quantity), 0);
  const around = stock > 0 ? 0 : items.reduce((sum, item) => sum + unitsIn(products.elsewhere.get(item.sku)), 0);
  return (
    <button type="button" className="tile" onClick={onChoose}>
      <Picture kind={group.kind} address={products.pictures.get(group.productId)} />
      <span className="tile-text">
        <span className="tile-name">{group.title}</span>
        <span className="tile-variants">{variantsText(group, items.length, t)}</span>
      </span>
      <span className="tile-foot">
        <span className="tile-price">{price}</span>
        <span className="tile-stock">
          <Stock item={group} quantity={stock} />
          {isGoods(group.kind) && around > 0 && <span className="tile-elsewhere">{t("stock.elsewhere", { count: around })}</span>}
        </span>
      </span>
    </button>
  );
}

function unitsIn(stores: { quantity: number }[] | undefined): number {
  return (stores ?? []).reduce((sum, { quantity }) => sum + quantity, 0);
}

/** How many variants there are, and how many of them were meant. */
function variantsText(group: ProductGroup, meant: number, t: ReturnType<typeof useTranslation>["t"]): string {
  if (group.items.length === 1) return group.brand;
  if (meant < group.items.length) return t("tile.someVariants", { count: group.items.length, meant });
  return t("tile.variants", { count: group.items.length });
}

const ICONS: Record<string, typeof IconBox> = {
  DEVICE: IconDeviceMobile, ACCESSORY: IconPlugConnected, SIM: IconCards, PLAN: IconCards, SERVICE: IconRouter,
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
