/** Which of the till's gates one stands at: set up, sign in, load, or inside. */

import { useLiveQuery } from "dexie-react-hooks";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { RequestFailure } from "./api/client";
import { loadCatalogue } from "./app/till";
import { Notices } from "./components/Notices";
import { TillContext, useCatalogueIndex, useOnline, useSetting } from "./hooks/useData";
import { useIdleLock } from "./hooks/useIdleLock";
import { Loading } from "./screens/Loading";
import { SetUp } from "./screens/SetUp";
import { Shell } from "./screens/Shell";
import { SignIn } from "./screens/SignIn";
import { Waiting } from "./screens/Waiting";
import { db, type CatalogueMeta, type Session } from "./store/db";

const CATALOGUE_REFRESH_MS = 60_000;

export function App() {
  return <><Gate /><Notices /></>;
}

function Gate() {
  const register = useSetting("register");
  const session = useSetting("session");
  const catalogue = useSetting("catalogue");
  if (register === undefined || session === undefined || catalogue === undefined) return null;
  if (register === null) return <SetUp />;
  if (session === null || session.locked) return <SignIn key={session?.staffCode ?? ""} registerToken={register.token} session={session} />;
  if (!catalogue?.complete || catalogue.storeId !== session.store.id) return <Loading session={session} />;
  return <Inside session={session} catalogue={catalogue} />;
}

function Inside({ session, catalogue }: { session: Session; catalogue: CatalogueMeta }) {
  const shift = useSetting("shift");
  const closing = useLiveQuery(() => db.entries.where("state").equals("waiting").filter((entry) => entry.kind === "shiftClose").count()) ?? 0;
  const index = useCatalogueIndex(catalogue.version);
  useIdleLock();
  useFreshCatalogue(session);
  const till = useMemo(
    () => (index && shift !== undefined ? { session, shift, closing: closing > 0, catalogue, index } : null),
    [session, shift, closing, catalogue, index],
  );
  return till ? <TillContext value={till}><Shell /></TillContext> : <Waiting />;
}

function useFreshCatalogue(session: Session): void {
  const online = useOnline();
  const { i18n } = useTranslation();
  useEffect(() => {
    if (!online) return undefined;
    // What is on the device goes on serving when a refresh fails; the next one makes up for it.
    const refresh = () => void loadCatalogue(session).catch((error: unknown) => {
      if (!(error instanceof RequestFailure)) throw error;
    });
    refresh();
    const timer = setInterval(refresh, CATALOGUE_REFRESH_MS);
    return () => clearInterval(timer);
    // The token may change under the same store; requests read it themselves. In another language the articles have other names.
  }, [online, session.store.id, i18n.language]);
}
