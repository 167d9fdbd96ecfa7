/** What an address can have, as the API answers it, and what is kept of that. Pure. */

export interface QualificationItem {
  category: "BROADBAND" | "TV" | "VOICE" | "MOBILE";
  technology?: string | null;
  result: "QUALIFIED" | "UNQUALIFIED" | "ALTERNATE";
  downloadMbps?: number | null;
  uploadMbps?: number | null;
  serviceAvailabilityDate?: string | null;
  reasons: { code: string; label: string }[];
  alternates: { category: QualificationItem["category"]; technology: string; downloadMbps?: number | null; alternateServiceAvailabilityDate: string }[];
}

export interface Qualification {
  id: string;
  premisesId?: string | null;
  normalisedAddress?: string | null;
  matchConfidence: "EXACT" | "INTERPOLATED" | "AREA";
  result: QualificationItem["result"];
  items: QualificationItem[];
  expirationDate: string;
}

export interface AddressSuggestion {
  premisesId: string;
  label: string;
}

/** Where services are to work: what was asked of the network last, and until when its answer holds. */
export interface CheckedAddress {
  qualificationId: string;
  premisesId: string | null;
  label: string;
  expirationDate: string;
}

/** What is asked, and what the person calls it. */
export interface AddressQuestion {
  input: { premisesId: string } | { addressText: string };
  typed: string;
}

/** Fewer characters name no address. */
export const LEAST_TYPED = 3;

/** The part of an answer that is kept. */
export function keptOf({ id, premisesId, normalisedAddress, expirationDate }: Qualification, typed: string): CheckedAddress {
  return { qualificationId: id, premisesId: premisesId ?? null, label: normalisedAddress || typed, expirationDate };
}

/** After its moment an answer must be asked for again. */
export function isExpired({ expirationDate }: { expirationDate: string }, now = Date.now()): boolean {
  return Date.parse(expirationDate) <= now;
}

/** The question that was asked for this address, to ask it again. */
export function questionOf({ premisesId, label }: CheckedAddress): AddressQuestion {
  return { input: premisesId ? { premisesId } : { addressText: label }, typed: label };
}
