/** Search results: what was found, how to narrow it, and a way on when there is nothing. */

import { useEffect, useState } from "react";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { isTransient } from "../api/client";
import { AddressEntry } from "../address/AddressChip";
import { ErrorNote } from "../ui/ErrorNote";
import { useTitle } from "../ui/Layout";
import { CardSkeletons } from "./CardSkeletons";
import { Chips } from "./Chips";
import { CorrectionNote } from "./CorrectionNote";
import { Facets } from "./Facets";
import { FacetSkeletons } from "./FacetSkeletons";
import { NothingFound } from "./NothingFound";
import { rememberSearch } from "./recent";
import { ResultList } from "./ResultList";
import { readSearch, type SearchState, writeSearch } from "./searchState";
import { Toolbar } from "./Toolbar";
import { type SearchPage, useResults } from "./useResults";

export function ResultsPage() {
  const { t } = useTranslation();
  const [parameters, setParameters] = useSearchParams();
  const state = readSearch(parameters);
  const results = useResults(state);
  const pages = results.data?.pages.map((page) => page.guidedSearch) ?? [];
  const first = pages[0];
  const isOld = results.isPlaceholderData;
  const known = useKnown(isOld ? undefined : first, state.text) ?? first;
  // At once, not as a transition: a box that was ticked must look ticked.
  const change = (next: SearchState) => setParameters(writeSearch(next), { preventScrollReset: true, flushSync: true });
  const title = useHeading(state, first);
  useTitle(title);
  useRedirect(isOld ? null : first?.redirectUrl);
  useRemembered(state, isOld ? undefined : first);

  const isRefused = results.isError && !results.isFetchNextPageError;
  // Where the shop was not reached, nobody knows whether there is anything.
  const isEmpty = isRefused ? !isTransient(results.error) : first?.totalCount === 0 && !isOld;
  return (
    <div className="wrap results">
      <div className="results-top">
        <header className="results-head">
          <h1>{title}</h1>
          <p className={isOld ? "results-count results-count-old" : "results-count"} role="status">
            {results.isPending ? t("common.loading") : first && !isRefused ? countText(t, first) : ""}
          </p>
        </header>
        {(!isEmpty || state.refinements.length > 0) && <Toolbar state={state} page={known} isLoading={results.isFetching && !results.isFetchingNextPage} onChange={change} />}
      </div>
      {first && !isOld && <CorrectionNote page={first} state={state} onChange={change} />}
      {asksForServices(state) && <AddressEntry />}
      <div className="results-body">
        <aside className="results-facets" aria-label={t("results.filters")} aria-busy={results.isFetching}>
          {known && <Facets page={known} state={state} onChange={change} />}
          {results.isPending && <FacetSkeletons />}
        </aside>
        <section className="results-list" aria-label={t("results.list")} aria-busy={results.isFetching}>
          {/* Not above the filters, which would move away under the pointer that ticks the first of them. */}
          <Chips page={known} state={state} onChange={change} />
          {isRefused && <ErrorNote error={results.error} onRetry={() => void results.refetch()} />}
          {results.isPending && <CardSkeletons count={8} />}
          {isEmpty && <NothingFound page={first} state={state} onChange={change} />}
          {first && !isRefused && <ResultList results={results} pages={pages} state={state} />}
        </section>
      </div>
    </div>
  );
}

/** The page, or while there is none the last one of the same words: where the network is lost, the filters stay under the finger and the keyboard. */
function useKnown(page: SearchPage | undefined, text: string): SearchPage | undefined {
  const [last, setLast] = useState<{ page: SearchPage; text: string }>();
  useEffect(() => {
    if (page) setLast({ page, text });
  }, [page, text]);
  return page ?? (last?.text === text ? last.page : undefined);
}

/** Whether what is looked at depends on where one lives. */
const asksForServices = ({ refinements }: SearchState) =>
  refinements.some(({ dimension, values }) => dimension === "kind" && values?.includes("SERVICE"));

/** A page that a merchandiser set for this search: inside the shop, or elsewhere on this site only. */
function useRedirect(url: string | null | undefined): void {
  const navigate = useNavigate();
  useEffect(() => {
    if (url?.startsWith("/") && !url.startsWith("//")) void navigate(url, { replace: true });
  }, [url, navigate]);
}

/** A search that found something is offered again when the box is empty. */
function useRemembered(state: SearchState, page: SearchPage | undefined): void {
  const found = page && page.totalCount > 0 && state.text ? page.correction?.applied ? page.correction.corrected : state.text : null;
  useEffect(() => {
    if (found) rememberSearch(found);
  }, [found]);
}

/** What is looked at: the words asked for, else the one category or kind chosen, else everything. */
function useHeading(state: SearchState, page: SearchPage | undefined): string {
  const { t } = useTranslation();
  if (state.text) return t("results.titleFor", { text: state.text });
  const browsed = page?.breadcrumbs.filter(({ dimension }) => dimension === "category" || dimension === "kind") ?? [];
  return browsed.length === 1 && browsed[0] ? browsed[0].label : t("results.title");
}

/** How many products there are; where few have all that was typed, the others are said to come near. */
function countText(t: TFunction, { totalCount, exactCount }: SearchPage): string {
  const near = totalCount - exactCount;
  return near > 0 ? t("results.countNear", { count: exactCount, near }) : t("results.count", { count: totalCount });
}
