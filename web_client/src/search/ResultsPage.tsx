/** Search results: what was found, how to narrow it, and a way on when there is nothing. */

import { Button, Drawer, Select } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { SearchDocument } from "../api/catalogueDocuments";
import { call } from "../api/client";
import type { SearchQuery, SearchSort } from "../gql/graphql";
import { useShopContext } from "../session/shop";
import { place } from "../session/stores";
import { ErrorNote } from "../ui/ErrorNote";
import { useTitle } from "../ui/Layout";
import { Chips } from "./Chips";
import { Facets } from "./Facets";
import { ProductCard } from "./ProductCard";
import { CardSkeletons } from "./CardSkeletons";
import { readSearch, searchInput, type SearchState, SORTS, writeSearch } from "./searchState";

export type SearchPage = SearchQuery["guidedSearch"];

const PAGE_SIZE = 24;

function useResults(state: SearchState) {
  const context = useShopContext();
  const near = place.use();
  return useInfiniteQuery({
    queryKey: ["search", context, near, state],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const input = { ...searchInput(state), near, first: PAGE_SIZE, after: pageParam };
      return call(SearchDocument, { context, input, guided: pageParam === null }, { signal });
    },
    getNextPageParam: ({ guidedSearch: { pageInfo } }) => (pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null),
    placeholderData: keepPreviousData,
  });
}

/** A page that a merchandiser set for this search: inside the shop, or elsewhere on this site only. */
function useRedirect(url: string | null | undefined): void {
  const navigate = useNavigate();
  useEffect(() => {
    if (url?.startsWith("/") && !url.startsWith("//")) void navigate(url, { replace: true });
  }, [url, navigate]);
}

export function ResultsPage() {
  const { t } = useTranslation();
  const [parameters, setParameters] = useSearchParams();
  const state = readSearch(parameters);
  const results = useResults(state);
  const first = results.data?.pages[0]?.guidedSearch;
  // At once, not as a transition: a box that was ticked must look ticked.
  const change = (next: SearchState) => setParameters(writeSearch(next), { preventScrollReset: true, flushSync: true });
  const title = useHeading(state, first);
  useTitle(title);
  useRedirect(results.isPlaceholderData ? null : first?.redirectUrl);

  return (
    <div className="wrap results">
      <header className="results-head">
        <h1>{title}</h1>
        <p className="results-count" role="status">
          {results.isPending ? t("common.loading") : first ? t("results.count", { count: first.totalCount }) : ""}
        </p>
      </header>
      {first && <CorrectionNote page={first} state={state} onChange={change} />}
      <Toolbar state={state} page={first} onChange={change} />
      {first && <Chips page={first} state={state} onChange={change} />}
      <div className="results-body">
        <aside className="results-facets" aria-label={t("results.filters")}>
          {first && <Facets page={first} state={state} onChange={change} />}
          {results.isPending && <div className="facets-placeholder" aria-hidden />}
        </aside>
        <section className="results-list" aria-label={t("results.list")} aria-busy={results.isFetching}>
          <ErrorNote error={results.isError ? results.error : null} onRetry={() => void results.refetch()} />
          {results.isPending && <CardSkeletons count={8} />}
          {first?.totalCount === 0 && <NothingFound state={state} onChange={change} />}
          <ResultCards pages={results.data?.pages.map((page) => page.guidedSearch) ?? []} dimmed={results.isPlaceholderData} />
          {results.hasNextPage && (
            <div className="results-more">
              <Button variant="default" size="lg" loading={results.isFetchingNextPage} onClick={() => void results.fetchNextPage()}>
                {t("results.more")}
              </Button>
            </div>
          )}
        </section>
      </div>
    </div>
  );
}

/** What is looked at: the words asked for, else the one category or kind chosen, else everything. */
function useHeading(state: SearchState, page: SearchPage | undefined): string {
  const { t } = useTranslation();
  if (state.text) return t("results.titleFor", { text: state.text });
  const browsed = page?.breadcrumbs.filter(({ dimension }) => dimension === "category" || dimension === "kind") ?? [];
  return browsed.length === 1 && browsed[0] ? browsed[0].label : t("results.title");
}

function ResultCards({ pages, dimmed }: { pages: SearchPage[]; dimmed: boolean }) {
  const [first] = pages;
  return (
    <>
      {first?.spotlights?.map((spotlight) => (
        <section key={spotlight.rule} className="spotlight">
          <h2>{spotlight.title}</h2>
          <div className="cards">
            {spotlight.products.map((product) => <ProductCard key={product.id} product={product} headingLevel={3} />)}
          </div>
        </section>
      ))}
      <div className={dimmed ? "cards cards-dimmed" : "cards"}>
        {pages.flatMap((page) => page.edges).map(({ node, storeQuantity }) => (
          <ProductCard key={node.id} product={node} storeQuantity={storeQuantity} />
        ))}
      </div>
    </>
  );
}

export interface SearchPartProps {
  page: SearchPage;
  state: SearchState;
  onChange: (state: SearchState) => void;
}

function CorrectionNote({ page, state, onChange }: SearchPartProps) {
  const { t } = useTranslation();
  if (!page.correction) return null;
  const { original, corrected, applied } = page.correction;
  if (applied) return <p className="correction">{t("results.corrected", { original, corrected })}</p>;
  return (
    <p className="correction">
      {t("results.didYouMean")}{" "}
      <button type="button" className="link-button" onClick={() => onChange({ ...state, text: corrected })}>{corrected}</button>
    </p>
  );
}

function Toolbar({ page, state, onChange }: Omit<SearchPartProps, "page"> & { page?: SearchPage }) {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <div className="toolbar">
      <Button className="toolbar-filter" variant="default" leftSection={<IconAdjustmentsHorizontal size={20} aria-hidden />} onClick={open}>
        {t("results.filters")}
        {state.refinements.length > 0 && ` (${state.refinements.length})`}
      </Button>
      <Select
        className="toolbar-sort"
        aria-label={t("results.sort")}
        data={SORTS.map((sort) => ({ value: sort, label: t(`sort.${sort}`) }))}
        value={state.sort}
        allowDeselect={false}
        onChange={(sort) => onChange({ ...state, sort: sort as SearchSort })}
      />
      <Drawer opened={opened} onClose={close} title={t("results.filters")} position="bottom" size="85%" radius="lg"
        closeButtonProps={{ "aria-label": t("common.close") }}>
        {page && <Facets page={page} state={state} onChange={onChange} />}
        <div className="drawer-foot">
          <Button fullWidth size="lg" onClick={close}>{t("results.show", { count: page?.totalCount ?? 0 })}</Button>
        </div>
      </Drawer>
    </div>
  );
}

function NothingFound({ state, onChange }: Omit<SearchPartProps, "page">) {
  const { t } = useTranslation();
  return (
    <div className="empty">
      <h2>{t("results.emptyTitle")}</h2>
      <p>{t(state.refinements.length ? "results.emptyFiltered" : "results.emptyText")}</p>
      <div className="empty-ways">
        {state.refinements.length > 0 && (
          <Button onClick={() => onChange({ ...state, refinements: [] })}>{t("results.clearFilters")}</Button>
        )}
        <Button component={Link} to="/search" variant="default">{t("nav.all")}</Button>
      </div>
    </div>
  );
}
