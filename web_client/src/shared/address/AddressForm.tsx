/** The field for an address: a combobox that suggests known premises; what is typed out may be checked as it is. */

import { Button, TextInput } from "@mantine/core";
import { optionId, useCombobox } from "@shared/useCombobox";
import { IconMapPin } from "@tabler/icons-react";
import { type FocusEvent, type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AddressQuestion, AddressSuggestion } from "./answers";

interface AddressFormProps {
  isPending: boolean;
  /** Known premises for a text, asked for only while `enabled`. A hook: it is called at each drawing. */
  useSuggestions: (text: string, enabled: boolean) => AddressSuggestion[];
  onAsk: (question: AddressQuestion) => void;
  /** What the field and its button are called: a shopper asks about their own address, a clerk about the customer's. */
  label: string;
  action: string;
}

const MAX_LENGTH = 300;

export function AddressForm({ isPending, useSuggestions, onAsk, label, action }: AddressFormProps) {
  const { t } = useTranslation();
  const list = useId();
  const [text, setText] = useState("");
  const [isUsed, setUsed] = useState(false);
  const suggestions = useSuggestions(text, isUsed);
  const ask = (question: AddressQuestion) => {
    box.close();
    setText(question.typed);
    onAsk(question);
  };
  const choose = (index: number) => {
    const chosen = suggestions[index];
    if (chosen) ask({ input: { premisesId: chosen.premisesId }, typed: chosen.label });
  };
  const box = useCombobox({ keys: suggestions.map(({ premisesId }) => premisesId), onChoose: choose, onClear: () => setText("") });
  const isListed = box.isOpen && suggestions.length > 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const typed = text.trim();
    if (typed) ask({ input: { addressText: typed }, typed });
  };
  const onBlur = (event: FocusEvent<HTMLFormElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) box.close();
  };
  return (
    <form className="address-form" onSubmit={submit} onBlur={onBlur}>
      <div className="address-field">
        <TextInput value={text} label={label} placeholder={t("address.example")} data-autofocus maxLength={MAX_LENGTH}
          onChange={(event) => { setUsed(true); setText(event.currentTarget.value); box.typed(); }}
          onFocus={box.open} onKeyDown={box.onKeyDown} role="combobox" aria-autocomplete="list" aria-expanded={isListed}
          aria-controls={isListed ? list : undefined} aria-activedescendant={isListed && box.active >= 0 ? optionId(list, box.active) : undefined}
          autoComplete="off" spellCheck={false} enterKeyHint="search" leftSection={<IconMapPin size={20} aria-hidden />} />
        {isListed && (
          <ul id={list} role="listbox" aria-label={t("address.suggestions")} className="address-suggestions">
            {suggestions.map((suggestion, index) => (
              // The field keeps the focus: the list is worked by the keyboard from there.
              <li key={suggestion.premisesId} id={optionId(list, index)} role="option" aria-selected={index === box.active} className="suggestion"
                onMouseDown={(event) => event.preventDefault()} onClick={() => choose(index)}>
                <IconMapPin size={18} aria-hidden /><span>{suggestion.label}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
      <Button type="submit" loading={isPending} disabled={!text.trim()}>{action}</Button>
      <p className="sr-only" role="status">{isListed ? t("address.count", { count: suggestions.length }) : ""}</p>
    </form>
  );
}
