/** A dialog in the till's manner: one heading, room for fingers, full screen on a phone. */

import { Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  title: string;
  onClose: () => void;
  size?: number;
  children: ReactNode;
}

export function Dialog({ title, onClose, size = 560, children }: Props) {
  const { t } = useTranslation();
  const phone = useMediaQuery("(max-width: 600px)");
  return (
    <Modal.Root
      opened onClose={onClose} size={size} fullScreen={phone} centered lockScroll={false} radius="lg" transitionProps={{ duration: 120, transition: "fade" }}
    >
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body>
          <div className="dialog-head">
            <Modal.Title>{title}</Modal.Title>
            <Modal.CloseButton aria-label={t("action.close")} size={48} />
          </div>
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
