/** The ways to the address check: the session's address below the header, and a call to name one. */

import { DateChip } from "@shared/DateChip";
import { ActionIcon, Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconMapPin, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { checkedAddress } from "../session/stores";
import { isExpired } from "@shared/address/answers";
import { AddressDialog } from "./AddressDialog";
import { useQualification } from "./useAddress";

/** Which address the shop answers for, to change or forget. Nothing until one was checked. */
export function AddressChip() {
  const { t } = useTranslation();
  const address = checkedAddress.use();
  const [opened, { open, close }] = useDisclosure(false);
  if (!address) return null;
  return (
    <div className="address-bar">
      <div className="wrap address-bar-row">
        <button type="button" className="address-chip" onClick={open} aria-haspopup="dialog">
          <IconMapPin size={18} aria-hidden />
          <span className="sr-only">{t("address.yours")}: </span>
          <span className="address-chip-text">{address.label}</span>
          <span className="address-chip-change">{t(isExpired(address) ? "address.askAgain" : "common.change")}</span>
        </button>
        <ActionIcon variant="subtle" color="dark" aria-label={t("address.forget")} onClick={() => checkedAddress.set(null)}><IconX size={18} /></ActionIcon>
      </div>
      <AddressDialog opened={opened} onClose={close} />
    </div>
  );
}

/** The call to name an address; with one, the short answer for it. */
export function AddressEntry({ text }: { text?: string }) {
  const { t } = useTranslation();
  const address = checkedAddress.use();
  const qualification = useQualification(address);
  const [opened, { open, close }] = useDisclosure(false);
  const broadband = qualification.data?.items.find(({ category }) => category === "BROADBAND");
  return (
    <div className="address-entry">
      <IconMapPin size={28} stroke={1.6} aria-hidden />
      <div>
        <p><strong>{address ? t("address.result") : t("address.title")}</strong></p>
        {!address && <p>{text ?? t("address.text")}</p>}
        {/* Which address it is, the bar below the header says. */}
        {address && broadband && (
          <p className="address-entry-result">{t("service.BROADBAND")}: {t(`serviceResult.${broadband.result}`)} <DateChip day={broadband.serviceAvailabilityDate} later={broadband.result !== "QUALIFIED"} /></p>
        )}
      </div>
      <Button variant="light" onClick={open} aria-haspopup="dialog">{t(address ? "address.details" : "address.check")}</Button>
      <AddressDialog opened={opened} onClose={close} />
    </div>
  );
}
