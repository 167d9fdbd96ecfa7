/** Once per device: which register it is. */

import { Button, PasswordInput } from "@mantine/core";
import { IconDeviceTablet } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { LanguageChoice } from "../components/LanguageChoice";
import { registerTokenFrom } from "../app/register";
import { db } from "../store/db";

export function SetUp() {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const token = registerTokenFrom(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token) void db.putSetting("register", { token });
  };
  return (
    <main className="gate">
      <section className="card gate-card">
        <IconDeviceTablet size={40} stroke={1.3} aria-hidden />
        <h1>{t("setUp.title")}</h1>
        <p>{t("setUp.lead")}</p>
        <form className="stack" onSubmit={submit}>
          <PasswordInput
            size="lg" label={t("setUp.token")} description={t("setUp.hint")} value={text} autoComplete="off" data-autofocus
            visibilityToggleButtonProps={{ "aria-label": t("setUp.show"), size: 44 }} onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit" className="pay" fullWidth disabled={!token}>{t("setUp.submit")}</Button>
        </form>
      </section>
      <LanguageChoice />
    </main>
  );
}
