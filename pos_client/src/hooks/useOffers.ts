/** Offers, a configuration and the address at the counter, as the screens show them. */

import { type CheckedAddress, isExpired, LEAST_TYPED, type AddressSuggestion } from "@shared/address/answers";
import type { ConfigurationInput, Offer } from "@shared/bundle/choice";
import type { Configuration } from "@shared/bundle/prices";
import { useDebouncedValue } from "@mantine/hooks";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { type Cart, configured, loadCart, offersHere, type Place, suggestedAddresses } from "../app/offers";
import { type Answer, useAnswer } from "./useAnswer";
import { useOnline, useSetting, useTill } from "./useData";
import { type Kept, useKept } from "./useKept";

/** A choice or a text is changed faster than it need be asked about. */
const PAUSE_MS = 150;

export function usePlace(): Place {
  const { catalogue, session } = useTill();
  return { channel: catalogue.channel.slug, storeId: session.store.id };
}

/** The offers of this store; the last known ones while there is no network. */
export function useOffers(): Kept<Offer[]> {
  const place = usePlace();
  const { i18n } = useTranslation();
  return useKept(`offers|${place.channel}|${place.storeId}|${i18n.language}`, () => offersHere(place));
}

/** The register's cart of bundles: null without one or once it was ordered, undefined until that is known. */
export function useOfferCart(): Answer<Cart | null> {
  const kept = useSetting("offerCart");
  const { i18n } = useTranslation();
  const answer = useAnswer(kept ? `${kept.id}|${i18n.language}` : null, () => loadCart(kept?.id ?? ""));
  return kept === null ? { ...answer, value: null, problem: null } : answer;
}

export interface Configuring {
  configuration: Configuration | undefined;
  /** It answers the choice before. */
  isOld: boolean;
  problem: Answer<Configuration>["problem"];
  again: () => void;
}

/** What a choice costs and whether it holds; while that is asked the answer before, said to be old. */
export function useConfiguration(input: ConfigurationInput): Configuring {
  const place = usePlace();
  const { i18n } = useTranslation();
  const key = JSON.stringify([i18n.language, input]);
  const [asked] = useDebouncedValue(key, PAUSE_MS, { leading: true });
  const answer = useAnswer(asked, () => configured(place, (JSON.parse(asked) as [string, ConfigurationInput])[1]));
  const last = useRef<Configuration>(undefined);
  if (answer.value) last.current = answer.value;
  return { configuration: answer.value ?? last.current, isOld: !answer.value || asked !== key, problem: answer.problem, again: answer.again };
}

/** The address that the customer asks about, and whether its answer still holds. */
export function useAddress(): { address: CheckedAddress | null; isOver: boolean } {
  const address = useSetting("address") ?? null;
  return { address, isOver: address !== null && isExpired(address) };
}

/** Known addresses for a text; none without a network: it can still be typed out. */
export function useAddressSuggestions(text: string, enabled: boolean): AddressSuggestion[] {
  const online = useOnline();
  const typed = text.trim();
  const [asked] = useDebouncedValue(typed, PAUSE_MS);
  const isAsked = enabled && online && asked.length >= LEAST_TYPED;
  const { value } = useAnswer(isAsked ? `address|${asked}` : null, () => suggestedAddresses(asked));
  const last = useRef<AddressSuggestion[]>([]);
  if (value) last.current = value;
  return online && typed.length >= LEAST_TYPED ? last.current : [];
}
