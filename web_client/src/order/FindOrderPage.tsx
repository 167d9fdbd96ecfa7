/** An order by its number and the contact given at checkout, for guests. Shows everything but the pickup code. */

import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../api/client";
import { OrderByNumberDocument } from "../api/orderDocuments";
import { byField, problemsOf } from "../api/problems";
import { ErrorNote } from "../ui/ErrorNote";
import { useTitle } from "../ui/Layout";
import type { Order } from "./OrderPage";
import { OrderView } from "./OrderView";

const FIELDS = ["number", "contact"] as const;

export function FindOrderPage() {
  const { t } = useTranslation();
  const [values, setValues] = useState({ number: "", contact: "" });
  const [tried, setTried] = useState(false);
  const [changed, setChanged] = useState<Order | null>(null);
  const find = useMutation({
    mutationFn: async (wanted: typeof values) => (await call(OrderByNumberDocument, wanted)).orderByNumber ?? null,
    onMutate: () => setChanged(null),
  });
  const { fields, rest } = byField(problemsOf(find.error), FIELDS);
  const order = changed ?? find.data;
  useTitle(t("order.find"));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const wanted = { number: values.number.trim(), contact: values.contact.trim() };
    if (wanted.number && wanted.contact) find.mutate(wanted);
  };
  const problem = (field: "number" | "contact") => (tried && !values[field].trim() ? t("contact.required") : fields[field]);
  return (
    <div className="wrap page">
      <h1>{t("order.find")}</h1>
      <form className="panel form find-order" onSubmit={submit} noValidate>
        <TextInput label={t("order.number")} value={values.number} maxLength={60} required autoComplete="off" error={problem("number")}
          onChange={(event) => setValues({ ...values, number: event.currentTarget.value })} />
        <TextInput label={t("order.contact")} value={values.contact} maxLength={200} required autoComplete="email" error={problem("contact")}
          onChange={(event) => setValues({ ...values, contact: event.currentTarget.value })} />
        <Button type="submit" loading={find.isPending}>{t("order.findNow")}</Button>
        <ErrorNote problems={rest} />
      </form>
      <div aria-live="polite">
        {find.isSuccess && !order && <p className="panel" role="status">{t("order.noneFound")}</p>}
      </div>
      {order && (
        <>
          <h2 className="found-title">{t("order.title", { number: order.number })}</h2>
          <OrderView order={order} onChange={setChanged} />
        </>
      )}
    </div>
  );
}
