/** Name and e-mail of the customer, both optional. */

import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { emailPlausible } from "../domain/sale";
import type { Ticket } from "../domain/ticket";
import { Dialog } from "./Dialog";

interface Props {
  customer: Ticket["customer"];
  onSave: (customer: Ticket["customer"]) => void;
  onClose: () => void;
}

export function CustomerDialog({ customer, onSave, onClose }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState(customer.name);
  const [email, setEmail] = useState(customer.email);
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (emailPlausible(email)) onSave({ name: name.trim(), email: email.trim() });
    else setWrong(true);
  };
  return (
    <Dialog title={t("customer.title")} onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        <TextInput size="lg" label={t("customer.name")} value={name} autoComplete="off" data-autofocus maxLength={120} onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput
          size="lg" label={t("customer.email")} value={email} autoComplete="off" inputMode="email" maxLength={254}
          error={wrong && !emailPlausible(email) ? t("customer.emailWrong") : null} onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <div className="row-end">
          <Button variant="default" size="lg" onClick={onClose}>{t("action.cancel")}</Button>
          <Button type="submit" size="lg">{t("action.save")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
