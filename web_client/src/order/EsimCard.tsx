/** The eSIMs of an order: their activation codes, shown when the owner asks, and kept nowhere. */

import { Button, TextInput } from "@mantine/core";
import { IconDeviceMobile } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { QRCodeSVG } from "qrcode.react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { perform } from "../api/client";
import { OrderEsimCodesDocument } from "../api/orderDocuments";
import { byField, problemsOf } from "../api/problems";
import { orderCodes, session } from "../session/stores";
import { ErrorNote } from "../ui/ErrorNote";
import type { Order } from "./OrderPage";

const GONE = new Set(["CANCELLED", "RETURNED"]);
const FIELDS = ["code"] as const;

export function EsimCard({ order }: { order: Order }) {
  const { t } = useTranslation();
  const signedIn = session.use();
  const kept = orderCodes.use()?.[order.id];
  const [typed, setTyped] = useState("");
  const show = useMutation({
    mutationFn: (code: string | null) =>
      perform(`esim/${order.id}`, OrderEsimCodesDocument, { id: order.id, code }, ({ orderEsimCodes }) => orderEsimCodes),
    gcTime: 0,
  });
  const ready = order.timeline.some(({ code }) => code === "ESIM_READY") && !GONE.has(order.status);
  if (!ready) return null;
  // Whose an order is the server knows alone: who is signed in asks as its owner first, and may have ordered as a guest.
  const problems = problemsOf(show.error);
  const asksForCode = !kept && (!signedIn || show.isError);
  const { fields, rest } = byField(problems, FIELDS);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    show.mutate(kept ?? (typed.trim() || null));
  };
  return (
    <section className="panel" aria-labelledby="esim-title">
      <h2 id="esim-title"><IconDeviceMobile size={22} aria-hidden /> {t("esim.title")}</h2>
      {!show.data && (
        <form className="esim-form" onSubmit={submit} noValidate>
          <p>{t("esim.lead")}</p>
          {asksForCode && (
            <TextInput label={t("esim.code")} description={t(signedIn ? "esim.codeHint" : "esim.codeOrSignIn")} value={typed} maxLength={40}
              autoComplete="off" autoCapitalize="characters" spellCheck={false} error={fields.code} required={!signedIn}
              onChange={(event) => setTyped(event.currentTarget.value)} />
          )}
          <Button type="submit" size="md" loading={show.isPending} disabled={asksForCode && !signedIn && !typed.trim()}>{t("esim.show")}</Button>
        </form>
      )}
      <ErrorNote problems={rest} />
      {show.data?.codes.map((code) => (
        <figure className="pickup-code" key={code.iccid}>
          <QRCodeSVG value={code.activationCode} size={168} marginSize={2} title={t("esim.qr", { name: code.name })} />
          <figcaption>
            <span>{code.name} · {code.iccid}</span>
            <bdi>{code.activationCode}</bdi>
          </figcaption>
        </figure>
      ))}
    </section>
  );
}
