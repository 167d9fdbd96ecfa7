import { Button } from "@mantine/core";
import { IconAlertCircle, IconCloudOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ApiProblem } from "@shared/graphql";
import { isTransient } from "../api/client";
import { problemsOf } from "../api/problems";

interface ErrorNoteProps {
  error?: unknown;
  problems?: ApiProblem[];
  onRetry?: () => void;
}

/** What went wrong, in the API's words, and the way on when repeating may help. Empty without a problem. */
export function ErrorNote({ error, problems, onRetry }: ErrorNoteProps) {
  const { t } = useTranslation();
  const shown = problems ?? problemsOf(error);
  if (!shown.length) return null;
  const isNetwork = shown.some((problem) => problem.code === "NETWORK");
  const Icon = isNetwork ? IconCloudOff : IconAlertCircle;
  return (
    <div className="error-note" role="alert">
      <Icon size={22} aria-hidden />
      <div>
        {shown.map((problem) => (
          <p key={problem.code + problem.message} data-code={problem.code}>{problem.message}</p>
        ))}
        {onRetry && (!error || isTransient(error)) && (
          <Button variant="default" size="md" onClick={onRetry} mt={8}>{t("common.retry")}</Button>
        )}
      </div>
    </div>
  );
}
