/** Beside the choice: what is wrong with it and what mends it, what it costs, from when it works, and the way into the cart. */

import { Button, Skeleton } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useCart } from "../cart/useCart";
import type { BundleConfigurationInput } from "../gql/graphql";
import { DateChip } from "../ui/DateChip";
import { ErrorNote } from "../ui/ErrorNote";
import { useMoney } from "../ui/Price";
import type { Offer } from "./choice";
import { groupId } from "./Groups";
import { type Configuration, phasesOf, type Violation } from "./prices";
import { useSaveBundle } from "./useBundles";

interface SummaryProps {
  offer: Offer;
  configuration: Configuration | undefined;
  isOld: boolean;
  error: unknown;
  onRetry: () => void;
  input: BundleConfigurationInput;
  bundleId: string | null;
  shown: Violation | null;
  onShow: (violation: Violation | null) => void;
}

const SUMMARY = "bundle-summary";

export function Summary(props: SummaryProps) {
  const { t } = useTranslation();
  const { configuration, isOld, error, onRetry, input } = props;
  return (
    <aside id={SUMMARY} tabIndex={-1} className="summary bundle-summary" aria-label={t("cart.summary")} aria-busy={isOld}>
      <h2>{t("cart.summary")}</h2>
      <ErrorNote error={error} onRetry={onRetry} />
      {!configuration && !error && <Skeleton height={180} radius="md" />}
      {configuration && (
        <>
          <Violations configuration={configuration} shown={props.shown} onShow={props.onShow} />
          <Sums configuration={configuration} term={input.term} isOld={isOld} />
        </>
      )}
      <Save {...props} />
    </aside>
  );
}

/** A remedy is shown, never applied: its button marks in the groups what would have to change. */
function Violations({ configuration, shown, onShow }: { configuration: Configuration } & Pick<SummaryProps, "shown" | "onShow">) {
  const { t } = useTranslation();
  const show = (violation: Violation) => {
    onShow(violation);
    const first = violation.changes[0];
    const [group, instance] = first ? [first.group, first.instance] : [violation.group, violation.instance ?? 1];
    const target = group ? document.getElementById(groupId(group, instance ?? 1)) : null;
    target?.scrollIntoView({ behavior: "smooth", block: "center" });
    target?.focus({ preventScroll: true });
  };
  return (
    <ul className="violations" aria-live="polite">
      {configuration.violations.map((violation) => {
        const isShown = shown?.code === violation.code && shown.message === violation.message;
        return (
          <li key={violation.code + violation.message} data-code={violation.code}>
            <IconAlertTriangle size={20} aria-hidden />
            <div>
              <p>{violation.message}</p>
              {isShown
                ? <p className="violation-remedy" role="status">{violation.remedy}</p>
                : <button type="button" className="link-button" onClick={() => show(violation)}>{t("bundle.showRemedy")}</button>}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function Sums({ configuration, term, isOld }: { configuration: Configuration; term: number; isOld: boolean }) {
  const { t } = useTranslation();
  const money = useMoney();
  const later = phasesOf(configuration, term).slice(1);
  return (
    <dl className={isOld ? "totals totals-old" : "totals"}>
      <div className="totals-row totals-strong"><dt>{t("bundle.monthly")}</dt><dd>{money(configuration.monthly)}</dd></div>
      {later.map(({ from, monthly }) => <div key={from} className="totals-row"><dt>{t("bundle.fromMonth", { month: from })}</dt><dd>{money(monthly)}</dd></div>)}
      <div className="totals-row"><dt>{t("totals.total")}</dt><dd>{money(configuration.dueToday)}</dd></div>
      <div className="totals-row"><dt>{t("bundle.firstBill")}<small>{t("bundle.firstBillNote")}</small></dt><dd>{money(configuration.firstBill)}</dd></div>
      {term > 0 && <div className="totals-row"><dt>{t("bundle.overTerm", { count: term })}</dt><dd>{money(configuration.totalOverTerm)}</dd></div>}
      {configuration.promiseDate && <div className="totals-row"><dt>{t("bundle.allWorks")}</dt><dd><DateChip day={configuration.promiseDate} /></dd></div>}
    </dl>
  );
}

function showViolations() {
  const summary = document.getElementById(SUMMARY);
  summary?.scrollIntoView({ behavior: "smooth", block: "start" });
  summary?.focus({ preventScroll: true });
}

function Save({ configuration, isOld, input, bundleId, error }: SummaryProps) {
  const { t } = useTranslation();
  const money = useMoney();
  const { cart } = useCart();
  const save = useSaveBundle(bundleId);
  const isReady = !!configuration?.valid && !isOld && !error;
  const submit = () => save.mutate({ cart, configuration: input });
  const isSaved = save.isSuccess && JSON.stringify(save.variables.configuration) === JSON.stringify(input);
  return (
    <div className="bundle-save">
      {configuration && (
        <div className="bundle-save-bar">
          <strong>{t("totals.aMonth", { price: money(configuration.monthly) })}</strong>
          {configuration.violations.length
            ? <button type="button" className="link-button" onClick={showViolations}>{t("bundle.mend", { count: configuration.violations.length })}</button>
            : <span>{t("bundle.today", { price: money(configuration.dueToday) })}</span>}
        </div>
      )}
      <Button size="lg" fullWidth disabled={!isReady} loading={save.isPending} onClick={submit}>{t(bundleId ? "bundle.update" : "product.add")}</Button>
      <div aria-live="polite">
        {isSaved && <p className="added"><IconCheck size={20} aria-hidden /><span>{t("bundle.saved")}</span><Link to="/cart">{t("cart.goTo")}</Link></p>}
      </div>
      <ErrorNote error={save.error} onRetry={submit} />
    </div>
  );
}
