/** The activation codes of the eSIMs of a sale: asked for by the clerk, put on the receipt, and kept nowhere. */

import { Button } from "@mantine/core";
import { IconDeviceMobile } from "@tabler/icons-react";
import { QRCodeSVG } from "qrcode.react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { EsimCodes } from "../api/documents";
import { RequestFailure } from "../api/client";
import { call } from "../app/till";
import type { PosEsimCodesMutation } from "../gql/graphql";
import { useTill } from "../hooks/useData";
import type { SaleEntry } from "../store/db";

export type EsimCode = PosEsimCodesMutation["posEsimCodes"]["codes"][number];

export interface Esims {
  codes: EsimCode[];
  busy: boolean;
  /** Why they cannot be shown, in words for the clerk. */
  problem: string | null;
  ask: () => void;
}

/** Those of one sale; what was shown is forgotten with the screen, or when another sale is looked at. */
export function useEsims(sale: SaleEntry): Esims {
  const { t } = useTranslation();
  const [shown, setShown] = useState<{ of: string; codes: EsimCode[]; problem: string | null } | null>(null);
  const [busy, setBusy] = useState(false);
  const ask = async () => {
    setBusy(true);
    setShown({ of: sale.clientId, ...(await answer(sale.clientId, t)) });
    setBusy(false);
  };
  const own = shown?.of === sale.clientId ? shown : null;
  return { codes: own?.codes ?? [], problem: own?.problem ?? null, busy, ask: () => void ask() };
}

async function answer(clientId: string, t: (key: string) => string): Promise<{ codes: EsimCode[]; problem: string | null }> {
  try {
    const { codes, errors } = (await call(EsimCodes, { clientId })).posEsimCodes;
    return { codes, problem: errors[0]?.message ?? (codes.length === 0 ? t("esim.onItsWay") : null) };
  } catch (failure) {
    if (!(failure instanceof RequestFailure)) throw failure;
    return { codes: [], problem: failure.kind === "forbidden" ? failure.message : t("esim.offline") };
  }
}

export function EsimButton({ sale, esims, size }: { sale: SaleEntry; esims: Esims; size: "md" | "xl" }) {
  const { t } = useTranslation();
  const { session } = useTill();
  if (!sale.esims || sale.state !== "recorded" || !session.permissions.includes("esim.show")) return null;
  if (esims.codes.length > 0) return null;
  return (
    <>
      <Button size={size} variant="light" loading={esims.busy} leftSection={<IconDeviceMobile aria-hidden />} onClick={esims.ask}>{t("esim.show")}</Button>
      {esims.problem && <p className="esim-problem" role="alert">{esims.problem}</p>}
    </>
  );
}

/** On the receipt, each with what the device's camera reads and what a hand can type. */
export function EsimOnPaper({ codes }: { codes: EsimCode[] }) {
  const { t } = useTranslation();
  return codes.map((code) => (
    <figure className="receipt-esim" key={code.iccid}>
      <figcaption><strong>{code.name}</strong><small>{t("receipt.serial", { serial: code.iccid })}</small></figcaption>
      <QRCodeSVG value={code.activationCode} size={132} marginSize={2} title={t("esim.qr", { name: code.name })} />
      <bdi>{code.activationCode}</bdi>
      <small>{t("esim.once")}</small>
    </figure>
  ));
}
