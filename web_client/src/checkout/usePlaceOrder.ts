import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { cartId } from "../session/stores";
import { complete, intentFor, type Wish } from "./complete";

/** Place the order, go to the bank's page when it asks, and to the confirmation when it is done. */
export function usePlaceOrder() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (wish: Wish) => complete(intentFor(wish)),
    onSuccess: async (completion) => {
      if ("paymentActionUrl" in completion) {
        window.location.assign(completion.paymentActionUrl);
        // The page is leaving: the button stays busy until it is gone.
        await new Promise(() => undefined);
        return;
      }
      const { order } = completion;
      client.setQueryData(["order", order.id], { order });
      await navigate(`/order/${encodeURIComponent(order.id)}/confirmed`, { replace: true });
      // Only now: the checkout would send a shopper without a cart elsewhere.
      cartId.set(null);
    },
    // Prices, stock or the reservation may be the reason: show what holds now.
    onError: (_error, wish) => void client.invalidateQueries({ queryKey: ["cart", wish.cartId] }),
  });
}
