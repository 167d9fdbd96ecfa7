/** The list under the search field. */

import { useMoney } from "@shared/useMoney";
import { optionId } from "@shared/useCombobox";
import { IconChevronRight, IconHistory, IconSearch } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { markTyped, type Offer, type OfferGroup } from "./suggestions";

interface SuggestionListProps {
  id: string;
  groups: OfferGroup[];
  active: number;
  typed: string;
  onChoose: (index: number) => void;
}

export function SuggestionList({ id, groups, active, typed, onChoose }: SuggestionListProps) {
  const { t } = useTranslation();
  const first = groups.map((_, index) => groups.slice(0, index).reduce((sum, { offers }) => sum + offers.length, 0));
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active >= 0) list.current?.querySelector(`[id="${optionId(id, active)}"]`)?.scrollIntoView({ block: "nearest" });
  }, [id, active]);
  return (
    <div ref={list} id={id} role="listbox" aria-label={t("search.suggestions")} className="suggestions">
      {groups.map(({ name, offers }, group) => (
        <div key={name} role="group" aria-label={t(`search.${name}`)} className="suggestion-group">
          {name !== "queries" && <p className="suggestion-title" aria-hidden>{t(`search.${name}`)}</p>}
          {offers.map((offer, index) => {
            const number = (first[group] ?? 0) + index;
            return (
              // The field keeps the focus: the list is worked by the keyboard from there.
              <div key={offer.key} id={optionId(id, number)} role="option" aria-selected={number === active} className="suggestion"
                onMouseDown={(event) => event.preventDefault()} onClick={() => onChoose(number)}>
                <Content offer={offer} typed={typed} />
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}

const SIGNS = { recent: IconHistory, query: IconSearch, category: IconChevronRight };

function Content({ offer, typed }: { offer: Offer; typed: string }) {
  const money = useMoney();
  if (offer.sign === "product") {
    const { thumbnailUrl, price } = offer.product ?? {};
    return (
      <>
        {thumbnailUrl ? <img src={thumbnailUrl} alt="" width={44} height={44} /> : <span className="suggestion-picture" />}
        <span className="suggestion-label"><Marked label={offer.label} typed={typed} /></span>
        {price && <span className="suggestion-price">{money(price)}</span>}
      </>
    );
  }
  const Sign = SIGNS[offer.sign];
  return <><Sign size={20} aria-hidden /><span className="suggestion-label"><Marked label={offer.label} typed={typed} /></span></>;
}

function Marked({ label, typed }: { label: string; typed: string }) {
  return markTyped(label, typed).map(({ text, isTyped }, index) => (isTyped ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>));
}
