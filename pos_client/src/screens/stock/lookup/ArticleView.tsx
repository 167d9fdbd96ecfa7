/** An article: how many may be promised here and how that comes about, and who else has it. */

import { Button } from "@mantine/core";
import { IconPhone, IconTag } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { StockArticle } from "../../../app/stock";
import { useMoney } from "../../../components/Amount";
import { parseAmount } from "../../../domain/money";
import { useTill } from "../../../hooks/useData";
import { useDates } from "../Receive";
import { LabelDialog } from "./Labels";
import { roomName } from "./words";

export function ArticleView({ article }: { article: StockArticle }) {
  const { t } = useTranslation();
  const { catalogue } = useTill();
  const money = useMoney(article.price?.currency ?? catalogue.channel.currency);
  const [printing, setPrinting] = useState(false);
  return (
    <>
      <section className="card lookup-article" aria-label={article.name}>
        <div className="lookup-head">
          <div>
            <h2>{article.name}</h2>
            <p className="quiet">{[article.sku, article.barcode].filter(Boolean).join(" · ")}</p>
          </div>
          {article.price && <strong className="lookup-price">{money(parseAmount(article.price.amount, article.price.currency))}</strong>}
          <Button variant="default" size="md" leftSection={<IconTag size={20} aria-hidden />} onClick={() => setPrinting(true)}>{t("stock.label.print")}</Button>
        </div>
        {article.stocked ? <Here article={article} /> : <p className="quiet">{t("stock.service")}</p>}
      </section>
      {article.stocked && <Elsewhere article={article} />}
      {printing && <LabelDialog article={article} unit={null} onClose={() => setPrinting(false)} />}
    </>
  );
}

function Here({ article }: { article: StockArticle }) {
  const { t } = useTranslation();
  const lines = article.explanation;
  const promisable = lines.reduce((sum, line) => sum + line.quantity, 0);
  const label = (line: StockArticle["explanation"][number]) => {
    if (line.kind === "ON_HAND") return roomName(t, line.room);
    if (line.kind === "UNSELLABLE") return t("stock.line.UNSELLABLE", { room: roomName(t, line.room) });
    if (line.kind === "RESERVED") return t("stock.line.RESERVED", { purpose: t(`stock.purpose.${line.purpose ?? "CART"}`) });
    return t("stock.line.SAFETY");
  };
  return (
    <>
      <p className="lookup-quantity" data-level={article.quantity > 0 ? "some" : "none"}>
        <strong>{article.quantity}</strong> {t("stock.lookup.promise", { count: article.quantity })}
      </p>
      {lines.length > 0 && (
        <dl className="lookup-lines" aria-label={t("stock.lookup.explained")}>
          {lines.map((line, index) => (
            <div key={index} data-kind={line.kind}><dt>{label(line)}</dt><dd>{line.quantity < 0 ? `−${-line.quantity}` : line.quantity}</dd></div>
          ))}
          <div className="grand"><dt>{t("stock.lookup.sum")}</dt><dd>{promisable < 0 ? `−${-promisable}` : promisable}</dd></div>
        </dl>
      )}
      <Incoming lines={article.incoming} />
      {promisable < 0 && <p className="quiet-warning">{t("stock.lookup.short")}</p>}
    </>
  );
}

/** What is on its way here: it counts for nothing yet. */
function Incoming({ lines }: { lines: StockArticle["incoming"] }) {
  const { t } = useTranslation();
  const { date } = useDates();
  if (lines.length === 0) return null;
  const label = ({ kind, document, sender, expectedOn }: StockArticle["incoming"][number]) => {
    if (kind === "IN_TRANSIT") return t("stock.lookup.inTransit", { document, sender });
    return expectedOn ? t("stock.lookup.announcedFor", { document, sender, date: date(expectedOn) }) : t("stock.lookup.announced", { document, sender });
  };
  return (
    <>
      <h3 className="lookup-title">{t("stock.lookup.incoming")}</h3>
      <dl className="lookup-lines" aria-label={t("stock.lookup.incoming")}>
        {lines.map((line) => (
          <div key={`${line.kind}/${line.sender}/${line.document}`} data-kind={line.kind}><dt>{label(line)}</dt><dd>{line.quantity}</dd></div>
        ))}
      </dl>
    </>
  );
}

function Elsewhere({ article }: { article: StockArticle }) {
  const { t, i18n } = useTranslation();
  const distance = new Intl.NumberFormat(i18n.language, { style: "unit", unit: "kilometer", maximumFractionDigits: 0 });
  return (
    <section className="card" aria-label={t("stock.lookup.elsewhere")}>
      <h2>{t("stock.lookup.elsewhere")}</h2>
      {article.elsewhere.length === 0
        ? <p className="quiet">{t("stock.lookup.nowhere")}</p>
        : (
          <ul className="lookup-stores">
            {article.elsewhere.map(({ store, quantity }) => (
              <li key={store.id}>
                <span className="stock-row-main">
                  <strong>{store.name}</strong>
                  <span className="quiet">{[store.city, store.distanceKm != null && distance.format(store.distanceKm)].filter(Boolean).join(" · ")}</span>
                </span>
                {store.phone && <a className="lookup-phone" href={`tel:${store.phone}`}><IconPhone size={18} aria-hidden />{store.phone}</a>}
                <strong className="lookup-count">{quantity}</strong>
              </li>
            ))}
          </ul>
        )}
      {article.regions.length > 0 && (
        <p className="quiet lookup-regions">
          {t("stock.lookup.regions")} {article.regions.map(({ countryArea, quantity, stores }) =>
            t("stock.lookup.region", { area: countryArea || "—", quantity, count: stores })).join(" · ")}
        </p>
      )}
    </section>
  );
}
