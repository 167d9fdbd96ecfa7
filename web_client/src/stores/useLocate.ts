import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Place, place } from "../session/stores";

const PATIENCE = 10_000;
/** To a tenth of a kilometre: enough to tell the nearest store by, and no house number. */
const PARTS_OF_DEGREE = 1000;

export const coarse = ({ latitude, longitude }: Place): Place => ({
  latitude: Math.round(latitude * PARTS_OF_DEGREE) / PARTS_OF_DEGREE,
  longitude: Math.round(longitude * PARTS_OF_DEGREE) / PARTS_OF_DEGREE,
});

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
        place.set(coarse(coords));
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
