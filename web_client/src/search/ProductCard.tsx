import { compareMoney, type Money } from "@shared/money";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ProductCardFieldsFragment } from "../gql/graphql";
import { chosenStore } from "../session/stores";
import { Price, useMoney } from "../ui/Price";
import { Picture } from "../ui/Picture";
import { isStocked, priceKind } from "../product/kinds";

interface ProductCardProps {
  product: ProductCardFieldsFragment;
  /** Sellable units in the chosen store; null or missing when none is chosen or it keeps no stock of it. */
  storeQuantity?: number | null;
  headingLevel?: 2 | 3;
}

export function ProductCard({ product, storeQuantity, headingLevel = 2 }: ProductCardProps) {
  const { t } = useTranslation();
  const money = useMoney();
  const Heading = `h${headingLevel}` as "h2" | "h3";
  const cheapest = product.variants.find((variant) => variant.price && isSame(variant.price, product.price));
  const hasRange = product.variants.some((variant) => variant.price && !isSame(variant.price, product.price));
  return (
    <article className="card">
      <Picture src={product.thumbnailUrl} kind={product.kind} className="card-picture" />
      <div className="card-body">
        {product.brand && <p className="card-brand">{product.brand}</p>}
        <Heading className="card-name">
          <Link to={`/product/${product.slug}`}>{product.name}</Link>
        </Heading>
        <CardFacts product={product} />
        <p className="card-price">
          <Price price={product.price} undiscounted={cheapest?.undiscountedPrice} from={hasRange} />
          {priceKind(product.kind) === "monthly" && product.price && <span className="per-month">{t("product.perMonth")}</span>}
        </p>
        {product.monthlyPriceFrom && (
          <p className="card-monthly">{t("product.monthlyFrom", { price: money(product.monthlyPriceFrom.monthly) })}</p>
        )}
        {isStocked(product.kind) && <StoreStock quantity={storeQuantity} />}
      </div>
    </article>
  );
}

const isSame = (left: Money, right: Money | null | undefined) => !!right && compareMoney(left, right) === 0;

function CardFacts({ product }: { product: ProductCardFieldsFragment }) {
  const { t } = useTranslation();
  const storages = product.attributes.find((attribute) => attribute.name === "storage")?.values ?? [];
  const facts = [storages[0], product.variants.length > 1 ? t("product.versions", { count: product.variants.length }) : null];
  const shown = facts.filter(Boolean);
  return shown.length ? <p className="card-facts">{shown.join(" · ")}</p> : null;
}

function StoreStock({ quantity }: { quantity?: number | null }) {
  const { t } = useTranslation();
  const store = chosenStore.use();
  if (!store || quantity === null || quantity === undefined) return null;
  const text = quantity > 0 ? t("product.inStoreCount", { count: quantity, store: store.name }) : t("product.notInStore", { store: store.name });
  return <p className={quantity > 0 ? "stock stock-yes" : "stock stock-no"}>{text}</p>;
}
