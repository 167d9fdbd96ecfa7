import { useTranslation } from "react-i18next";
import type { Choosing } from "./useChoice";

/** What a tap on a remedy has changed, and the way back. */
export function Mended({ mending }: Pick<Choosing, "mending">) {
  const { t } = useTranslation();
  return (
    <div role="status" className="bundle-mended">
      {mending && <p><span>{t("bundle.mended", { remedy: mending.remedy })}</span><button type="button" className="link-button" onClick={mending.undo}>{t("bundle.undo")}</button></p>}
    </div>
  );
}
