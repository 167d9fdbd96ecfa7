import { useState } from "react";
import { useTranslation } from "react-i18next";
import { place } from "../session/stores";

const PATIENCE = 10_000;

/** Asks the browser where the shopper is, only when told to; the answer is kept for this session alone. */
export function useLocate() {
  const { t } = useTranslation();
  const [isLocating, setLocating] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const locate = () => {
    if (!("geolocation" in navigator)) {
      setProblem(t("stores.noLocation"));
      return;
    }
    setLocating(true);
    setProblem(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        place.set({ latitude: coords.latitude, longitude: coords.longitude });
        setLocating(false);
      },
      (error) => {
        const isRefused = error.code === error.PERMISSION_DENIED;
        setProblem(t(isRefused ? "stores.locationRefused" : "stores.noLocation"));
        setLocating(false);
      },
      { timeout: PATIENCE, maximumAge: 5 * 60_000 },
    );
  };
  return { locate, isLocating, problem };
}
