/** What an answer on the screen is worth: the server refused, it is from before the network went, or it has not come yet. */

import { useTranslation } from "react-i18next";
import { useClock } from "../../hooks/useClock";
import type { Kept } from "../../hooks/useKept";

export function AsOf({ value, asOf, problem }: Pick<Kept<unknown>, "value" | "asOf" | "problem">) {
  const { t } = useTranslation();
  const { moment } = useClock();
  if (problem?.kind === "refused") return <p className="form-error" role="alert">{problem.message}</p>;
  if (problem?.kind === "offline") return <p className="quiet-warning" role="status">{value !== undefined && asOf ? t("stock.asOf", { moment: moment(asOf) }) : t("stock.needsNetwork")}</p>;
  if (value === undefined) return <p className="nothing" role="status" aria-busy="true">{t("stock.loading")}</p>;
  return null;
}
