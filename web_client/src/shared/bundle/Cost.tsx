/** Below the choice: every part's price with its reasons, and what leaving early would cost. */

import { DateChip } from "@shared/DateChip";
import { isPositive } from "@shared/money";
import { formatDate } from "@shared/time";
import { useMoney } from "@shared/useMoney";
import { useTranslation } from "react-i18next";
import { LinePrice } from "./LinePrice";
import { barsOf, type Configuration } from "./prices";

export function Cost({ configuration, term, isOld }: { configuration: Configuration; term: number; isOld: boolean }) {
  return (
    <div className={isOld ? "cost cost-old" : "cost"}>
      <Parts configuration={configuration} />
      <FirstBill configuration={configuration} />
      {term > 0 && configuration.exitCosts.length > 1 && <ExitCosts configuration={configuration} />}
    </div>
  );
}

function Parts({ configuration }: { configuration: Configuration }) {
  const { t } = useTranslation();
  const money = useMoney();
  return (
    <section className="panel cost-parts" aria-labelledby="parts-title">
      <h2 id="parts-title">{t("bundle.parts")}</h2>
      <ul>
        {configuration.lines.map((line) => (
          <li key={`${line.group}.${line.instance}.${line.sku}`}>
            <div className="cost-part">
              <strong>{line.quantity > 1 && `${line.quantity} × `}{line.name}</strong>
              <DateChip day={line.availableFrom} />
              <LinePrice line={line} />
            </div>
            {line.explanation.length > 0 && (
              <details>
                <summary>{t("bundle.why")}<span className="sr-only">: {line.name}</span></summary>
                <ul className="steps-of-price">
                  {line.explanation.map(({ label, amount }, index) => <li key={index}><span>{label}</span><span>{money(amount)}</span></li>)}
                </ul>
              </details>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What the first bill says, part by part, and how much of a period it counts. */
function FirstBill({ configuration }: { configuration: Configuration }) {
  const { t, i18n } = useTranslation();
  const money = useMoney();
  const { firstBill, firstBillDate, firstBillDays: days, firstBillOfDays: of } = configuration;
  const date = formatDate(firstBillDate, i18n.language);
  return (
    <section className="panel first-bill" aria-labelledby="first-bill-title">
      <h2 id="first-bill-title">{t("bundle.firstBill")}</h2>
      <p className="dimmed">{days < of ? t("bundle.firstBillPart", { date, days, of }) : t("bundle.firstBillWhole", { date })}</p>
      <dl className="totals">
        {configuration.lines.filter((line) => isPositive(line.firstBill)).map((line) => (
          <div key={`${line.group}.${line.instance}.${line.sku}`} className="totals-row"><dt>{line.name}</dt><dd>{money(line.firstBill)}</dd></div>
        ))}
        <div className="totals-row totals-strong"><dt>{t("bundle.firstBillTotal")}</dt><dd>{money(firstBill)}</dd></div>
      </dl>
    </section>
  );
}

const WIDTH = 600;
const HEIGHT = 180;

function ExitCosts({ configuration }: { configuration: Configuration }) {
  const { t } = useTranslation();
  const money = useMoney();
  const bars = barsOf(configuration.exitCosts);
  const step = WIDTH / bars.length;
  const first = bars[0];
  const last = bars[bars.length - 1];
  if (!first || !last) return null;
  const middle = bars[Math.floor(bars.length / 2)] ?? last;
  const isFree = configuration.exitCosts.every((cost) => !isPositive(cost));
  const told = isFree ? t("bundle.exitFree") : t("bundle.exitTold", { first: money(first.cost), last: money(last.cost), months: last.month });
  return (
    <section className="panel exit-costs" aria-labelledby="exit-title">
      <h2 id="exit-title">{t("bundle.exit")}</h2>
      <p className="dimmed">{told}</p>
      {!isFree && (
        <>
          <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={told} preserveAspectRatio="none">
            {bars.map(({ month, height }) => (
              <rect key={month} x={month * step + step * 0.12} width={step * 0.76} rx="2" y={HEIGHT - Math.max(1, height * HEIGHT)} height={Math.max(1, height * HEIGHT)} />
            ))}
          </svg>
          <p className="exit-axis" aria-hidden>
            {[first, middle, last].map(({ month, cost }) => <span key={month}>{t("bundle.month", { month })}<strong>{money(cost)}</strong></span>)}
          </p>
          <details>
            <summary>{t("bundle.exitTable")}</summary>
            <table className="exit-table">
              <thead><tr><th scope="col">{t("bundle.afterMonth")}</th><th scope="col">{t("bundle.exitCost")}</th></tr></thead>
              <tbody>{bars.map(({ month, cost }) => <tr key={month}><th scope="row">{month}</th><td>{money(cost)}</td></tr>)}</tbody>
            </table>
          </details>
        </>
      )}
    </section>
  );
}
