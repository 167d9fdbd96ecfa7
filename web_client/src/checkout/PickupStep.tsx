/** Where and when to collect: stores nearest first, each with the times that are left. */

import { Button, Skeleton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { formatMoment, zoneName } from "@shared/time";
import { IconClockCheck, IconCurrentLocation } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { CartDeliveryUpdateDocument, PickupOptionsDocument } from "../api/cartDocuments";
import { call, perform } from "../api/client";
import { type Cart, useKeepCart } from "../cart/useCart";
import type { PickupOptionsQuery } from "../gql/graphql";
import { chosenStore, place } from "../session/stores";
import { formatAddress } from "../stores/address";
import { useDistance } from "../stores/distance";
import { StorePicker } from "../stores/StorePicker";
import { useLocate } from "../stores/useLocate";
import { ErrorNote } from "../ui/ErrorNote";
import { isOpen, useCheckout } from "./CheckoutLayout";
import { SlotPicker } from "./SlotPicker";

export type PickupOption = PickupOptionsQuery["pickupOptions"][number];

const FIRST = 5;
const MORE = 20;
/** Of the stores that cannot help, only the nearest are worth a line. */
const UNAVAILABLE_SHOWN = 3;

export const isAvailable = (option: PickupOption) => option.complete && option.slots.length > 0;

/** Those that can hand over everything first, nearest first; then a few of the others, so that nobody looks for them. */
export function optionsToShow(options: readonly PickupOption[]): PickupOption[] {
  const others = options.filter((option) => !isAvailable(option));
  return [...options.filter(isAvailable), ...others.slice(0, UNAVAILABLE_SHOWN)];
}

/** Where "near" is: the shopper's place, else the chosen store. */
function useNear() {
  const here = place.use();
  const store = chosenStore.use();
  if (here) return here;
  return store ? { latitude: store.latitude, longitude: store.longitude } : null;
}

export function PickupStep() {
  const { t } = useTranslation();
  const { cart, needsPickup } = useCheckout();
  const near = useNear();
  const [first, setFirst] = useState(FIRST);
  const options = useQuery({
    queryKey: ["pickup-options", cart.id, cart.lines.map(({ sku, quantity }) => [sku, quantity]), near, first],
    queryFn: ({ signal }) => call(PickupOptionsDocument, { cartId: cart.id, near, first }, { signal }),
    staleTime: 30_000,
    placeholderData: (previous) => previous,
  });
  const found = options.data?.pickupOptions ?? [];
  const isFruitless = options.isSuccess && !found.some(isAvailable);
  useEffect(() => {
    if (isFruitless) setFirst(MORE);
  }, [isFruitless]);
  if (!isOpen("pickup", cart, needsPickup)) return <Gate text={t("checkout.contactFirst")} to="contact" />;
  if (!needsPickup) return <Gate text={t("checkout.nothingToCollect")} to="review" />;
  return (
    <div className="panel">
      <h2>{t("checkout.pickupTitle")}</h2>
      <p className="dimmed">{t("checkout.pickupText")}</p>
      <NearControls />
      <ErrorNote error={options.error} onRetry={() => void options.refetch()} />
      {options.isPending && [1, 2, 3].map((row) => <Skeleton key={row} height={96} radius="md" mt={12} />)}
      {isFruitless && !options.isFetching && <p className="store-none" role="status">{t("checkout.noStore")}</p>}
      {found.length > 0 && <Options key={found.some(isAvailable) ? "some" : "none"} cart={cart} options={optionsToShow(found)} />}
      {found.length >= FIRST && first === FIRST && (
        <Button variant="subtle" size="md" mt="lg" onClick={() => setFirst(MORE)} loading={options.isFetching}>{t("checkout.moreStores")}</Button>
      )}
    </div>
  );
}

/** Another step comes first, or instead. */
function Gate({ text, to }: { text: string; to: "contact" | "review" }) {
  const { t } = useTranslation();
  return (
    <div className="panel">
      <p>{text}</p>
      <Button component={Link} to={`/checkout/${to}`} mt="md">{t(`checkout.${to}`)}</Button>
    </div>
  );
}

function NearControls() {
  const { t } = useTranslation();
  const locate = useLocate();
  const store = chosenStore.use();
  const here = place.use();
  const [opened, { open, close }] = useDisclosure(false);
  const choose = (chosen: NonNullable<typeof store>) => {
    chosenStore.set(chosen);
    // The choice by hand is the later word: it counts, not the place asked for before.
    place.set(null);
    close();
  };
  return (
    <div className="near">
      <p>
        {here ? t("checkout.nearYou") : store ? t("checkout.nearStore", { store: store.name }) : t("checkout.nearUnknown")}
      </p>
      <div className="near-ways">
        <Button variant="light" size="sm" leftSection={<IconCurrentLocation size={18} aria-hidden />} loading={locate.isLocating} onClick={locate.locate}>
          {t("stores.useLocation")}
        </Button>
        <Button variant="default" size="sm" onClick={open}>{t("stores.byPostalCode")}</Button>
      </div>
      {locate.problem && <p className="field-problem" role="alert">{locate.problem}</p>}
      <StorePicker opened={opened} onClose={close} onChoose={choose} />
    </div>
  );
}

interface Choice {
  storeId: string;
  slotId: string | null;
}

function firstChoice(cart: Cart, options: PickupOption[]): Choice | null {
  const held = cart.deliveries.find((delivery) => delivery.pickupStore);
  const offered = options.filter(isAvailable);
  const known = offered.find((option) => option.store.id === held?.pickupStore?.id);
  if (known) return { storeId: known.store.id, slotId: held?.pickupSlot?.id ?? null };
  return offered[0] ? { storeId: offered[0].store.id, slotId: null } : null;
}

function Options({ cart, options }: { cart: Cart; options: PickupOption[] }) {
  const { t } = useTranslation();
  const [choice, setChoice] = useState<Choice | null>(() => firstChoice(cart, options));
  const [tried, setTried] = useState(false);
  const reserve = useReserve(cart.id);
  const chosen = options.find((option) => option.store.id === choice?.storeId);
  const slotId = chosen?.slots.some((slot) => slot.id === choice?.slotId) ? choice?.slotId : null;
  const submit = () => {
    setTried(true);
    if (choice && slotId) reserve.mutate({ storeId: choice.storeId, slotId });
  };
  return (
    <>
      <ul className="pickup-options">
        {options.map((option) => (
          <li key={option.store.id}>
            <OptionCard option={option} selected={option.store.id === choice?.storeId}
              onSelect={() => setChoice({ storeId: option.store.id, slotId: null })} />
            {option.store.id === choice?.storeId && (
              <SlotPicker slots={option.slots} timeZone={option.store.timezone} value={slotId ?? null}
                onChange={(slot) => setChoice({ storeId: option.store.id, slotId: slot })} />
            )}
          </li>
        ))}
      </ul>
      {tried && !slotId && <p className="field-problem" role="alert">{t("checkout.chooseTime")}</p>}
      <ErrorNote error={reserve.error} onRetry={submit} />
      {chosen && <Button size="lg" mt="lg" onClick={submit} loading={reserve.isPending}>{t("checkout.toReview")}</Button>}
    </>
  );
}

interface OptionCardProps {
  option: PickupOption;
  selected: boolean;
  onSelect: () => void;
}

function OptionCard({ option, selected, onSelect }: OptionCardProps) {
  const { t, i18n } = useTranslation();
  const distance = useDistance();
  const { store, complete, readyBy } = option;
  const available = isAvailable(option);
  const ready = `${formatMoment(readyBy, i18n.language, store.timezone)} ${zoneName(readyBy, i18n.language, store.timezone)}`;
  return (
    <label className={`pickup-option${selected ? " pickup-option-selected" : ""}${available ? "" : " pickup-option-none"}`}>
      <input type="radio" name="store" checked={selected} disabled={!available} onChange={onSelect} />
      <span className="pickup-option-body">
        <strong>{store.name}</strong>
        <span>
          {formatAddress(store)}
          {store.distanceKm !== null && store.distanceKm !== undefined && ` · ${distance(store.distanceKm)}`}
        </span>
        {available ? (
          <span className="ready-by"><IconClockCheck size={18} aria-hidden /> {t("checkout.readyBy", { time: ready })}</span>
        ) : (
          <span className="stock-no">{t(complete ? "checkout.noSlots" : "checkout.incomplete")}</span>
        )}
      </span>
    </label>
  );
}

function useReserve(cartId: string) {
  const keep = useKeepCart();
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async ({ storeId, slotId }: { storeId: string; slotId: string }) => {
      const variables = { cartId, delivery: { pickupStoreId: storeId, pickupSlotId: slotId } };
      return (await perform("cart.delivery", CartDeliveryUpdateDocument, variables, (r) => r.cartDeliveryUpdate)).cart;
    },
    onSuccess: (cart) => {
      keep(cart);
      void navigate("/checkout/review");
    },
    // What was refused is no longer as shown: the stock or the slot went to someone else.
    onError: () => void client.invalidateQueries({ queryKey: ["pickup-options", cartId] }),
  });
}
