/** Asking what an address can have, and keeping the address for the session. */

import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { AddressSuggestionsDocument, QualifyServiceDocument, ServiceQualificationDocument } from "../api/addressDocuments";
import { call, perform } from "../api/client";
import type { AddressSuggestionsQuery, QualificationFieldsFragment, QualifyServiceInput } from "../gql/graphql";
import { type CheckedAddress, checkedAddress } from "../session/stores";

export type Qualification = QualificationFieldsFragment;
export type QualificationItem = Qualification["items"][number];
export type AddressSuggestion = AddressSuggestionsQuery["addressSuggestions"][number];

/** What is asked, and what the shopper calls it. */
export interface AddressQuestion {
  input: QualifyServiceInput;
  typed: string;
}

const PAUSE_MS = 150;
/** Fewer characters name no address. */
const LEAST = 3;

export function useAddressSuggestions(text: string, enabled: boolean): AddressSuggestion[] {
  const typed = text.trim();
  const [asked] = useDebouncedValue(typed, PAUSE_MS);
  const query = useQuery({
    queryKey: ["address-suggestions", asked],
    enabled: enabled && asked.length >= LEAST,
    queryFn: async ({ signal }) => (await call(AddressSuggestionsDocument, { text: asked }, { signal })).addressSuggestions,
    placeholderData: (previous) => previous,
    staleTime: 60_000,
    // A help: without them the address can still be typed out and checked.
    retry: false,
  });
  return typed.length >= LEAST ? (query.data ?? []) : [];
}

export function useCheckAddress() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ input, typed }: AddressQuestion) => {
      const { qualification, suggestions } = await perform("address.check", QualifyServiceDocument, { input }, (result) => result.qualifyService);
      return { qualification: qualification ?? null, suggestions, typed };
    },
    onSuccess: ({ qualification, typed }) => {
      if (!qualification) return;
      client.setQueryData(["qualification", qualification.id], qualification);
      checkedAddress.set(keptOf(qualification, typed));
    },
  });
}

/** The part of an answer that the browser keeps. */
export function keptOf({ id, premisesId, normalisedAddress, expirationDate }: Qualification, typed: string): CheckedAddress {
  return { qualificationId: id, premisesId: premisesId ?? null, label: normalisedAddress || typed, expirationDate };
}

/** The answer kept for the session's address, read again; null when there is none or it was forgotten by the server. */
export function useQualification(address: CheckedAddress | null) {
  return useQuery({
    queryKey: ["qualification", address?.qualificationId],
    enabled: address !== null,
    queryFn: async ({ signal }) =>
      (await call(ServiceQualificationDocument, { id: address?.qualificationId ?? "" }, { signal })).serviceQualification ?? null,
  });
}

/** After its moment an answer must be asked for again. */
export function isExpired({ expirationDate }: { expirationDate: string }, now = Date.now()): boolean {
  return Date.parse(expirationDate) <= now;
}

/** The question that was asked for this address, to ask it again. */
export function questionOf({ premisesId, label }: CheckedAddress): AddressQuestion {
  return { input: premisesId ? { premisesId } : { addressText: label }, typed: label };
}
