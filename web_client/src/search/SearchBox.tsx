/** The search field with suggestions: a combobox by keyboard, touch and screen reader; on a phone it takes the whole screen. */

import { CloseButton, TextInput } from "@mantine/core";
import { optionId, useCombobox } from "@shared/useCombobox";
import { IconArrowLeft, IconSearch } from "@tabler/icons-react";
import { type FocusEvent, type FormEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate, useSearchParams } from "react-router";
import { useShopContext } from "../session/shop";
import { recentSearches, viewedProducts } from "../session/stores";
import { forgetVisit } from "./recent";
import { reportOpen } from "./reportOpen";
import { searchAddress } from "./searchState";
import { SuggestionList } from "./SuggestionList";
import { offersFor } from "./suggestions";
import { useSuggestions } from "./useSuggestions";

/** The text of the address while results are shown, else what is being typed. */
function useText(): [string, (text: string) => void] {
  const { pathname } = useLocation();
  const [parameters] = useSearchParams();
  const asked = pathname === "/search" ? (parameters.get("q") ?? "") : "";
  const [text, setText] = useState(asked);
  useEffect(() => setText(asked), [asked, pathname]);
  return [text, setText];
}

export function SearchBox({ large = false }: { large?: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const context = useShopContext();
  const list = useId();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useText();
  const [isUsed, setUsed] = useState(false);
  const suggestions = useSuggestions(text, isUsed);
  const groups = offersFor(text, { suggestions, recent: recentSearches.use() ?? [], viewed: viewedProducts.use() ?? [] });
  const offers = groups.flatMap((group) => group.offers);

  const leave = () => {
    box.close();
    // Takes the keyboard of a touch screen away from the results.
    field.current?.blur();
  };
  const choose = (index: number) => {
    const offer = offers[index];
    if (!offer) return;
    if (offer.product?.id) reportOpen({ context, text: text.trim(), productId: offer.product.id, position: index + 1, source: "TYPEAHEAD" });
    leave();
    void navigate(offer.address);
  };
  const box = useCombobox({ keys: offers.map(({ key }) => key), onChoose: choose, onClear: () => setText("") });
  const isListed = box.isOpen && offers.length > 0;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    leave();
    void navigate(searchAddress(text.trim()));
  };
  const onBlur = (event: FocusEvent<HTMLFormElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) box.close();
  };
  const change = (next: string) => {
    setUsed(true);
    setText(next);
    box.typed();
  };
  const className = ["search-box", large && "search-box-large", box.isOpen && "search-box-open"].filter(Boolean).join(" ");
  return (
    <form role="search" className={className} onSubmit={submit} onBlur={onBlur}>
      <div className="search-field">
        <button type="button" className="search-back" aria-label={t("common.close")} onClick={leave}><IconArrowLeft size={24} aria-hidden /></button>
        <TextInput
          ref={field}
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
          onFocus={box.open}
          onClick={box.open}
          onKeyDown={box.onKeyDown}
          type="search"
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={isListed}
          aria-controls={isListed ? list : undefined}
          aria-activedescendant={isListed && box.active >= 0 ? optionId(list, box.active) : undefined}
          enterKeyHint="search"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          maxLength={200}
          aria-label={t("search.label")}
          placeholder={t(large ? "search.placeholderLong" : "search.placeholder")}
          radius="xl"
          leftSection={<IconSearch size={20} aria-hidden />}
          rightSection={text && <CloseButton iconSize={20} radius="xl" aria-label={t("search.clear")} onMouseDown={(event) => event.preventDefault()} onClick={() => change("")} />}
          rightSectionWidth={48}
        />
      </div>
      {box.isOpen && (
        <div className="search-panel" hidden={!isListed}>
          {isListed && <SuggestionList id={list} groups={groups} active={box.active} typed={text} onChoose={choose} />}
          {text.trim() === "" && (
            <div className="search-forget">
              <button type="button" className="link-button" onClick={() => { forgetVisit(); field.current?.focus(); }}>{t("search.forget")}</button>
              <span>{t("search.forgetHint")}</span>
            </div>
          )}
        </div>
      )}
      <p className="sr-only" role="status">{isListed ? t("search.suggestionCount", { count: offers.length }) : ""}</p>
    </form>
  );
}
