/** What an address can have: asked by the clerk for the customer, kept for the offers that depend on it. */

import { Button } from "@mantine/core";
import { AddressForm } from "@shared/address/AddressForm";
import { type AddressQuestion, type AddressSuggestion, questionOf } from "@shared/address/answers";
import { Meant } from "@shared/address/Meant";
import { QualificationView } from "@shared/address/QualificationView";
import { IconMapPin } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { RequestFailure } from "../../api/client";
import { checkAddress, qualification } from "../../app/offers";
import { Frame } from "../../components/Frame";
import { useAnswer } from "../../hooks/useAnswer";
import { useAddress, useAddressSuggestions } from "../../hooks/useOffers";
import { offerRoute } from "../../hooks/useRoute";
import { db } from "../../store/db";
import { Offline } from "./Offline";

export function AddressCheck() {
  const { t } = useTranslation();
  return (
    <Frame title={t("offers.address.title")} backTo={offerRoute()}>
      <Asking />
    </Frame>
  );
}

/** The field, what else could be meant, and the answer for the address at hand. */
export function Asking({ onDone }: { onDone?: () => void }) {
  const { t, i18n } = useTranslation();
  const { address } = useAddress();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [meant, setMeant] = useState<AddressSuggestion[]>([]);
  const answer = useAnswer(address && `${address.qualificationId}|${i18n.language}`, () => qualification(address?.qualificationId ?? ""));
  const ask = async (question: AddressQuestion) => {
    setBusy(true);
    setProblem(null);
    setMeant([]);
    try {
      setMeant(await checkAddress(question));
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      setProblem(error.kind === "network" ? t("offers.address.offline") : error.message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="offers-look address-check">
      <Offline />
      <AddressForm isPending={busy} useSuggestions={useAddressSuggestions} onAsk={(question) => void ask(question)} label={t("offers.address.field")} action={t("offers.address.check")} />
      {problem && <p className="form-error" role="alert">{problem}</p>}
      <Meant suggestions={meant} onAsk={(question) => void ask(question)} />
      {address && (
        <div aria-live="polite">
          <p className="address-asked"><IconMapPin size={20} aria-hidden /><strong>{address.label}</strong></p>
          {answer.value === undefined && <p className="quiet" role="status" aria-busy={!answer.problem}>{answer.problem?.kind === "refused" ? answer.problem.message : t(answer.problem ? "offers.address.offline" : "offers.asking")}</p>}
          {answer.value && <QualificationView qualification={answer.value} isAsking={busy} onAskAgain={() => void ask(questionOf(address))} />}
          {answer.value === null && <p>{t("address.expired")} <button type="button" className="link-button" onClick={() => void ask(questionOf(address))}>{t("address.askAgain")}</button></p>}
          <div className="row-end">
            <Button variant="default" size="lg" onClick={() => void db.dropSetting("address")}>{t("offers.address.forget")}</Button>
            {onDone && <Button size="lg" onClick={onDone}>{t("address.use")}</Button>}
          </div>
        </div>
      )}
      {!address && <div className="nothing"><IconMapPin size={44} stroke={1.2} aria-hidden /><p>{t("offers.address.lead")}</p></div>}
    </div>
  );
}
