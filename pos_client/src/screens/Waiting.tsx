/** The till's outline while its catalogue is read from the device. */

import { useTranslation } from "react-i18next";

export function Waiting() {
  const { t } = useTranslation();
  return (
    <main className="waiting" aria-busy="true">
      <p className="hidden-text" role="status">{t("loading.title")}</p>
      <div className="bar" aria-hidden />
      <div className="search" aria-hidden><span className="skeleton skeleton-box" /><span className="skeleton skeleton-chips" /></div>
      <div className="products" aria-hidden>
        <div className="tiles">{Array.from({ length: 12 }, (_, index) => <span key={index} className="skeleton skeleton-tile" />)}</div>
      </div>
    </main>
  );
}
