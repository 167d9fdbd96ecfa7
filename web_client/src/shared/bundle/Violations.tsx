/** What is wrong with a choice: beside what causes it with the change that mends it, and in the summary as ways to it. */

import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { placedAt, type Violation } from "./prices";

export const groupId = (group: string, instance: number) => `group-${group}-${instance}`;
export const fieldId = ({ group, instance, sku }: { group: string; instance: number; sku: string }, name: string) => `told-${group}-${instance}-${sku}-${name}`;

/** The top of the groups: where that is told which belongs to none of them. */
export const TOP = "bundle-top";

export interface Mending {
  /** Make the change that the remedy names, at once. */
  onMend: (violation: Violation) => void;
  /** Ask for the address where it is to work. */
  onAddress: () => void;
}

/** One violation with its remedy; one tap carries it out where a program can. */
export function ViolationNote({ violation, onMend, onAddress }: Mending & { violation: Violation }) {
  const { t } = useTranslation();
  const { code, message, remedy, changes } = violation;
  return (
    <div className="violation" data-code={code}>
      <IconAlertTriangle size={20} aria-hidden />
      <div>
        <p className="violation-message">{message}</p>
        <p>{remedy}</p>
        {changes.length > 0 && <Button size="sm" variant="white" color="dark" onClick={() => onMend(violation)}>{t("bundle.mend")}<span className="sr-only">: {remedy}</span></Button>}
        {code === "ADDRESS_REQUIRED" && <Button size="sm" variant="white" color="dark" onClick={onAddress}>{t("bundle.checkAddress")}</Button>}
      </div>
    </div>
  );
}

/** Where a violation is told: the field, the group, or the top. */
function elementOf(violation: Violation): HTMLElement | null {
  const place = placedAt(violation);
  const { sku, characteristic } = violation;
  const field = place && sku && characteristic ? document.getElementById(fieldId({ ...place, sku }, characteristic)) : null;
  return field ?? (place && document.getElementById(groupId(place.group, place.instance))) ?? document.getElementById(TOP);
}

export function goTo(violation: Violation): void {
  const place = elementOf(violation);
  place?.scrollIntoView({ behavior: "smooth", block: "center" });
  place?.focus({ preventScroll: true });
}

/** In the summary: each a way to where it is told and mended. */
export function ViolationList({ violations }: { violations: readonly Violation[] }) {
  return (
    <ul className="violations" aria-live="polite">
      {violations.map((violation) => (
        <li key={violation.code + violation.message + (violation.instance ?? "")} data-code={violation.code}>
          <IconAlertTriangle size={20} aria-hidden />
          <button type="button" className="link-button" onClick={() => goTo(violation)}>{violation.message}</button>
        </li>
      ))}
    </ul>
  );
}
