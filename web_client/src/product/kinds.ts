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

/** Whether a unit of it must be handed over: an eSIM has no serial number before it is activated, and nothing to carry. */
export function needsCollecting(kind: ProductKind, serialised: boolean): boolean {
  return isStocked(kind) && (kind !== "SIM" || serialised);
}
