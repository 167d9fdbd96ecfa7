/** Ways on when nothing was found: fewer filters, other words, categories, a person. */

import { Button } from "@mantine/core";
import { IconPhone, IconSearch, IconX } from "@tabler/icons-react";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { CategoriesDocument, CountDocument } from "../api/catalogueDocuments";
import { call } from "../api/client";
import { useShopContext } from "../session/shop";
import { chosenStore, place } from "../session/stores";
import { useStores } from "../stores/useStores";
import { useChoices } from "./Chips";
import { searchAddress, searchInput, type SearchState, withText } from "./searchState";
import { type SearchPage, useNear, useSearchContext } from "./useResults";
import { useSuggestions } from "./useSuggestions";

interface NothingFoundProps {
  page?: SearchPage;
  state: SearchState;
  onChange: (state: SearchState) => void;
}

/** Filters whose removal is tried. */
const TRIED = 6;
const CATEGORIES = 8;

export function NothingFound({ page, state, onChange }: NothingFoundProps) {
  const { t } = useTranslation();
  const isFiltered = state.refinements.length > 0;
  return (
    <div className="nothing">
      <h2>{t("results.emptyTitle")}</h2>
      <p>{t(isFiltered ? "results.emptyFiltered" : "results.emptyText")}</p>
      {isFiltered && <FewerFilters page={page} state={state} onChange={onChange} />}
      {state.text && <OtherWords state={state} onChange={onChange} />}
      <Categories />
      <CallStore />
    </div>
  );
}

/** Each single filter, or the words, that stands in the way of something; with what one would see without it. */
function FewerFilters({ page, state, onChange }: NothingFoundProps) {
  const { t } = useTranslation();
  const context = useSearchContext();
  const near = useNear();
  const choices = useChoices(page, state).slice(0, TRIED);
  const words = state.text ? [{ key: "text", label: t("results.titleFor", { text: state.text }), without: withText(state, "") }] : [];
  const ways = [...choices, ...words];
  const counts = useQueries({
    queries: ways.map(({ without }) => ({
      queryKey: ["count", context, near, without],
      // A count is no search that somebody typed, and the search log must not take it for one.
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        call(CountDocument, { context, input: { ...searchInput(without), sort: "NAME", near, first: 1, recorded: false } }, { signal }),
      retry: false,
    })),
  });
  const open = ways.flatMap((way, index) => {
    const count = counts[index]?.data?.guidedSearch.totalCount ?? 0;
    return count > 0 ? [{ ...way, count }] : [];
  });
  return (
    <div className="nothing-ways">
      {open.map(({ key, label, without, count }) => (
        <Button key={key} variant="light" leftSection={<IconX size={18} aria-hidden />} onClick={() => onChange(without)}>
          {t("results.without", { label, count })}
        </Button>
      ))}
      <Button variant="default" onClick={() => onChange({ ...state, refinements: [] })}>{t("results.clearFilters")}</Button>
    </div>
  );
}

/** What the words may have been meant to be, if anything like them is known: of the whole text, and of its first longer word. Without the filters, under which
    there may be none of it either. */
function OtherWords({ state, onChange }: NothingFoundProps) {
  const { t } = useTranslation();
  const whole = useSuggestions(state.text, true);
  const word = useSuggestions(state.text.split(/\s+/).find((part) => part.length > 2) ?? "", true);
  const typed = state.text.trim().toLowerCase();
  const queries = [...new Set([...(whole?.queries ?? []), ...(word?.queries ?? [])])].filter((query) => query.toLowerCase() !== typed).slice(0, 6);
  if (!queries.length) return null;
  return (
    <section className="nothing-part">
      <h3>{t("results.tryWords")}</h3>
      <div className="nothing-ways">
        {queries.map((query) => (
          <Button key={query} variant="default" leftSection={<IconSearch size={18} aria-hidden />} onClick={() => onChange({ ...withText(state, query), refinements: [] })}>{query}</Button>
        ))}
      </div>
    </section>
  );
}

function Categories() {
  const { t } = useTranslation();
  const context = useShopContext();
  const query = useQuery({
    queryKey: ["categories", context],
    queryFn: ({ signal }) => call(CategoriesDocument, { context }, { signal }),
    staleTime: 5 * 60_000,
  });
  const values = query.data?.guidedSearch.dimensions.find(({ name }) => name === "category")?.values ?? [];
  const parents = new Set(values.map(({ parent }) => parent));
  const popular = values.filter(({ value, count }) => !parents.has(value) && count > 0).toSorted((a, b) => b.count - a.count).slice(0, CATEGORIES);
  return (
    <section className="nothing-part">
      <h3>{t("results.popular")}</h3>
      <ul className="nothing-ways">
        {popular.map(({ value, label, count }) => (
          <li key={value}><Link className="way" to={searchAddress("", "category", value)}>{label} <span className="facet-count">{count}</span></Link></li>
        ))}
        <li><Link className="way" to="/search">{t("nav.all")}</Link></li>
      </ul>
    </section>
  );
}

/** A person knows what no search finds: the telephone of the chosen store, else of the nearest, else the way to the stores. */
function CallStore() {
  const { t } = useTranslation();
  const chosen = chosenStore.use();
  const here = place.use();
  const stores = useStores();
  const store = stores.data?.find(({ id }) => id === chosen?.id) ?? (here ? stores.data?.find(({ phone }) => phone) : undefined);
  return (
    <section className="nothing-part">
      <h3>{t("results.askPerson")}</h3>
      <p>
        {store?.phone ? (
          <a className="way" href={`tel:${store.phone}`}><IconPhone size={18} aria-hidden /> {t("results.callStore", { store: store.name, phone: store.phone })}</a>
        ) : (
          <Link className="way" to="/stores"><IconPhone size={18} aria-hidden /> {t("results.findStore")}</Link>
        )}
      </p>
    </section>
  );
}
