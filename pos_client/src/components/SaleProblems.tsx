/** What a person has to know or settle about an entry. */

import { useTranslation } from "react-i18next";
import type { Entry, Problem } from "../store/db";
import { statusOf } from "./SaleState";

export function SaleProblems({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  const status = statusOf(entry);
  if (status === "settle") return <Problems tone="warning" lead={t("problems.settle")} problems={entry.exceptions} />;
  if (!entry.lastProblem || (status !== "attention" && status !== "troubled")) return null;
  return <Problems tone="bad" lead={t(`problems.${status}`)} problems={[entry.lastProblem]} />;
}

function Problems({ tone, lead, problems }: { tone: "warning" | "bad"; lead: string; problems: Problem[] }) {
  return (
    <div className="problems" data-tone={tone}>
      <p>{lead}</p>
      <ul>{problems.map((problem, index) => <li key={index}>{problem.message} <code>{problem.code}</code></li>)}</ul>
    </div>
  );
}
