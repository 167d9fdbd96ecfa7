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
import { type Cart, useCart } from "../cart/useCart";
import { useLineProduct } from "../cart/lineProducts";
import { checkedAddress } from "../session/stores";
import { ErrorNote } from "../ui/ErrorNote";
import { useTitle } from "../ui/Layout";
import { NotFound } from "../ui/NotFound";
import { Picture } from "../ui/Picture";
import { Summary } from "./Summary";
import { useConfiguration, useOffers } from "./useBundles";

export function ConfiguratorPage() {
  const { t } = useTranslation();
  const { code = "" } = useParams();
  const [parameters] = useSearchParams();
  const asked = parameters.get("bundle");
  const { cart, isLoading } = useCart();
  const { offers, query } = useOffers();
  const offer = offers.find((one) => one.code === code);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  if (query.isError) return <div className="wrap page"><ErrorNote error={query.error} onRetry={() => void query.refetch()} /></div>;
  if (!offer && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  if ((!offer && (query.isPending || hasNextPage)) || (asked && isLoading)) {
    return <div className="wrap page" role="status" aria-label={t("common.loading")}><Skeleton height={36} width={260} mb={24} /><Skeleton height={420} radius="lg" /></div>;
  }
  if (!offer) return <NotFound title={t("bundle.notFound")} text={t("bundle.notFoundText")} />;
  const bundle = cart?.bundles.find(({ id, offerCode }) => id === asked && offerCode === code);
  return <Configurator key={`${offer.code}.${offer.version}.${bundle?.id ?? ""}`} offer={offer} bundle={bundle} />;
}

function Configurator({ offer, bundle }: { offer: Offer; bundle: Cart["bundles"][number] | undefined }) {
  const { t } = useTranslation();
  const [parameters] = useSearchParams();
  const [opened, { open, close }] = useDisclosure(false);
  const start = (): Choice => (bundle ? choiceOf(offer, bundle) : suggested(offer, parameters.get("sku")));
  const { choice, change, mend, mending } = useChoice(offer, start);
  const address = checkedAddress.use();
  const checked = address && !isExpired(address) ? address.qualificationId : null;
  const input = inputOf(offer, choice, checked ?? bundle?.qualificationId ?? null);
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
          input={input} addressUntil={checked && address ? address.expirationDate : null} bundleId={bundle?.id ?? null} />
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
