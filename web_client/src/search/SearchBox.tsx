/** The search field with suggestions: a combobox by keyboard, touch and screen reader. */

import { Combobox, TextInput, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate, useSearchParams } from "react-router";
import { TypeaheadDocument } from "../api/catalogueDocuments";
import { call } from "../api/client";
import type { TypeaheadQuery } from "../gql/graphql";
import { useShopContext } from "../session/shop";
import { useMoney } from "../ui/Price";
import { writeSearch } from "./searchState";

type Suggestions = TypeaheadQuery["typeahead"];

const SEARCH = "/search";

function addressOf(text: string, dimension?: string, value?: string): string {
  const refinements = dimension && value ? [{ dimension, values: [value] }] : [];
  return `${SEARCH}?${writeSearch({ text, refinements, sort: "RELEVANCE" })}`;
}

function useSuggestions(text: string): Suggestions | undefined {
  const context = useShopContext();
  const [prefix] = useDebouncedValue(text.trim(), 150);
  const query = useQuery({
    queryKey: ["typeahead", context, prefix],
    enabled: prefix.length >= 2,
    queryFn: ({ signal }) => call(TypeaheadDocument, { context, prefix }, { signal }),
    placeholderData: keepPreviousData,
    // Suggestions are a help: without them the search itself still works and says what is wrong.
    retry: false,
  });
  return prefix.length >= 2 ? query.data?.typeahead : undefined;
}

/** The text of the address while results are shown, else what is being typed. */
function useText(): [string, (text: string) => void] {
  const { pathname } = useLocation();
  const [parameters] = useSearchParams();
  const asked = pathname === SEARCH ? (parameters.get("q") ?? "") : "";
  const [text, setText] = useState(asked);
  useEffect(() => setText(asked), [asked, pathname]);
  return [text, setText];
}

export function SearchBox({ large = false }: { large?: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const [text, setText] = useText();
  const suggestions = useSuggestions(text);
  const count = suggestions
    ? suggestions.queries.length + suggestions.categories.length + suggestions.products.length
    : 0;

  const go = (address: string) => {
    combobox.closeDropdown();
    void navigate(address);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    go(addressOf(text.trim()));
  };

  return (
    <form role="search" className={large ? "search-box search-box-large" : "search-box"} onSubmit={submit}>
      <Combobox store={combobox} onOptionSubmit={go} withinPortal={false} shadow="md" radius="md" offset={6}>
        <Combobox.Target withExpandedAttribute>
          <TextInput
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
              combobox.openDropdown();
              combobox.resetSelectedOption();
            }}
            onFocus={() => combobox.openDropdown()}
            onBlur={() => combobox.closeDropdown()}
            type="search"
            role="combobox"
            aria-autocomplete="list"
            enterKeyHint="search"
            autoComplete="off"
            maxLength={200}
            aria-label={t("search.label")}
            placeholder={t(large ? "search.placeholderLong" : "search.placeholder")}
            radius="xl"
            leftSection={<IconSearch size={20} aria-hidden />}
          />
        </Combobox.Target>
        <Combobox.Dropdown hidden={count === 0}>
          <Combobox.Options aria-label={t("search.suggestions")} className="suggestions">
            {suggestions && <SuggestionOptions suggestions={suggestions} />}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      <p className="sr-only" aria-live="polite">{count > 0 && combobox.dropdownOpened ? t("search.suggestionCount", { count }) : ""}</p>
    </form>
  );
}

function SuggestionOptions({ suggestions }: { suggestions: Suggestions }) {
  const { t } = useTranslation();
  const money = useMoney();
  return (
    <>
      {suggestions.queries.map((query) => (
        <Combobox.Option key={query} value={addressOf(query)} className="suggestion">
          <IconSearch size={18} aria-hidden /> {query}
        </Combobox.Option>
      ))}
      {suggestions.categories.length > 0 && (
        <Combobox.Group label={t("search.categories")}>
          {suggestions.categories.map(({ dimension, value, label }) => (
            <Combobox.Option key={dimension + value} value={addressOf("", dimension, value)} className="suggestion">
              {label}
            </Combobox.Option>
          ))}
        </Combobox.Group>
      )}
      {suggestions.products.length > 0 && (
        <Combobox.Group label={t("search.products")}>
          {suggestions.products.map((product) => (
            <Combobox.Option key={product.id} value={`/product/${product.slug}`} className="suggestion suggestion-product">
              {product.thumbnailUrl ? <img src={product.thumbnailUrl} alt="" width={40} height={40} /> : <span />}
              <span>{product.name}</span>
              {product.price && <span className="suggestion-price">{money(product.price)}</span>}
            </Combobox.Option>
          ))}
        </Combobox.Group>
      )}
    </>
  );
}
