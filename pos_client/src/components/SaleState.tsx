/** How far an entry has come, in words and colour. */

import { IconAlertTriangle, IconCheck, IconClock, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Entry } from "../store/db";

export type SaleStatus = "waiting" | "troubled" | "recorded" | "settle" | "attention";

/** Server failures after which a waiting entry is called troubled. */
const TROUBLED_AFTER = 3;

export function statusOf(entry: Entry): SaleStatus {
  if (entry.state === "recorded") return entry.exceptions.length > 0 ? "settle" : "recorded";
  if (entry.state === "attention") return "attention";
  return entry.attempts >= TROUBLED_AFTER ? "troubled" : "waiting";
}

const ICONS = { waiting: IconClock, troubled: IconAlertTriangle, recorded: IconCheck, settle: IconAlertTriangle, attention: IconX };

export function SaleState({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  const status = statusOf(entry);
  const Icon = ICONS[status];
  return <span className="state" data-status={status}><Icon size={16} stroke={2.2} aria-hidden />{t(`state.${status}`)}</span>;
}
