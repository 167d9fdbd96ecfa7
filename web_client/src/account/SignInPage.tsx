import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { PayloadError } from "../api/client";
import { byField, problemsOf } from "../api/problems";
import { signIn } from "../session/session";
import { ErrorNote } from "../ui/ErrorNote";
import { useTitle } from "../ui/Layout";

const FIELDS = ["email", "password"] as const;

/** Only a page of this shop may follow. */
function nextPage(parameters: URLSearchParams): string {
  const next = parameters.get("next") ?? "";
  return /^\/(?![/\\])/.test(next) ? next : "/account/orders";
}

export function SignInPage() {
  const { t } = useTranslation();
  const [parameters] = useSearchParams();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [values, setValues] = useState({ email: "", password: "" });
  const [tried, setTried] = useState(false);
  const enter = useMutation({
    mutationFn: async ({ email, password }: typeof values) => {
      const problems = await signIn(email.trim(), password);
      if (problems.length) throw new PayloadError(problems);
    },
    onSuccess: async () => {
      await client.invalidateQueries();
      await navigate(nextPage(parameters), { replace: true });
    },
  });
  const { fields, rest } = byField(problemsOf(enter.error), FIELDS);
  useTitle(t("account.signIn"));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (values.email.trim() && values.password) enter.mutate(values);
  };
  const problem = (field: "email" | "password") => (tried && !values[field] ? t("contact.required") : fields[field]);
  return (
    <div className="wrap page slim">
      <form className="panel form" onSubmit={submit} noValidate>
        <h1>{t("account.signIn")}</h1>
        <p className="dimmed">{t("account.signInText")}</p>
        <TextInput label={t("contact.email")} type="email" autoComplete="username" required value={values.email} maxLength={200} error={problem("email")}
          onChange={(event) => setValues({ ...values, email: event.currentTarget.value })} />
        <PasswordInput rightSectionWidth={46} label={t("account.password")} autoComplete="current-password" required value={values.password} maxLength={200} error={problem("password")}
          visibilityToggleButtonProps={{ size: 44, "aria-label": t("account.showPassword"), "aria-hidden": undefined, tabIndex: 0 }}
          onChange={(event) => setValues({ ...values, password: event.currentTarget.value })} />
        <ErrorNote problems={rest} onRetry={rest.some(({ code }) => code === "NETWORK") ? () => enter.mutate(values) : undefined} />
        <Button type="submit" size="lg" loading={enter.isPending}>{t("account.signIn")}</Button>
      </form>
    </div>
  );
}
