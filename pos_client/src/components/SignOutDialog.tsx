/** Before signing out: what stays on the device, and what it means without a network. */

import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useOnline, useQueue } from "../hooks/useData";
import { db } from "../store/db";
import { lock } from "../store/session";
import { Dialog } from "./Dialog";

export function SignOutDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const online = useOnline();
  const { waiting } = useQueue();
  return (
    <Dialog title={t("signOut.title")} onClose={onClose}>
      <div className="stack">
        <p>{t("signOut.kept")}</p>
        {waiting > 0 && <p className="quiet-warning">{t("signOut.waiting", { count: waiting })}</p>}
        {!online && <p className="quiet-warning">{t("signOut.offline")}</p>}
        <div className="row-end">
          <Button variant="default" size="lg" onClick={() => { onClose(); void lock(db); }}>{t("signOut.lockInstead")}</Button>
          <Button size="lg" onClick={() => void db.dropSetting("session")}>{t("menu.signOut")}</Button>
        </div>
      </div>
    </Dialog>
  );
}
