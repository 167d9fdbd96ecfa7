/** A store's address as its country writes it. */

interface Addressed {
  streetAddress: string;
  city: string;
  postalCode: string;
  country: string;
}

/** From the small to the large, but in China from the large to the small. */
export function formatAddress({ streetAddress, city, postalCode, country }: Addressed, withPostalCode = false): string {
  const inChinese = country === "CN";
  const address = inChinese ? `${city}${streetAddress}` : `${streetAddress}, ${city}`;
  if (!withPostalCode) return address;
  return inChinese ? `${address} (${postalCode})` : `${address} ${postalCode}`;
}
