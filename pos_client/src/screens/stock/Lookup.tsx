/** Looking up: an article by its name or code, a unit by any of its numbers. What is here and why, who else has it, and a unit's whole life. */

import { IconBarcode } from "@tabler/icons-react";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { lookUpStock } from "../../app/stock";
import { SearchBox } from "../../components/SearchBox";
import { Stock } from "../../components/Stock";
import { looksLikeCode, looksLikeSerial, normaliseCode, normaliseSerial } from "../../domain/codes";
import { useAnswer } from "../../hooks/useAnswer";
import { useTill } from "../../hooks/useData";
import { goStock, stockRoute } from "../../hooks/useRoute";
import { useScanner } from "../../hooks/useScanner";
import { useTypeAnywhere } from "../../hooks/useTypeAnywhere";
import type { CatalogueItem } from "../../store/db";
import { ArticleView } from "./lookup/ArticleView";
import { UnitView } from "./lookup/UnitView";
import { StockFrame } from "./Stock";

const SHOWN = 30;
const asNumber = (code: string) => (looksLikeSerial(code) ? normaliseSerial(code) : normaliseCode(code));

export function Lookup({ id }: { id: string | null }) {
  const { t } = useTranslation();
  const { index } = useTill();
  const [text, setText] = useState("");
  const box = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const open = (code: string) => {
    setText("");
    goStock("lookup", code);
  };
  useScanner((code) => open(asNumber(code)));
  useTypeAnywhere(box, true);
  const hits = useMemo(() => (text.trim() === "" ? [] : index.search(text, {}, SHOWN).hits.flatMap(({ items }) => items).slice(0, SHOWN)), [index, text]);
  const submit = () => {
    const typed = text.trim();
    if (typed === "") return;
    const [first] = hits;
    if (looksLikeCode(typed) || !first) open(index.findCode(normaliseCode(typed))?.sku ?? asNumber(typed));
    else open(first.sku);
  };
  return (
    <StockFrame title={t("stock.screen.lookup")}>
      <SearchBox box={box} text={text} onChange={setText} onSubmit={submit} onDown={() => list.current?.querySelector("a")?.focus()} />
      {text.trim() !== ""
        ? <Hits list={list} hits={hits} onOpen={() => setText("")} />
        : id
          ? <Result key={id} code={id} />
          : <div className="nothing"><IconBarcode size={44} stroke={1.2} aria-hidden /><p>{t("stock.lookup.lead")}</p></div>}
    </StockFrame>
  );
}

function Hits({ hits, list, onOpen }: { hits: CatalogueItem[]; list: React.RefObject<HTMLUListElement | null>; onOpen: () => void }) {
  const { t } = useTranslation();
  if (hits.length === 0) return <p className="nothing" role="status">{t("stock.lookup.noName")}</p>;
  return (
    <ul className="stock-rows" ref={list} aria-label={t("search.results")}>
      {hits.map((item) => (
        <li key={item.sku}>
          <a className="stock-row stock-link" href={stockRoute("lookup", item.sku)} onClick={onOpen}>
            <span className="stock-row-main"><strong>{item.name}</strong><span className="quiet">{item.sku}</span></span>
            <Stock item={item} quantity={item.quantity} />
          </a>
        </li>
      ))}
    </ul>
  );
}

/** What a code names; the server is asked, since it knows every unit and every store. */
function Result({ code }: { code: string }) {
  const { t } = useTranslation();
  const { index } = useTill();
  const [sku, setSku] = useState<string | null>(null);
  const { value, problem } = useAnswer(`${code}\n${sku ?? ""}`, () => lookUpStock(code, sku));
  if (!value) {
    const known = index.item(code);
    if (problem?.kind === "refused") return <p className="form-error" role="alert">{problem.message}</p>;
    if (!problem) return <p className="nothing" role="status" aria-busy="true">{t("stock.lookup.asking")}</p>;
    return (
      <div className="stack">
        <p className="quiet-warning" role="status">{t(known ? "stock.lookup.lastKnown" : "stock.lookup.offline")}</p>
        {known && <section className="card"><h2>{known.name}</h2><p className="quiet">{known.sku}</p><Stock item={known} quantity={known.quantity} /></section>}
      </div>
    );
  }
  const { article, units } = value;
  if (!article && units.length > 0) {
    return (
      <section className="card" aria-label={t("stock.lookup.which")}>
        <h2>{t("stock.lookup.which")}</h2>
        <div className="choices">
          {units.map((unit) => <button key={unit.id} type="button" onClick={() => setSku(unit.sku)}>{index.item(unit.sku)?.name ?? unit.sku}</button>)}
        </div>
      </section>
    );
  }
  if (!article) return <div className="nothing" role="status"><IconBarcode size={44} stroke={1.2} aria-hidden /><p>{t("stock.lookup.unknown", { code })}</p></div>;
  return (
    <>
      {units.map((unit) => <UnitView key={unit.id} unit={unit} article={article} />)}
      <ArticleView article={article} />
    </>
  );
}
