/** Whether there is a network, and what still waits to be sent. */

import { IconCloudCheck, IconCloudOff, IconCloudUp, IconUserExclamation } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useDeliveryPhase, useOnline, useQueue } from "../hooks/useData";

export function ConnectionBadge() {
  const { t } = useTranslation();
  const online = useOnline();
  const phase = useDeliveryPhase();
  const { waiting } = useQueue();
  const state = !online ? "offline" : waiting > 0 && phase === "signIn" ? "signIn" : waiting > 0 ? "sending" : "online";
  const Icon = { offline: IconCloudOff, signIn: IconUserExclamation, sending: IconCloudUp, online: IconCloudCheck }[state];
  return (
    <span className="connection" data-state={state} role="status">
      <Icon size={20} aria-hidden />
      <span className="connection-text">{t(`connection.${state}`)}</span>
      {waiting > 0 && <span className="count" aria-label={t("connection.waiting", { count: waiting })}>{waiting}</span>}
    </span>
  );
}
