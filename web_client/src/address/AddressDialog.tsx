/** "Can I have it where I live, and when?": asked in a dialog, answered there, kept for the session. */

import { Button, Modal, Skeleton } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { AddressForm } from "@shared/address/AddressForm";
import { questionOf } from "@shared/address/answers";
import { Meant } from "@shared/address/Meant";
import { QualificationView } from "@shared/address/QualificationView";
import { IconMapPin } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { checkedAddress } from "../session/stores";
import { ErrorNote } from "../ui/ErrorNote";
import { useAddressSuggestions, useCheckAddress, useQualification } from "./useAddress";
import { WaitForm } from "./WaitForm";

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
  return (
    <div className="address-check">
      <AddressForm isPending={check.isPending} useSuggestions={useAddressSuggestions} onAsk={check.mutate} label={t("address.field")} action={t("address.check")} />
      <ErrorNote error={check.error} onRetry={() => check.variables && check.mutate(check.variables)} />
      <Meant suggestions={check.data?.suggestions ?? []} onAsk={check.mutate} />
      {address && !check.isError && (
        <div aria-live="polite">
          <p className="address-asked"><IconMapPin size={20} aria-hidden /><strong>{address.label}</strong></p>
          {qualification.isPending && <Skeleton height={160} radius="lg" aria-label={t("common.loading")} />}
          <ErrorNote error={qualification.error} onRetry={() => void qualification.refetch()} />
          {qualification.data && (
            <QualificationView qualification={qualification.data} isAsking={check.isPending} onAskAgain={() => check.mutate(questionOf(address))}
              waiting={(category) => <WaitForm qualificationId={address.qualificationId} category={category} />} />
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
