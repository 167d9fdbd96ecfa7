/** "Can I have it where I live, and when?": asked in a dialog, answered there, kept for the session. */

import { Button, Modal, Skeleton } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconMapPin } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { checkedAddress } from "../session/stores";
import { ErrorNote } from "../ui/ErrorNote";
import { AddressForm } from "./AddressForm";
import { QualificationView } from "./QualificationView";
import { questionOf, useCheckAddress, useQualification } from "./useAddress";

export function AddressDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const isPhone = useMediaQuery("(max-width: 600px)");
  return (
    <Modal opened={opened} onClose={onClose} title={t("address.title")} size="lg" fullScreen={isPhone} radius="lg"
      closeButtonProps={{ "aria-label": t("common.close") }}>
      <AddressCheck onDone={onClose} />
    </Modal>
  );
}

function AddressCheck({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const address = checkedAddress.use();
  const check = useCheckAddress();
  const qualification = useQualification(address);
  const meant = check.data?.suggestions ?? [];
  return (
    <div className="address-check">
      <AddressForm isPending={check.isPending} onAsk={check.mutate} />
      <ErrorNote error={check.error} onRetry={() => check.variables && check.mutate(check.variables)} />
      {meant.length > 0 && (
        <div className="address-meant" role="group" aria-label={t("address.meant")}>
          <p>{t("address.meant")}</p>
          {meant.map(({ premisesId, label }) => (
            <button key={premisesId} type="button" className="suggestion" onClick={() => check.mutate({ input: { premisesId }, typed: label })}>
              <IconMapPin size={18} aria-hidden /><span>{label}</span>
            </button>
          ))}
        </div>
      )}
      {address && !check.isError && (
        <div aria-live="polite">
          <p className="address-asked"><IconMapPin size={20} aria-hidden /><strong>{address.label}</strong></p>
          {qualification.isPending && <Skeleton height={160} radius="lg" aria-label={t("common.loading")} />}
          <ErrorNote error={qualification.error} onRetry={() => void qualification.refetch()} />
          {qualification.data && (
            <QualificationView qualification={qualification.data} isAsking={check.isPending} onAskAgain={() => check.mutate(questionOf(address))} />
          )}
          {qualification.data === null && (
            <p>{t("address.expired")} <button type="button" className="link-button" onClick={() => check.mutate(questionOf(address))}>{t("address.askAgain")}</button></p>
          )}
          <div className="modal-ways"><Button onClick={onDone}>{t("address.use")}</Button></div>
        </div>
      )}
    </div>
  );
}
