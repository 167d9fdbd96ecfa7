/** One product: its pictures, the choices, the price, where it is to be had, and what it is. */

import { Button, Skeleton } from "@mantine/core";
import { IconCheck, IconShoppingBagPlus } from "@tabler/icons-react";
import { formatDate } from "@shared/time";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router";
import { ProductDocument } from "../api/catalogueDocuments";
import { call } from "../api/client";
import { WithPlan } from "../bundle/WithPlan";
import { useAddToCart } from "../cart/useCart";
import type { ProductQuery } from "../gql/graphql";
import { ProductCard } from "../search/ProductCard";
import { rememberProduct } from "../search/recent";
import { useShop, useShopContext } from "../session/shop";
import { ErrorNote } from "../ui/ErrorNote";
import { useTitle } from "../ui/Layout";
import { NotFound } from "../ui/NotFound";
import { Picture } from "../ui/Picture";
import { Price } from "../ui/Price";
import { StockNear } from "./StockNear";
import { VariantChoices } from "./VariantChoices";
import { isStocked, priceKind } from "./kinds";

type Product = NonNullable<ProductQuery["product"]>;
export type Variant = Product["variants"][number];

export function ProductPage() {
  const { t } = useTranslation();
  const { slug = "" } = useParams();
  const context = useShopContext();
  const query = useQuery({
    queryKey: ["product", context.channel, slug],
    queryFn: ({ signal }) => call(ProductDocument, { context, slug }, { signal }),
  });
  const product = query.data?.product;
  useTitle(product?.name);
  useEffect(() => {
    if (product) rememberProduct({ ...product, brand: product.brand ?? null, thumbnailUrl: product.thumbnailUrl ?? null });
  }, [product]);
  if (query.isPending) return <ProductSkeleton />;
  if (query.isError) {
    return <div className="wrap page"><ErrorNote error={query.error} onRetry={() => void query.refetch()} /></div>;
  }
  if (!product) return <NotFound title={t("product.notFound")} text={t("product.notFoundText")} />;
  return <ProductView key={product.id} product={product} />;
}

/** The chosen variant lives in the address, so that a link shows what its sender saw. */
function useVariant(product: Product): [Variant | undefined, (sku: string) => void] {
  const [parameters, setParameters] = useSearchParams();
  const asked = product.variants.find((variant) => variant.sku === parameters.get("sku"));
  const choose = (sku: string) => setParameters({ sku }, { replace: true, preventScrollReset: true });
  return [asked ?? product.variants[0], choose];
}

function ProductView({ product }: { product: Product }) {
  const [variant, choose] = useVariant(product);
  return (
    <div className="wrap page product">
      <Breadcrumbs product={product} />
      <div className="product-top">
        <Picture src={variant?.imageUrl ?? product.thumbnailUrl} kind={product.kind} className="product-picture" eager
          alt={variant && variant.name !== product.name ? `${product.name}, ${variant.name}` : product.name} />
        <div className="product-buy">
          {product.brand && <p className="card-brand">{product.brand}</p>}
          <h1>{product.name}</h1>
          {product.description && <p className="product-text">{product.description}</p>}
          {variant && <VariantChoices variants={product.variants} current={variant} onChoose={choose} />}
          <PriceBlock product={product} variant={variant} />
          {variant?.price && <AddToCart key={variant.sku} sku={variant.sku} name={product.name} />}
          {variant && <WithPlan sku={variant.sku} />}
        </div>
        {variant && isStocked(product.kind) && <StockNear sku={variant.sku} />}
      </div>
      <Attributes product={product} variant={variant} />
      <Accessories product={product} />
    </div>
  );
}

function Breadcrumbs({ product }: { product: Product }) {
  const { t } = useTranslation();
  return (
    <nav className="breadcrumbs" aria-label={t("nav.breadcrumbs")}>
      <ol>
        <li><Link to="/">{t("nav.home")}</Link></li>
        {product.categoryPath.map((category) => <li key={category}>{category}</li>)}
      </ol>
    </nav>
  );
}

function PriceBlock({ product, variant }: { product: Product; variant?: Variant }) {
  const { t } = useTranslation();
  const { pricesIncludeTax } = useShop();
  return (
    <div className="price-block">
      <Price price={variant?.price ?? (variant ? null : product.price)} undiscounted={variant?.undiscountedPrice} large />
      {priceKind(product.kind) === "monthly" && <span className="per-month">{t("product.perMonth")}</span>}
      <p>{t(pricesIncludeTax ? "product.taxIncluded" : "product.taxAdded")}</p>
    </div>
  );
}

function AddToCart({ sku, name }: { sku: string; name: string }) {
  const { t } = useTranslation();
  const add = useAddToCart();
  return (
    <div className="add-to-cart">
      <Button size="lg" fullWidth leftSection={<IconShoppingBagPlus size={22} aria-hidden />} loading={add.isPending}
        onClick={() => add.mutate({ sku, quantity: 1 })}>
        {t("product.add")}
      </Button>
      <div aria-live="polite">
        {add.isSuccess && (
          <p className="added">
            <IconCheck size={20} aria-hidden />
            <span>{t("product.added", { name })}</span>
            <Link to="/cart">{t("cart.goTo")}</Link>
          </p>
        )}
      </div>
      <ErrorNote error={add.error} onRetry={() => add.variables && add.mutate(add.variables)} />
    </div>
  );
}

const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;

function Attributes({ product, variant }: { product: Product; variant?: Variant }) {
  const { t, i18n } = useTranslation();
  const shown = (value: string) => (ISO_DAY.test(value) ? formatDate(value, i18n.language) : value);
  const rows = [...product.attributes, ...(variant?.attributes ?? [])].filter(
    ({ name, values }, index, all) => values.length > 0 && name !== "fits" && all.findLastIndex((row) => row.name === name) === index,
  );
  if (!rows.length) return null;
  return (
    <section className="product-facts">
      <h2>{t("product.facts")}</h2>
      <table>
        <tbody>
          {rows.map(({ name, label, values }) => (
            <tr key={name}>
              <th scope="row">{label}</th>
              <td>{values.map(shown).join(", ")}</td>
            </tr>
          ))}
          {variant && (
            <tr>
              <th scope="row">{t("product.sku")}</th>
              <td>{variant.sku}</td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}

function Accessories({ product }: { product: Product }) {
  const { t } = useTranslation();
  if (!product.accessories.length) return null;
  return (
    <section className="shelf">
      <header className="shelf-head"><h2>{t("product.accessories", { name: product.name })}</h2></header>
      <div className="cards">
        {product.accessories.map((accessory) => <ProductCard key={accessory.id} product={accessory} headingLevel={3} />)}
      </div>
    </section>
  );
}

function ProductSkeleton() {
  const { t } = useTranslation();
  return (
    <div className="wrap page product" aria-busy="true" aria-label={t("common.loading")} role="status">
      <Skeleton height={14} width={180} mb={24} />
      <div className="product-top">
        <Skeleton height={420} radius="lg" />
        <div>
          <Skeleton height={34} width="70%" />
          <Skeleton height={14} mt={20} />
          <Skeleton height={14} mt={8} width="85%" />
          <Skeleton height={44} mt={28} width="60%" />
          <Skeleton height={50} mt={28} />
        </div>
      </div>
    </div>
  );
}
