/** Asking what an address can have, and keeping the address for the session. */

import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type AddressQuestion, type AddressSuggestion, type CheckedAddress, keptOf, LEAST_TYPED } from "@shared/address/answers";
import { AddressSuggestionsDocument, QualifyServiceDocument, ServiceQualificationDocument } from "@shared/documents/address";
import { call, perform } from "../api/client";
import { checkedAddress } from "../session/stores";

const PAUSE_MS = 150;

export function useAddressSuggestions(text: string, enabled: boolean): AddressSuggestion[] {
  const typed = text.trim();
  const [asked] = useDebouncedValue(typed, PAUSE_MS);
  const query = useQuery({
    queryKey: ["address-suggestions", asked],
    enabled: enabled && asked.length >= LEAST_TYPED,
    queryFn: async ({ signal }) => (await call(AddressSuggestionsDocument, { text: asked }, { signal })).addressSuggestions,
    placeholderData: (previous) => previous,
    staleTime: 60_000,
    // A help: without them the address can still be typed out and checked.
    retry: false,
  });
  return typed.length >= LEAST_TYPED ? (query.data ?? []) : [];
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

/** The answer kept for the session's address, read again; null when there is none or it was forgotten by the server. */
export function useQualification(address: CheckedAddress | null) {
  return useQuery({
    queryKey: ["qualification", address?.qualificationId],
    enabled: address !== null,
    queryFn: async ({ signal }) =>
      (await call(ServiceQualificationDocument, { id: address?.qualificationId ?? "" }, { signal })).serviceQualification ?? null,
  });
}
