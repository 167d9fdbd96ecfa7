import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { complete, intentFor, type Wish } from "./complete";

/** Place the order, go to the bank's page when it asks, and to the confirmation when it is done. */
export function usePlaceOrder() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (wish: Wish) => complete(intentFor(wish)),
    onSuccess: async (completion, wish) => {
      if ("paymentActionUrl" in completion) {
        window.location.assign(completion.paymentActionUrl);
        // The page is leaving: the button stays busy until it is gone.
        await new Promise(() => undefined);
        return;
      }
      const { order } = completion;
      client.setQueryData(["order", order.id], { order });
      // The confirmation forgets the cart: while the checkout is on screen it would send a shopper without one elsewhere.
      await navigate(`/order/${encodeURIComponent(order.id)}/confirmed`, { replace: true, state: { cartId: wish.cartId } });
    },
    // Prices, stock or the reservation may be the reason: show what holds now.
    onError: (_error, wish) => void client.invalidateQueries({ queryKey: ["cart", wish.cartId] }),
  });
}
