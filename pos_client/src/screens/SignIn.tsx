/** Staff code and PIN, by fingers or keyboard; also the way back into a locked till. */

import { Button } from "@mantine/core";
import { IconLock, IconReceipt } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { RequestFailure } from "../api/client";
import { signIn } from "../app/till";
import { takeUpdate } from "../app/updates";
import { ConnectionBadge } from "../components/ConnectionBadge";
import { Keypad } from "../components/Keypad";
import { LanguageChoice } from "../components/LanguageChoice";
import { useQueue } from "../hooks/useData";
import { db, type Session } from "../store/db";
import { unlockOffline } from "../store/session";

const CODE_LENGTH = 12;
const PIN_LENGTH = 12;
const SHORTEST_PIN = 4;

interface Props {
  registerToken: string;
  /** The locked session; null when nobody is signed in. */
  session: Session | null;
}

export function SignIn({ registerToken, session }: Props) {
  const { t } = useTranslation();
  const queue = useQueue();
  const [other, setOther] = useState(false);
  const locked = session !== null && !other;
  useEffect(takeUpdate, []);
  const form = useSignIn(registerToken, locked ? session : null);
  return (
    <main className="gate">
      <header className="gate-bar"><span className="brand"><IconReceipt size={24} aria-hidden />{t("app.title")}</span><ConnectionBadge /></header>
      <section className="card gate-card sign-in">
        {locked && <IconLock size={36} stroke={1.4} aria-hidden />}
        <h1>{locked ? t("signIn.locked", { name: session.staffName }) : t("signIn.title")}</h1>
        {queue.waiting > 0 && <p className="quiet">{t("signIn.waiting", { count: queue.waiting })}</p>}
        <div className="sign-in-fields">
          {!locked && (
            <button type="button" className="field" data-active={form.field === "code"} aria-pressed={form.field === "code"} onClick={() => form.setField("code")}>
              <span>{t("signIn.code")}</span><output>{form.code || " "}</output>
            </button>
          )}
          <button type="button" className="field" data-active={form.field === "pin"} aria-pressed={form.field === "pin"} onClick={() => form.setField("pin")}>
            <span>{t("signIn.pin")}</span><output aria-label={t("signIn.pinDigits", { count: form.pin.length })}>{"•".repeat(form.pin.length) || " "}</output>
          </button>
        </div>
        <p className="form-error" role="alert">{form.problem}</p>
        <Keypad
          corner="clear" label={t("signIn.pad")} disabled={form.busy} onDigits={form.type} onBackspace={form.erase} onClear={form.clear}
          onEnter={() => void form.next()}
        />
        <Button className="pay" fullWidth disabled={!form.ready} loading={form.busy} onClick={() => void form.next()}>{t(form.label)}</Button>
        {session !== null && (
          <Button variant="subtle" size="md" onClick={() => { form.clear(); setOther(!other); }}>
            {other ? t("signIn.back", { name: session.staffName }) : t("signIn.someoneElse")}
          </Button>
        )}
      </section>
      <footer className="gate-foot">
        <LanguageChoice />
        {session === null && <ChangeRegister />}
      </footer>
    </main>
  );
}

function useSignIn(registerToken: string, locked: Session | null) {
  const { t } = useTranslation();
  const [field, setField] = useState<"code" | "pin">(locked ? "pin" : "code");
  const [code, setCode] = useState("");
  const [pin, setPin] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const active = locked ? "pin" : field;
  const ready = active === "code" ? code !== "" : pin.length >= SHORTEST_PIN && (locked !== null || code !== "");

  const submit = async () => {
    setBusy(true);
    setProblem("");
    const wrong = await enter(registerToken, locked, code, pin);
    if (wrong !== null) {
      setProblem(wrong === "" ? t("signIn.needsNetwork") : wrong === "wrongPin" ? t("signIn.wrongPin") : wrong);
      setPin("");
    }
    setBusy(false);
  };
  return {
    field: active, setField, code, pin, problem, busy, ready,
    label: active === "code" ? "signIn.next" : locked ? "signIn.unlock" : "signIn.submit",
    type: (digits: string) => {
      setProblem("");
      if (active === "code") setCode((text) => (text + digits).slice(0, CODE_LENGTH));
      else setPin((text) => (text + digits).slice(0, PIN_LENGTH));
    },
    erase: () => (active === "code" ? setCode((text) => text.slice(0, -1)) : setPin((text) => text.slice(0, -1))),
    clear: () => {
      setProblem("");
      setPin("");
      if (active === "code" || !locked) setCode("");
      setField(locked ? "pin" : "code");
    },
    next: async () => {
      if (!ready || busy) return;
      if (active === "code") setField("pin");
      else await submit();
    },
  };
}

/** Null when someone is in; "wrongPin", the server's sentence, or "" when only the network could tell. */
async function enter(registerToken: string, locked: Session | null, code: string, pin: string): Promise<string | null> {
  try {
    const outcome = await signIn(registerToken, locked?.staffCode ?? code, pin);
    return outcome.ok ? null : outcome.problem.message;
  } catch (error) {
    if (!(error instanceof RequestFailure)) throw error;
    if (error.kind !== "network") return error.message;
    if (!locked) return "";
    const unlocked = await unlockOffline(db, pin);
    return unlocked === "unlocked" ? null : unlocked === "wrongPin" ? "wrongPin" : "";
  }
}

function ChangeRegister() {
  const { t } = useTranslation();
  return <Button variant="subtle" size="md" onClick={() => void db.dropSetting("register")}>{t("signIn.changeRegister")}</Button>;
}
