/** The frame of a screen in a section: the way back, its title (which gets the focus, so that it is read out), and what it holds. */

import { Button } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  title: string;
  /** The address that the way back leads to. */
  backTo: string;
  side?: ReactNode;
  children: ReactNode;
}

export function Frame({ title, backTo, side, children }: Props) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [title]);
  return (
    <div className="stock-screen">
      <header className="stock-head">
        <Button variant="subtle" size="md" leftSection={<IconArrowLeft size={20} aria-hidden />} onClick={() => { window.location.hash = backTo; }}>{t("action.back")}</Button>
        <h1 ref={heading} tabIndex={-1}>{title}</h1>
        <span className="spacer" />
        {side}
      </header>
      <div className="stock-body">{children}</div>
    </div>
  );
}
