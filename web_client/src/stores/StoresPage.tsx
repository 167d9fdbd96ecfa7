import { useTranslation } from "react-i18next";
import { chosenStore } from "../session/stores";
import { useTitle } from "../ui/Layout";
import { remembered, StoreList } from "./StorePicker";

export function StoresPage() {
  const { t } = useTranslation();
  useTitle(t("stores.all"));
  return (
    <div className="wrap page narrow">
      <h1>{t("stores.all")}</h1>
      <StoreList onChoose={(store) => chosenStore.set(remembered(store))} />
    </div>
  );
}
