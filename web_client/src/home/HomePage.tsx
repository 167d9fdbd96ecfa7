/** The front door: search, ways in, and what is worth a look today. */

import { IconBuildingStore, IconClockCheck, IconShieldCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { AddressEntry } from "../address/AddressChip";
import { SearchDocument } from "../api/catalogueDocuments";
import { call } from "../api/client";
import { useOffers } from "../bundle/useBundles";
import type { ProductKind, SearchSort } from "../gql/graphql";
import { CardSkeletons } from "../search/CardSkeletons";
import { ProductCard } from "../search/ProductCard";
import { SearchBox } from "../search/SearchBox";
import { writeSearch } from "../search/searchState";
import { useShopContext } from "../session/shop";
import { viewedProducts } from "../session/stores";
import { ErrorNote } from "../ui/ErrorNote";
import { useTitle } from "../ui/Layout";
import { Picture } from "../ui/Picture";
import { Tide } from "./Tide";

export function HomePage() {
  const { t } = useTranslation();
  useTitle(null);
  return (
    <>
      <section className="hero">
        <Tide />
        <div className="wrap hero-body">
          <h1>{t("home.title")}</h1>
          <p className="hero-text">{t("home.text")}</p>
          <SearchBox large />
          <KindLinks />
        </div>
      </section>
      <section className="wrap home-address"><AddressEntry /></section>
      <Viewed />
      <Promises />
      <Shelf title={t("home.newest")} kind="DEVICE" sort="NEWEST" />
      <Shelf title={t("home.plans")} kind="PLAN" sort="BEST_SELLING" />
    </>
  );
}

const searchFor = (kind: ProductKind, sort: SearchSort = "RELEVANCE") =>
  `/search?${writeSearch({ text: "", refinements: [{ dimension: "kind", values: [kind] }], sort })}`;

function KindLinks() {
  const { t } = useTranslation();
  const { offers } = useOffers();
  const kinds: ProductKind[] = ["DEVICE", "PLAN", "SERVICE", "ACCESSORY", "SIM"];
  return (
    <nav className="kind-links" aria-label={t("search.categories")}>
      {kinds.map((kind) => <Link key={kind} to={searchFor(kind)}>{t(`kind.${kind}`)}</Link>)}
      {offers.length > 0 && <Link to="/offers">{t("bundle.offers")}</Link>}
    </nav>
  );
}

/** What one looked at before, in this browser alone. */
function Viewed() {
  const { t } = useTranslation();
  const viewed = viewedProducts.use() ?? [];
  if (!viewed.length) return null;
  return (
    <section className="wrap viewed" aria-labelledby="viewed-title">
      <h2 id="viewed-title">{t("home.viewed")}</h2>
      <ul>
        {viewed.map(({ slug, name, kind, thumbnailUrl }) => (
          <li key={slug}>
            <Link to={`/product/${slug}`}><Picture src={thumbnailUrl} kind={kind} className="viewed-picture" /> <span>{name}</span></Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Promises() {
  const { t } = useTranslation();
  const promises = [
    { icon: IconClockCheck, name: "today" },
    { icon: IconBuildingStore, name: "live" },
    { icon: IconShieldCheck, name: "price" },
  ];
  return (
    <section className="wrap promises" aria-label={t("home.promises")}>
      {promises.map(({ icon: Icon, name }) => (
        <div key={name} className="promise">
          <Icon size={28} stroke={1.6} aria-hidden />
          <div>
            <h2>{t(`home.${name}Title`)}</h2>
            <p>{t(`home.${name}Text`)}</p>
          </div>
        </div>
      ))}
    </section>
  );
}

function Shelf({ title, kind, sort }: { title: string; kind: ProductKind; sort: SearchSort }) {
  const { t } = useTranslation();
  const context = useShopContext();
  const results = useQuery({
    queryKey: ["shelf", context, kind, sort],
    queryFn: ({ signal }) => {
      const input = { sort, refinements: [{ dimension: "kind", values: [kind] }], first: 4 };
      return call(SearchDocument, { context, input, guided: false }, { signal });
    },
  });
  if (results.data?.guidedSearch.totalCount === 0) return null;
  return (
    <section className="wrap shelf">
      <header className="shelf-head">
        <h2>{title}</h2>
        <Link to={searchFor(kind, sort)}>{t("home.seeAll")}<span className="sr-only">: {title}</span></Link>
      </header>
      <ErrorNote error={results.error} onRetry={() => void results.refetch()} />
      {results.isPending && <CardSkeletons count={4} />}
      <div className="cards">
        {results.data?.guidedSearch.edges.map(({ node, storeQuantity }) => (
          <ProductCard key={node.id} product={node} storeQuantity={storeQuantity} headingLevel={3} />
        ))}
      </div>
    </section>
  );
}
