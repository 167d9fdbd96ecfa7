import { useTranslation } from "react-i18next";
import { useOnline } from "../../hooks/useData";

/** What cannot be told while the server is out of reach. */
export function Offline() {
  const { t } = useTranslation();
  return useOnline() ? null : <p className="quiet-warning" role="status">{t("offers.offline")}</p>;
}
