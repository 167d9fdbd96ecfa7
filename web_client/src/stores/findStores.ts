/** Finding a store by what people type: a postal code, a city, a street or a name. Pure. */

interface Findable {
  name: string;
  city: string;
  postalCode: string;
  streetAddress: string;
}

/** Digits that two US-style postal codes must share to be called near each other. */
const LEAST_SHARED = 2;

/**
 * Stores that match all words. For a postal code without a store of its own, those that share the longest beginning
 * with it: neighbouring codes begin alike.
 */
export function findStores<TStore extends Findable>(stores: readonly TStore[], text: string): TStore[] {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [...stores];
  if (/^\d{3,}$/.test(wanted)) return byPostalCode(stores, wanted);
  const words = wanted.split(/[\s,]+/);
  return stores.filter((store) => {
    const haystack = `${store.name} ${store.city} ${store.postalCode} ${store.streetAddress}`.toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
}

function byPostalCode<TStore extends Findable>(stores: readonly TStore[], code: string): TStore[] {
  for (let length = code.length; length >= LEAST_SHARED; length -= 1) {
    const found = stores.filter((store) => store.postalCode.startsWith(code.slice(0, length)));
    if (found.length) return found;
  }
  return [];
}
