/** The channel that this shop sells in, and the context of every question to the API. */

import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { ChannelsDocument } from "../api/catalogueDocuments";
import { call } from "../api/client";
import type { ContextInput } from "../gql/graphql";
import { FullPageError, FullPageLoader } from "../ui/FullPage";
import { pickChannel } from "./channels";
import { cartId, channelChoice, chosenStore, pendingCompletion, viewedProducts } from "./stores";

interface Shop {
  channel: string;
  currency: string;
  country: string;
  pricesIncludeTax: boolean;
  /** All channels that the shopper may choose from. */
  channels: { slug: string; name: string }[];
}

const ShopContext = createContext<Shop | null>(null);

/** Asks for the channels once; shows the shop when it is known in which one to sell. */
export function ShopProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const channels = useQuery({
    queryKey: ["channels"],
    queryFn: ({ signal }) => call(ChannelsDocument, {}, { signal }),
    staleTime: Infinity,
  });
  const choice = channelChoice.use();
  const offered = channels.data?.channels;
  const shop = useMemo(
    () => {
      const picked = pickChannel(offered ?? [], choice, navigator.languages);
      if (!offered || !picked) return null;
      const { slug: channel, currency, country, pricesIncludeTax } = picked;
      return { channel, currency, country, pricesIncludeTax, channels: offered };
    },
    [offered, choice],
  );
  if (channels.isPending) return <FullPageLoader />;
  if (channels.isError) return <FullPageError error={channels.error} onRetry={() => void channels.refetch()} />;
  if (!shop) return <FullPageError message={t("errors.notOpen")} onRetry={() => void channels.refetch()} />;
  return <ShopContext value={shop}>{children}</ShopContext>;
}

export function useShop(): Shop {
  const shop = useContext(ShopContext);
  if (!shop) throw new Error("useShop needs a ShopProvider");
  return shop;
}

/** Buy in another channel from now on: its prices, its stores, and so a cart of its own. */
export function chooseChannel(slug: string): void {
  cartId.set(null);
  pendingCompletion.set(null);
  chosenStore.set(null);
  viewedProducts.set(null);
  channelChoice.set(slug);
}

/** The context of a question, with the store that the shopper has chosen. */
export function useShopContext(): ContextInput {
  const { channel } = useShop();
  const store = chosenStore.use();
  return useMemo(() => ({ channel, salesChannel: "WEB", storeId: store?.id ?? null }), [channel, store?.id]);
}
