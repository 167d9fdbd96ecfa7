/** The eSIMs of an order: their activation codes, shown when the signed-in owner asks, and kept nowhere. */

import { Button } from "@mantine/core";
import { IconDeviceMobile } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { QRCodeSVG } from "qrcode.react";
import { useTranslation } from "react-i18next";
import { perform } from "../api/client";
import { OrderEsimCodesDocument } from "../api/orderDocuments";
import { session } from "../session/stores";
import { ErrorNote } from "../ui/ErrorNote";
import type { Order } from "./OrderPage";

const GONE = new Set(["CANCELLED", "RETURNED"]);

export function EsimCard({ order }: { order: Order }) {
  const { t } = useTranslation();
  const signedIn = session.use();
  const show = useMutation({
    mutationFn: () => perform(`esim/${order.id}`, OrderEsimCodesDocument, { id: order.id }, ({ orderEsimCodes }) => orderEsimCodes),
    gcTime: 0,
  });
  const ready = order.timeline.some(({ code }) => code === "ESIM_READY") && !GONE.has(order.status);
  if (!ready) return null;
  return (
    <section className="panel" aria-labelledby="esim-title">
      <h2 id="esim-title"><IconDeviceMobile size={22} aria-hidden /> {t("esim.title")}</h2>
      {!signedIn && <p className="dimmed">{t("esim.signIn")}</p>}
      {signedIn && !show.data && (
        <>
          <p>{t("esim.lead")}</p>
          <Button size="md" loading={show.isPending} onClick={() => show.mutate()}>{t("esim.show")}</Button>
        </>
      )}
      {show.isError && <ErrorNote error={show.error} onRetry={() => show.mutate()} />}
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
