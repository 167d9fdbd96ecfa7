/** Choose a store from a list: by place, postal code, city or name. */

import { Button, Modal, Skeleton, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconCurrentLocation, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ChosenStore, chosenStore } from "../session/stores";
import { ErrorNote } from "../ui/ErrorNote";
import { formatAddress } from "./address";
import { useDistance } from "./distance";
import { findStores } from "./findStores";
import { useLocate } from "./useLocate";
import { type Store, useStores } from "./useStores";

interface StorePickerProps {
  opened: boolean;
  onClose: () => void;
  onChoose: (store: ChosenStore) => void;
}

export function StorePicker({ opened, onClose, onChoose }: StorePickerProps) {
  const { t } = useTranslation();
  const isPhone = useMediaQuery("(max-width: 600px)");
  return (
    <Modal opened={opened} onClose={onClose} title={t("stores.choose")} size="lg" fullScreen={isPhone} radius="lg"
      closeButtonProps={{ "aria-label": t("common.close") }}>
      <StoreList onChoose={(store) => onChoose(remembered(store))} />
    </Modal>
  );
}

/** The part of a store that the browser keeps. */
export function remembered({ id, name, city, timezone, latitude, longitude }: Store): ChosenStore {
  return { id, name, city, timezone, latitude, longitude };
}

export function StoreList({ onChoose }: { onChoose?: (store: Store) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const stores = useStores();
  const locate = useLocate();
  const found = findStores(stores.data ?? [], text);
  return (
    <div className="store-list">
      <div className="store-search">
        <TextInput value={text} onChange={(event) => setText(event.currentTarget.value)} label={t("stores.search")} type="search"
          placeholder={t("stores.searchHint", { code: stores.data?.[0]?.postalCode ?? "" })} leftSection={<IconSearch size={18} aria-hidden />} autoComplete="postal-code" maxLength={80} />
        <Button variant="light" leftSection={<IconCurrentLocation size={20} aria-hidden />} loading={locate.isLocating} onClick={locate.locate}>
          {t("stores.useLocation")}
        </Button>
      </div>
      {locate.problem && <p className="field-problem" role="alert">{locate.problem}</p>}
      <ErrorNote error={stores.error} onRetry={() => void stores.refetch()} />
      {stores.isPending && [1, 2, 3].map((row) => <Skeleton key={row} height={92} radius="md" mt={12} />)}
      <p className="sr-only" role="status">{stores.data && t("stores.count", { count: found.length })}</p>
      {stores.data && !found.length && <p className="store-none">{t("stores.none", { text })}</p>}
      <ul className="store-rows">
        {found.map((store) => <StoreRow key={store.id} store={store} onChoose={onChoose} />)}
      </ul>
    </div>
  );
}

function StoreRow({ store, onChoose }: { store: Store; onChoose?: (store: Store) => void }) {
  const { t } = useTranslation();
  const distance = useDistance();
  const isChosen = chosenStore.use()?.id === store.id;
  return (
    <li className={isChosen ? "store-row store-row-chosen" : "store-row"}>
      <div>
        <h2>{store.name}</h2>
        <p>{formatAddress(store, true)}</p>
        <p>
          <span className={store.openNow ? "open-now" : "closed-now"}>{t(store.openNow ? "stores.open" : "stores.closed")}</span>
          <TodaysHours store={store} />
          {store.distanceKm !== null && store.distanceKm !== undefined && <> · {distance(store.distanceKm)}</>}
        </p>
      </div>
      {onChoose && (
        <Button variant={isChosen ? "filled" : "default"} onClick={() => onChoose(store)}>
          {t(isChosen ? "stores.chosen" : "common.choose")}
          <span className="sr-only">: {store.name}</span>
        </Button>
      )}
    </li>
  );
}

/** Opening hours of today by the store's own calendar. */
function TodaysHours({ store }: { store: Store }) {
  const { t } = useTranslation();
  const now = new Date();
  const date = new Intl.DateTimeFormat("en-CA", { timeZone: store.timezone }).format(now);
  const weekday = ((new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7) + 1;
  const exceptions = store.hours.filter((row) => row.date === date);
  const rows = exceptions.length ? exceptions : store.hours.filter((row) => !row.date && row.weekday === weekday);
  const spans = rows.flatMap(({ opens, closes }) => (opens && closes ? [`${opens}–${closes}`] : []));
  return <> · {spans.length ? t("stores.today", { hours: spans.join(", ") }) : t("stores.closedToday")}</>;
}
