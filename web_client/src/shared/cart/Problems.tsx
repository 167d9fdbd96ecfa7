/** What must be settled before a cart can be ordered: each with its sentence and the one act that mends it. */

import { DateChip } from "@shared/DateChip";
import { formatShortDate } from "@shared/time";
import { useMoney } from "@shared/useMoney";
import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { CartProblem, Remedy } from "./problems";

export interface Mending {
  /** Carries the remedy out, or goes to where it can be. */
  onMend: (remedy: Remedy) => void;
  /** The remedy that is being carried out. */
  pending: Remedy | null;
  disabled?: boolean;
}

export function CartProblems({ problems, ...mending }: Mending & { problems: readonly CartProblem[] }) {
  const { t } = useTranslation();
  // The region stays: what comes into it is read out.
  return (
    <section className="cart-problems" aria-label={t("cartProblem.region")} aria-live="polite">
      {problems.length > 0 && <h2>{t("cartProblem.title", { count: problems.length })}</h2>}
      {problems.length > 0 && <ul>{problems.map((problem) => <li key={problem.key}><Note problem={problem} {...mending} /></li>)}</ul>}
    </section>
  );
}

function Note({ problem, onMend, pending, disabled }: Mending & { problem: CartProblem }) {
  const { t } = useTranslation();
  const money = useMoney();
  const { code, name, message, changed, later, remedy } = problem;
  return (
    <div className="violation" data-code={code}>
      <IconAlertTriangle size={20} aria-hidden />
      <div>
        <p className="violation-message">{message ?? t("cartProblem.quoteOver", { name })}</p>
        {changed.map((sum) => <p key={sum.name}>{t(`bundle.changed.${sum.name}`, { before: money(sum.before), now: money(sum.now) })}</p>)}
        {later && <p>{t("bundle.allWorks")} <DateChip day={later} later /></p>}
        {remedy && <Act name={name} remedy={remedy} disabled={disabled || (pending !== null && pending !== remedy)} isPending={pending === remedy} onMend={onMend} />}
      </div>
    </div>
  );
}

function Act({ name, remedy, disabled, isPending, onMend }: { name: string; remedy: Remedy; disabled: boolean; isPending: boolean; onMend: Mending["onMend"] }) {
  const { t, i18n } = useTranslation();
  const day = remedy.kind === "ACCEPT_DATE" ? formatShortDate(remedy.day, i18n.language) : "";
  return (
    <Button size="sm" variant="white" color="dark" disabled={disabled} loading={isPending} onClick={() => onMend(remedy)}>
      {t(`cartProblem.remedy.${remedy.kind}`, { day, name })}{remedy.kind !== "REMOVE_LINE" && <span className="sr-only">: {name}</span>}
    </Button>
  );
}
