/** One offer, put together: what may be chosen beside what it costs and from when it works. */

import { Skeleton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type Choice, choiceOf, inputOf, type Offer, suggested } from "@shared/bundle/choice";
import { Choosing } from "@shared/bundle/Choosing";
import { Cost } from "@shared/bundle/Cost";
import { Mended } from "@shared/bundle/Mended";
import { useChoice } from "@shared/bundle/useChoice";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router";
import { AddressEntry } from "../address/AddressChip";
import { AddressDialog } from "../address/AddressDialog";
import { isExpired } from "@shared/address/answers";
import { useCart } from "../cart/useCart";
import { useLineProduct } from "../cart/lineProducts";
import { bundleChoices, checkedAddress } from "../session/stores";
import { ErrorNote } from "../ui/ErrorNote";
import { useTitle } from "../ui/Layout";
import { NotFound } from "../ui/NotFound";
import { Picture } from "../ui/Picture";
import { Summary } from "./Summary";
import { useConfiguration, useOffers } from "./useBundles";

export function ConfiguratorPage() {
  const { t } = useTranslation();
  const { code = "" } = useParams();
  const { offers, query } = useOffers();
  const offer = offers.find((one) => one.code === code);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  if (query.isError) return <div className="wrap page"><ErrorNote error={query.error} onRetry={() => void query.refetch()} /></div>;
  if (!offer && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  if (!offer && (query.isPending || hasNextPage)) {
    return <div className="wrap page" role="status" aria-label={t("common.loading")}><Skeleton height={36} width={260} mb={24} /><Skeleton height={420} radius="lg" /></div>;
  }
  if (!offer) return <NotFound title={t("bundle.notFound")} text={t("bundle.notFoundText")} />;
  return <Configurator key={`${offer.code}.${offer.version}`} offer={offer} />;
}

function Configurator({ offer }: { offer: Offer }) {
  const { t } = useTranslation();
  const [parameters] = useSearchParams();
  const { cart } = useCart();
  const [opened, { open, close }] = useDisclosure(false);
  const asked = parameters.get("bundle");
  const bundleId = asked && cart?.lines.some((line) => line.bundleId === asked) ? asked : null;
  const start = (): Choice => {
    const kept = asked ? bundleChoices.get()?.[asked] : undefined;
    return kept?.offerCode === offer.code ? choiceOf(offer, kept) : suggested(offer, parameters.get("sku"));
  };
  const { choice, change, mend, mending } = useChoice(offer, start);
  const address = checkedAddress.use();
  const input = inputOf(offer, choice, address && !isExpired(address) ? address.qualificationId : null);
  const { query, isOld } = useConfiguration(input);
  const configuration = query.isError ? undefined : query.data;
  useTitle(offer.name);
  return (
    <div className="wrap page configurator">
      <nav className="breadcrumbs" aria-label={t("nav.breadcrumbs")}>
        <ol><li><Link to="/">{t("nav.home")}</Link></li><li><Link to="/offers">{t("bundle.offers")}</Link></li></ol>
      </nav>
      <h1>{offer.name}</h1>
      <div className="two-columns">
        <div className="configurator-main">
          <Mended mending={mending} />
          <Choosing offer={offer} choice={choice} configuration={configuration} onChange={change} onMend={mend} onAddress={open} picture={(sku) => <OptionPicture sku={sku} />} />
          <AddressEntry text={t("bundle.addressText")} />
        </div>
        <Summary offer={offer} configuration={configuration} isOld={isOld} error={query.error} onRetry={() => void query.refetch()}
          input={input} addressUntil={input.qualificationId ? (address?.expirationDate ?? null) : null} bundleId={bundleId} />
      </div>
      {configuration && configuration.lines.length > 0 && <Cost configuration={configuration} term={choice.term} isOld={isOld} />}
      <AddressDialog opened={opened} onClose={close} />
    </div>
  );
}

function OptionPicture({ sku }: { sku: string }) {
  const { kind, picture } = useLineProduct(sku);
  return picture ? <Picture src={picture} kind={kind} className="bundle-option-picture" /> : null;
}
