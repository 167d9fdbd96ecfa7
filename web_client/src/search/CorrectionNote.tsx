/** What the search made of the words: corrected, left out, or a proposal. */

import { Trans, useTranslation } from "react-i18next";
import { withText } from "./searchState";
import type { SearchPartProps } from "./useResults";

export function CorrectionNote({ page, state, onChange }: SearchPartProps) {
  const { t } = useTranslation();
  if (!page.correction) return null;
  const { original, corrected, applied, dropped } = page.correction;
  if (!applied) {
    return (
      <p className="correction">
        <span>{t("results.didYouMean")}</span>
        <button type="button" className="link-button" onClick={() => onChange(withText(state, corrected))}>{corrected}</button>
      </p>
    );
  }
  if (state.verbatim) return null;
  return (
    <div className="correction">
      <p>
        <Trans i18nKey="results.showingFor" values={{ corrected }} components={{ b: <strong /> }} />{" "}
        {dropped.length > 0 && (
          <span className="correction-dropped">
            {t("results.leftOut")} {dropped.map((word) => <s key={word}>{word}</s>)}
          </span>
        )}
      </p>
      {/* Where words were left out, nothing has all of them: to insist on them leads nowhere. */}
      {dropped.length === 0 && (
        <p>
          <span>{t("results.insteadFor")}</span>
          <button type="button" className="link-button" onClick={() => onChange({ ...state, verbatim: true })}>{original}</button>
        </p>
      )}
    </div>
  );
}
