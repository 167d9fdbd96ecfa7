/** Whether a kind of product is paid once or every month. */

import type { ProductKind } from "../gql/graphql";

export function priceKind(kind: ProductKind): "monthly" | "once" {
  return kind === "PLAN" || kind === "SERVICE" ? "monthly" : "once";
}
