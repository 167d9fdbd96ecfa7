/** The first load of the catalogue onto this device. */

import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { RequestFailure } from "../api/client";
import { loadCatalogue } from "../app/till";
import { db, type Session } from "../store/db";

export function Loading({ session }: { session: Session }) {
  const { t } = useTranslation();
  const [items, setItems] = useState(0);
  const [attempt, setAttempt] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let shown = true;
    setProblem(null);
    loadCatalogue(session, (count) => { if (shown) setItems(count); }).catch((error: unknown) => {
      if (!(error instanceof RequestFailure)) throw error;
      if (shown) setProblem(error.kind === "network" ? t("loading.network") : error.message);
    });
    return () => { shown = false; };
    // The sentence is made when it fails; another language does not load again.
  }, [session.store.id, attempt]);
  return (
    <main className="gate">
      <section className="card gate-card" aria-live="polite">
        <h1>{t("loading.title")}</h1>
        <p>{t("loading.lead", { store: session.store.name })}</p>
        {problem
          ? <p className="form-error" role="alert">{problem}</p>
          : <div className="progress" role="progressbar" aria-label={t("loading.title")} aria-valuetext={t("loading.count", { count: items })}><span /></div>}
        <p className="quiet">{t("loading.count", { count: items })}</p>
        {problem && (
          <div className="row-end">
            <Button variant="default" size="lg" onClick={() => void db.dropSetting("session")}>{t("menu.signOut")}</Button>
            <Button size="lg" onClick={() => setAttempt(attempt + 1)}>{t("action.tryAgain")}</Button>
          </div>
        )}
      </section>
    </main>
  );
}
