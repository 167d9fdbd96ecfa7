/** The one box for typing and scanning. */

import { CloseButton, TextInput } from "@mantine/core";
import { IconBarcode } from "@tabler/icons-react";
import type { RefObject } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  box: RefObject<HTMLInputElement | null>;
  text: string;
  onChange: (text: string) => void;
  onSubmit: () => void;
  /** The arrow that leads out of the box into the products. */
  onDown: () => void;
}

export function SearchBox({ box, text, onChange, onSubmit, onDown }: Props) {
  const { t } = useTranslation();
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown") {
      event.preventDefault();
      onDown();
    }
    if (event.key === "Escape") onChange("");
  };
  return (
    <form role="search" onSubmit={(event) => { event.preventDefault(); onSubmit(); }}>
      <TextInput
        ref={box} size="lg" type="search" aria-label={t("search.label")} placeholder={t("search.placeholder")} value={text} autoComplete="off" autoCorrect="off"
        spellCheck={false} enterKeyHint="done" maxLength={200} leftSection={<IconBarcode size={24} aria-hidden />}
        onChange={(event) => onChange(event.currentTarget.value)} onKeyDown={onKeyDown}
        rightSection={text && <CloseButton size={44} aria-label={t("search.clear")} onClick={() => { onChange(""); box.current?.focus(); }} />} rightSectionWidth={48}
      />
    </form>
  );
}
