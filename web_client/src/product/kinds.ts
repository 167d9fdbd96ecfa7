/** What follows from the kind of a product. */

import type { ProductKind } from "../gql/graphql";

/** Whether it is paid once or every month. */
export function priceKind(kind: ProductKind): "monthly" | "once" {
  return kind === "PLAN" || kind === "SERVICE" ? "monthly" : "once";
}

/** Whether it lies on a shelf: plans and services are had everywhere. */
export function isStocked(kind: ProductKind): boolean {
  return kind !== "PLAN" && kind !== "SERVICE";
}
