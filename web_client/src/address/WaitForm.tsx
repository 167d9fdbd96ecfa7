/** Leave an e-mail address for the day on which a service comes. */

import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ServiceWaitDocument } from "../api/addressDocuments";
import { perform } from "../api/client";
import type { ServiceCategory } from "../gql/graphql";
import { ErrorNote } from "../ui/ErrorNote";

export function WaitForm({ qualificationId, category }: { qualificationId: string; category: ServiceCategory }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [email, setEmail] = useState("");
  const wait = useMutation({
    mutationFn: (variables: { qualificationId: string; category: ServiceCategory; email: string }) =>
      perform(`address.wait.${category}`, ServiceWaitDocument, variables, (result) => result.serviceWait),
  });
  const tell = () => wait.mutate({ qualificationId, category, email: email.trim() });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    tell();
  };
  if (wait.isSuccess) return <p className="service-line" role="status">{t("address.waiting")}</p>;
  if (!isOpen) return <button type="button" className="link-button" onClick={() => setOpen(true)}>{t("address.tellMe")}</button>;
  return (
    <form className="wait-form" onSubmit={submit}>
      <TextInput type="email" required label={t("contact.email")} value={email} maxLength={254} autoComplete="email" autoFocus
        onChange={(event) => setEmail(event.currentTarget.value)} />
      <Button type="submit" variant="light" loading={wait.isPending}>{t("address.tellMe")}</Button>
      <ErrorNote error={wait.error} onRetry={tell} />
    </form>
  );
}
