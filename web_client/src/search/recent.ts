/** What was searched for and looked at, remembered in this browser alone until the shopper clears it or signs out. */

import { recentSearches, type ViewedProduct, viewedProducts } from "../session/stores";

const SEARCHES = 8;
const VIEWED = 8;

/** Put a search first; the same in other letters counts as one. */
export function rememberSearch(text: string): void {
  const others = (recentSearches.get() ?? []).filter((other) => other.toLowerCase() !== text.toLowerCase());
  recentSearches.set([text, ...others].slice(0, SEARCHES));
}

/** Put a product first. */
export function rememberProduct({ slug, name, brand, kind, thumbnailUrl }: ViewedProduct): void {
  const others = (viewedProducts.get() ?? []).filter((other) => other.slug !== slug);
  viewedProducts.set([{ slug, name, brand, kind, thumbnailUrl }, ...others].slice(0, VIEWED));
}

/** Forget searches and products. */
export function forgetVisit(): void {
  recentSearches.set(null);
  viewedProducts.set(null);
}
