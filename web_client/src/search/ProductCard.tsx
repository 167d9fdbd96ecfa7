import { useMoney } from "@shared/useMoney";
import { compareMoney, type Money } from "@shared/money";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ProductCardFieldsFragment } from "../gql/graphql";
import { chosenStore } from "../session/stores";
import { useDistance } from "../stores/distance";
import { Price } from "../ui/Price";
import { Picture } from "../ui/Picture";
import { isStocked, priceKind } from "../product/kinds";
import type { NearbyStock } from "./useNearbyStock";

interface ProductCardProps {
  product: ProductCardFieldsFragment;
  /** Sellable units in the chosen store; null or missing when none is chosen or it keeps no stock of it. */
  storeQuantity?: number | null;
  /** The nearest store that has what was found of it, where stock is looked at around a place. */
  nearest?: { name: string; distanceKm: number; quantity: number } | null;
  /** Where else it is to be had, when the chosen store has none. */
  nearby?: NearbyStock;
  headingLevel?: 2 | 3;
  /** Told before the product's page opens, in this tab or another. */
  onOpen?: () => void;
}

export function ProductCard({ product, storeQuantity, nearest, nearby, headingLevel = 2, onOpen }: ProductCardProps) {
  const { t } = useTranslation();
  const money = useMoney();
  const Heading = `h${headingLevel}` as "h2" | "h3";
  const cheapest = product.variants.find((variant) => variant.price && isSame(variant.price, product.price));
  const hasRange = product.variants.some((variant) => variant.price && !isSame(variant.price, product.price));
  const isMonthly = priceKind(product.kind) === "monthly";
  const monthly = monthlyToTell(product, isMonthly);
  return (
    <article className="card">
      <Picture src={product.thumbnailUrl} kind={product.kind} className="card-picture" />
      <div className="card-body">
        {product.brand && <p className="card-brand">{product.brand}</p>}
        <Heading className="card-name">
          <Link to={`/product/${product.slug}`} onClick={onOpen} onAuxClick={onOpen}>{product.name}</Link>
        </Heading>
        <CardFacts product={product} />
        <p className="card-price">
          <Price price={product.price} undiscounted={cheapest?.undiscountedPrice} from={hasRange} />
          {isMonthly && product.price && <span className="per-month">{t("product.perMonth")}</span>}
        </p>
        {monthly && <p className="card-monthly">{t(isMonthly ? "product.monthlyInOffer" : "product.monthlyFrom", { price: money(monthly) })}</p>}
        {isStocked(product.kind) && <StoreStock quantity={storeQuantity} nearest={nearest} nearby={nearby} />}
      </div>
    </article>
  );
}

/** What it costs a month in an offer. Of what is paid for by the month anyhow, only where that is less: the offer has more in it. */
function monthlyToTell({ price, monthlyPriceFrom }: ProductCardFieldsFragment, isMonthly: boolean): Money | null {
  const monthly = monthlyPriceFrom?.monthly ?? null;
  return monthly && isMonthly && price && compareMoney(monthly, price) >= 0 ? null : monthly;
}

const isSame = (left: Money, right: Money | null | undefined) => !!right && compareMoney(left, right) === 0;

function CardFacts({ product }: { product: ProductCardFieldsFragment }) {
  const { t } = useTranslation();
  const storages = product.attributes.find((attribute) => attribute.name === "storage")?.values ?? [];
  const facts = [storages[0], product.variants.length > 1 ? t("product.versions", { count: product.variants.length }) : null];
  const shown = facts.filter(Boolean);
  return shown.length ? <p className="card-facts">{shown.join(" · ")}</p> : null;
}

function StoreStock({ quantity, nearest, nearby }: { quantity?: number | null; nearest?: ProductCardProps["nearest"]; nearby?: NearbyStock }) {
  const { t } = useTranslation();
  const distance = useDistance();
  const store = chosenStore.use();
  const isKnown = store && quantity !== null && quantity !== undefined;
  if (nearest) return <p className="stock stock-yes">{t("product.nearest", { count: nearest.quantity, store: nearest.name, distance: distance(nearest.distanceKm) })}</p>;
  if (isKnown && quantity > 0) return <p className="stock stock-yes">{t("product.inStoreCount", { count: quantity, store: store.name })}</p>;
  const away = nearby && nearby.distanceKm !== null ? ` · ${distance(nearby.distanceKm)}` : "";
  return (
    <>
      {isKnown && <p className="stock stock-no">{t("product.notInStore", { store: store.name })}</p>}
      {nearby && <p className="stock stock-near-by">{t("product.nearby", { count: nearby.quantity, store: nearby.storeName })}{away}</p>}
    </>
  );
}
