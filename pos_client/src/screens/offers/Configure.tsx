/** One offer, put together with the customer: what may be chosen beside what it costs and from when it works. A scan chooses. */

import { Button } from "@mantine/core";
import { type Choice, choiceOf, inputOf, type Offer, suggested, withScanned, withScannedEid } from "@shared/bundle/choice";
import { Choosing } from "@shared/bundle/Choosing";
import { Cost } from "@shared/bundle/Cost";
import { Mended } from "@shared/bundle/Mended";
import { Holds, Sums } from "@shared/bundle/Sums";
import type { Configuration } from "@shared/bundle/prices";
import { useChoice } from "@shared/bundle/useChoice";
import { useHolding } from "@shared/bundle/useHolding";
import { goTo, ViolationList } from "@shared/bundle/Violations";
import { useMoney } from "@shared/useMoney";
import { IconMapPin, IconScan } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { RequestFailure } from "../../api/client";
import { type Cart, saveBundle } from "../../app/offers";
import { lookUp } from "../../app/till";
import { Dialog } from "../../components/Dialog";
import { Frame } from "../../components/Frame";
import { notify } from "../../components/Notices";
import { normaliseSerial, serialProblem } from "../../domain/codes";
import { useOnline, useTill } from "../../hooks/useData";
import { type Configuring, useAddress, useConfiguration, useOfferCart, useOffers, usePlace } from "../../hooks/useOffers";
import { offerRoute } from "../../hooks/useRoute";
import { useScanner } from "../../hooks/useScanner";
import { Asking } from "./AddressCheck";
import { Offline } from "./Offline";

export function Configure({ code, bundleId }: { code: string; bundleId: string | null }) {
  const { t } = useTranslation();
  const { value: offers, problem } = useOffers();
  const cart = useOfferCart();
  const offer = offers?.find((one) => one.code === code);
  const bundle = cart.value?.bundles.find(({ id, offerCode }) => id === bundleId && offerCode === code);
  if (offer && (!bundleId || cart.value !== undefined)) return <Configurator key={`${offer.version}.${bundle?.id ?? ""}`} offer={offer} bundle={bundle} />;
  return (
    <Frame title={t("offers.title")} backTo={offerRoute()}>
      <Offline />
      <p className="nothing" role="status" aria-busy={!offers && !problem}>{problem?.kind === "refused" ? problem.message : t(offers ? "bundle.notFound" : problem ? "offers.notLoaded" : "offers.asking")}</p>
    </Frame>
  );
}

function Configurator({ offer, bundle }: { offer: Offer; bundle: Cart["bundles"][number] | undefined }) {
  const { choice, change, mend, mending } = useChoice(offer, () => (bundle ? choiceOf(offer, bundle) : suggested(offer)));
  const [asking, setAsking] = useState(false);
  const { t } = useTranslation();
  const { address, isOver } = useAddress();
  const checked = address && !isOver ? address : null;
  const input = inputOf(offer, choice, checked?.qualificationId ?? bundle?.qualificationId ?? null);
  const asked = useConfiguration(input);
  const { configuration, isOld } = asked;
  useScan(offer, choice, change, !asking);
  return (
    <Frame title={offer.name} backTo={offerRoute()} side={
      <Button variant="light" size="md" className="offers-address" leftSection={<IconMapPin size={20} aria-hidden />} aria-haspopup="dialog" onClick={() => setAsking(true)}>{address ? address.label : t("bundle.checkAddress")}</Button>
    }>
      <div className="offers-look offers-two">
        <div className="configurator-main">
          <Offline />
          <p className="scan-hint compact"><IconScan size={24} aria-hidden />{t("offers.scanHint")}</p>
          <Mended mending={mending} />
          <Choosing offer={offer} choice={choice} configuration={configuration} onChange={change} onMend={mend} onAddress={() => setAsking(true)} />
          {configuration && configuration.lines.length > 0 && <Cost configuration={configuration} term={choice.term} isOld={isOld} />}
        </div>
        <Summary asked={asked} input={input} addressUntil={checked?.expirationDate ?? null} bundleId={bundle?.id ?? null} />
      </div>
      {asking && <Dialog title={t("offers.address.title")} size={760} onClose={() => setAsking(false)}><Asking onDone={() => setAsking(false)} /></Dialog>}
    </Frame>
  );
}

