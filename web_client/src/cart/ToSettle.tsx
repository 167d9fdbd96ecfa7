/** What of the cart must be settled before it can be ordered, settled here. */

import { CartProblems } from "@shared/cart/Problems";
import { problemsIn } from "@shared/cart/problems";
import { ErrorNote } from "../ui/ErrorNote";
import { type Cart, useMend } from "./useCart";

export function ToSettle({ cart }: { cart: Cart }) {
  const mend = useMend(cart);
  return (
    <>
      <CartProblems problems={problemsIn(cart)} onMend={mend.mutate} pending={mend.isPending ? mend.variables : null} />
      <ErrorNote error={mend.error} />
    </>
  );
}
