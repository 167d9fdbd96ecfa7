import { Button, Loader } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { problemsOf } from "../api/problems";

export function FullPageLoader() {
  const { t } = useTranslation();
  return (
    <main className="full-page" aria-busy="true">
      <Loader color="pine" aria-label={t("common.loading")} />
    </main>
  );
}

interface FullPageErrorProps {
  error?: unknown;
  message?: string;
  onRetry: () => void;
}

export function FullPageError({ error, message, onRetry }: FullPageErrorProps) {
  const { t } = useTranslation();
  return (
    <main className="full-page" role="alert">
      <h1>{t("errors.title")}</h1>
      <p>{message ?? problemsOf(error)[0]?.message}</p>
      <Button onClick={onRetry}>{t("common.retry")}</Button>
    </main>
  );
}
