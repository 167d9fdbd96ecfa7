/** What an address can have: service by service, from when, why not, and what else. */

import { DateChip } from "@shared/DateChip";
import { Button } from "@mantine/core";
import { formatMoment } from "@shared/time";
import { IconCircleCheck, IconCircleX, IconClockHour4, IconPhone, IconRouter, IconDeviceMobile, IconDeviceTv } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { isExpired, type Qualification, type QualificationItem } from "./answers";

interface QualificationViewProps {
  qualification: Qualification;
  isAsking?: boolean;
  onAskAgain: () => void;
  /** What is offered where a service cannot be had. */
  waiting?: (category: QualificationItem["category"]) => ReactNode;
}

export function QualificationView({ qualification, isAsking, onAskAgain, waiting }: QualificationViewProps) {
  const { t, i18n } = useTranslation();
  const isOld = isExpired(qualification);
  return (
    <section className="qualification" aria-label={t("address.result")}>
      {qualification.matchConfidence !== "EXACT" && <p className="qualification-note">{t(`matchConfidence.${qualification.matchConfidence}`)}</p>}
      <ul className="services">
        {qualification.items.map((item) => <Service key={item.category} item={item} waiting={waiting} />)}
      </ul>
      {qualification.items.length === 0 && <p>{t("address.nothing")}</p>}
      <p className="qualification-until">
        {isOld ? t("address.expired") : t("address.until", { moment: formatMoment(qualification.expirationDate, i18n.language) })}
        {isOld && <Button size="sm" variant="light" loading={isAsking} onClick={onAskAgain}>{t("address.askAgain")}</Button>}
      </p>
    </section>
  );
}

const SERVICES = { BROADBAND: IconRouter, TV: IconDeviceTv, VOICE: IconPhone, MOBILE: IconDeviceMobile };
const RESULTS = { QUALIFIED: IconCircleCheck, ALTERNATE: IconClockHour4, UNQUALIFIED: IconCircleX };

function Service({ item, waiting }: { item: QualificationItem } & Pick<QualificationViewProps, "waiting">) {
  const { t } = useTranslation();
  const Sign = SERVICES[item.category];
  const Result = RESULTS[item.result];
  const alternates = item.alternates.filter(
    ({ category, technology, alternateServiceAvailabilityDate: day }) =>
      category !== item.category || technology !== item.technology || day !== item.serviceAvailabilityDate,
  );
  return (
    <li className={`service service-${item.result.toLowerCase()}`} data-category={item.category}>
      <h3><Sign size={22} aria-hidden />{t(`service.${item.category}`)}</h3>
      <p className="service-result"><Result size={20} aria-hidden /><strong>{t(`serviceResult.${item.result}`)}</strong></p>
      <DateChip day={item.serviceAvailabilityDate} later={item.result === "ALTERNATE"} />
      {item.technology && <p className="service-line"><Speed technology={item.technology} down={item.downloadMbps} up={item.uploadMbps} /></p>}
      {item.reasons.map(({ code, label }) => <p key={code} className="service-line" data-code={code}>{label}</p>)}
      {alternates.length > 0 && (
        <div className="service-alternates">
          <p>{t("address.instead")}</p>
          <ul>
            {alternates.map(({ category, technology, downloadMbps, alternateServiceAvailabilityDate }) => (
              <li key={category + technology}>
                <span>{category !== item.category && `${t(`service.${category}`)} · `}<Speed technology={technology} down={downloadMbps} /></span>
                <DateChip day={alternateServiceAvailabilityDate} later />
              </li>
            ))}
          </ul>
        </div>
      )}
      {item.result === "UNQUALIFIED" && waiting?.(item.category)}
    </li>
  );
}

function Speed({ technology, down, up }: { technology: string; down?: number | null; up?: number | null }) {
  const { t } = useTranslation();
  const name = t(`technology.${technology}`, { defaultValue: technology });
  const speeds = [down && t("address.down", { speed: down }), up && t("address.up", { speed: up })].filter(Boolean);
  return <>{[name, ...speeds].join(" · ")}</>;
}
