import { IconMapPin } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { AddressQuestion, AddressSuggestion } from "./answers";

/** The premises that could be meant, where the text named none exactly: one tap asks about it. */
export function Meant({ suggestions, onAsk }: { suggestions: readonly AddressSuggestion[]; onAsk: (question: AddressQuestion) => void }) {
  const { t } = useTranslation();
  if (!suggestions.length) return null;
  return (
    <div className="address-meant" role="group" aria-label={t("address.meant")}>
      <p>{t("address.meant")}</p>
      {suggestions.map(({ premisesId, label }) => (
        <button key={premisesId} type="button" className="suggestion" onClick={() => onAsk({ input: { premisesId }, typed: label })}>
          <IconMapPin size={18} aria-hidden /><span>{label}</span>
        </button>
      ))}
    </div>
  );
}