/** A scanned article or unit is chosen where the offer has it; a scanned EID is told of the eSIM. */
function useScan(offer: Offer, choice: Choice, change: (choice: Choice) => void, active: boolean): void {
  const { t } = useTranslation();
  const { index } = useTill();
  const place = usePlace();
  const skuOf = async (code: string): Promise<string | undefined> => {
    const known = index.findCode(code)?.sku;
    return known ?? (await lookUp(place.channel, place.storeId, normaliseSerial(code)))?.sku;
  };
  const scan = async (code: string) => {
    const serial = normaliseSerial(code);
    if (serialProblem(serial, "EID") === null) {
      const next = withScannedEid(offer, choice, serial);
      if (next) change(next);
      else notify("warning", t("offers.noEidAsked"));
      return;
    }
    try {
      const sku = await skuOf(code);
      const next = sku ? withScanned(offer, choice, sku) : null;
      if (next) {
        change(next);
        notify("good", t("offers.scanned", { name: index.item(sku ?? "")?.name ?? code }));
      } else notify("warning", t(sku ? "offers.notInOffer" : "scan.unknown", { code }));
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      notify("warning", t("scan.notAsked", { code }));
    }
  };
  useScanner((code) => void scan(code), active);
}

interface SummaryProps {
  asked: Configuring;
  input: Parameters<typeof saveBundle>[1];
  addressUntil: string | null;
  bundleId: string | null;
}

function Summary({ asked, input, addressUntil, bundleId }: SummaryProps) {
  const { t } = useTranslation();
  const { configuration, isOld, problem } = asked;
  return (
    <aside className="summary bundle-summary" aria-label={t("offers.summary")} aria-busy={isOld}>
      <h2>{t("offers.summary")}</h2>
      {problem && <p className={problem.kind === "refused" ? "form-error" : "quiet-warning"} role="alert">{problem.kind === "refused" ? problem.message : t("offers.noPrice")}</p>}
      {!configuration && !problem && <p className="quiet" role="status" aria-busy="true">{t("offers.asking")}</p>}
      {configuration && <Priced asked={asked} configuration={configuration} input={input} addressUntil={addressUntil} bundleId={bundleId} />}
    </aside>
  );
}

function Priced({ asked, configuration, input, addressUntil, bundleId }: SummaryProps & { configuration: Configuration }) {
  const { t } = useTranslation();
  const money = useMoney();
  const place = usePlace();
  const online = useOnline();
  const holding = useHolding(configuration, addressUntil);
  const question = JSON.stringify(input);
  const [before, setBefore] = useState<{ question: string; configuration: Configuration } | null>(null);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [first] = configuration.violations;
  const askAgain = () => {
    setBefore({ question, configuration });
    asked.again();
  };
  const save = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      await saveBundle(place, input, bundleId);
      window.location.hash = offerRoute("cart");
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      setRefusal(error.kind === "network" ? t("offers.offline") : error.message);
      setBusy(false);
    }
  };
  return (
    <>
      <ViolationList violations={configuration.violations} />
      <Sums configuration={configuration} term={input.term} isOld={asked.isOld} />
      {configuration.lines.length > 0 && <Holds {...holding} now={configuration} before={before?.question === question ? before.configuration : undefined} onAskAgain={askAgain} />}
      <div className="bundle-save">
        <div className="bundle-save-bar">
          <strong>{t("bundle.aMonth", { price: money(configuration.monthly) })}</strong>
          {first
            ? <button type="button" className="link-button" onClick={() => goTo(first)}>{t("bundle.wrong", { count: configuration.violations.length })}</button>
            : <span>{t("bundle.today", { price: money(configuration.dueToday) })}</span>}
        </div>
        <Button size="lg" className="pay" fullWidth loading={busy} disabled={!configuration.valid || asked.isOld || holding.isOver || !online} onClick={() => void save()}>{t(bundleId ? "bundle.update" : "offers.add")}</Button>
        {refusal && <p className="form-error" role="alert">{refusal}</p>}
      </div>
    </>
  );
}
