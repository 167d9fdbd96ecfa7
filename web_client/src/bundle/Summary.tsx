/** Beside the choice: what is wrong with it, what it costs, from when it works, until when that holds, and the way into the cart. */

import { Button, Skeleton } from "@mantine/core";
import type { ConfigurationInput, Offer } from "@shared/bundle/choice";
import type { Configuration } from "@shared/bundle/prices";
import { Holds, Sums } from "@shared/bundle/Sums";
import { useHolding } from "@shared/bundle/useHolding";
import { goTo, ViolationList } from "@shared/bundle/Violations";
import { useMoney } from "@shared/useMoney";
import { IconCheck } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useCart } from "../cart/useCart";
import { ErrorNote } from "../ui/ErrorNote";
import { useSaveBundle } from "./useBundles";

interface SummaryProps {
  offer: Offer;
  configuration: Configuration | undefined;
  isOld: boolean;
  error: unknown;
  onRetry: () => void;
  input: ConfigurationInput;
  /** Until when the answer for the address holds; null where none is asked about. */
  addressUntil: string | null;
  bundleId: string | null;
}

export function Summary(props: SummaryProps) {
  const { t } = useTranslation();
  const { configuration, isOld, error, onRetry } = props;
  return (
    <aside className="summary bundle-summary" aria-label={t("cart.summary")} aria-busy={isOld}>
      <h2>{t("cart.summary")}</h2>
      <ErrorNote error={error} onRetry={onRetry} />
      {!configuration && !error && <Skeleton height={180} radius="md" />}
      {configuration ? <Priced {...props} configuration={configuration} /> : <Save {...props} isOver={false} />}
    </aside>
  );
}

function Priced(props: SummaryProps & { configuration: Configuration }) {
  const { configuration, isOld, input, addressUntil, onRetry } = props;
  const holding = useHolding(configuration, addressUntil);
  const question = JSON.stringify(input);
  const [before, setBefore] = useState<{ question: string; configuration: Configuration } | null>(null);
  const askAgain = () => {
    setBefore({ question, configuration });
    onRetry();
  };
  return (
    <>
      <ViolationList violations={configuration.violations} />
      <Sums configuration={configuration} term={input.term} isOld={isOld} />
      {configuration.lines.length > 0 && (
        <Holds {...holding} now={configuration} before={before?.question === question ? before.configuration : undefined} onAskAgain={askAgain} />
      )}
      <Save {...props} isOver={holding.isOver} />
    </>
  );
}

function Save({ configuration, isOld, isOver, input, bundleId, error }: SummaryProps & { isOver: boolean }) {
  const { t } = useTranslation();
  const money = useMoney();
  const { cart } = useCart();
  const save = useSaveBundle(bundleId);
  const [first] = configuration?.violations ?? [];
  const isReady = !!configuration?.valid && !isOld && !isOver && !error;
  const submit = () => save.mutate({ cart, configuration: input });
  const isSaved = save.isSuccess && JSON.stringify(save.variables.configuration) === JSON.stringify(input);
  return (
    <div className="bundle-save">
      {configuration && (
        <div className="bundle-save-bar">
          <strong>{t("bundle.aMonth", { price: money(configuration.monthly) })}</strong>
          {first
            ? <button type="button" className="link-button" onClick={() => goTo(first)}>{t("bundle.wrong", { count: configuration.violations.length })}</button>
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
