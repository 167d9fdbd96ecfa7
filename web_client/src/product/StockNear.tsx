/** Live stock: in the chosen store, or in the nearest ones when the shopper says where they are. */

import { Button, Skeleton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCurrentLocation, IconMapPin } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { AvailabilityDocument } from "../api/catalogueDocuments";
import { call } from "../api/client";
import type { AvailabilityQuery } from "../gql/graphql";
import { useShop } from "../session/shop";
import { chosenStore, place, type Place } from "../session/stores";
import { formatAddress } from "../stores/address";
import { StorePicker } from "../stores/StorePicker";
import { useDistance } from "../stores/distance";
import { useLocate } from "../stores/useLocate";
import { ErrorNote } from "../ui/ErrorNote";

type StoreStock = AvailabilityQuery["availability"][number]["stores"][number];

/** Asked for, so that a store with stock is found when the nearest have none. */
const ASKED = 25;
const SHOWN = 5;

function useStock(sku: string) {
  const store = chosenStore.use();
  const near = place.use();
  const { country } = useShop();
  return useQuery({
    queryKey: ["availability", sku, store?.id, near, country],
    enabled: store !== null || near !== null,
    queryFn: ({ signal }) => loadStock(sku, store?.id, near, country, signal),
    // Live means live: asked anew when the page is looked at again.
    staleTime: 0,
    refetchOnWindowFocus: true,
  });
}

async function loadStock(sku: string, storeId: string | undefined, near: Place | null, country: string, signal: AbortSignal) {
  const ask = (storeIds?: string[]) =>
    call(AvailabilityDocument, { skus: [sku], first: ASKED, near, storeIds, country }, { signal });
  const [own, around] = await Promise.all([
    storeId ? ask([storeId]) : null,
    near ? ask() : null,
  ]);
  return rowsToShow(own?.availability[0]?.stores ?? [], around?.availability[0]?.stores ?? []);
}

/** The shopper's own store first, then those that have it, then the others; each group nearest first. */
export function rowsToShow<TRow extends { store: { id: string }; quantity: number }>(own: TRow[], around: TRow[]): TRow[] {
  const others = around.filter((row) => !own.some(({ store }) => store.id === row.store.id));
  const stocked = others.filter(({ quantity }) => quantity > 0);
  return [...own, ...stocked, ...others.filter(({ quantity }) => quantity <= 0)].slice(0, SHOWN);
}

export function StockNear({ sku }: { sku: string }) {
  const { t } = useTranslation();
  const stock = useStock(sku);
  const locate = useLocate();
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <section className="stock-near" aria-labelledby="stock-title">
      <h2 id="stock-title"><IconMapPin size={20} aria-hidden /> {t("stock.title")}</h2>
      <p className="stock-hint">{t("stock.hint")}</p>
      {stock.isLoading && <Skeleton height={72} radius="md" />}
      <ErrorNote error={stock.error} onRetry={() => void stock.refetch()} />
      {stock.data && <StoreRows rows={stock.data} />}
      <div className="stock-ways">
        <Button variant="light" size="sm" leftSection={<IconCurrentLocation size={18} aria-hidden />} loading={locate.isLocating} onClick={locate.locate}>
          {t("stores.useLocation")}
        </Button>
        <Button variant="default" size="sm" onClick={open}>{t("stores.choose")}</Button>
      </div>
      {locate.problem && <p className="field-problem" role="alert">{locate.problem}</p>}
      <StorePicker opened={opened} onClose={close} onChoose={(store) => { chosenStore.set(store); close(); }} />
    </section>
  );
}

function StoreRows({ rows }: { rows: StoreStock[] }) {
  const { t } = useTranslation();
  const distance = useDistance();
  if (!rows.length) return <p>{t("stock.nowhere")}</p>;
  return (
    <ul className="stock-rows" aria-live="polite">
      {rows.map(({ store, quantity }) => (
        <li key={store.id}>
          <div>
            <strong>{store.name}</strong>
            <span>
              {formatAddress(store)}
              {store.distanceKm !== null && store.distanceKm !== undefined && ` · ${distance(store.distanceKm)}`}
              {" · "}{t(store.openNow ? "stores.open" : "stores.closed")}
            </span>
          </div>
          <span className={quantity > 0 ? "stock stock-yes" : "stock stock-no"}>
            {quantity > 0 ? t("stock.count", { count: quantity }) : t("stock.none")}
          </span>
        </li>
      ))}
    </ul>
  );
}
