/** What one can take home today: in the chosen store, or near where one is. */

import { Button, Switch } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBuildingStore, IconCurrentLocation } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { chosenStore, stockScope } from "../session/stores";
import { StorePicker } from "../stores/StorePicker";
import { useLocate } from "../stores/useLocate";
import { chosenValues, type SearchState, toggleValue } from "./searchState";
import { type Dimension, useNear } from "./useResults";

export const IN_STORE = "in_store";
const YES = "true";

interface InStoreProps {
  dimension: Dimension | undefined;
  state: SearchState;
  onChange: (state: SearchState) => void;
}

export function InStore({ dimension, state, onChange }: InStoreProps) {
  const { t } = useTranslation();
  const store = chosenStore.use();
  const isNear = useNear() !== null;
  const value = dimension?.values.find((known) => known.value === YES) ?? dimension?.values[0];
  const isOn = chosenValues(state, IN_STORE).includes(YES);
  return (
    <section className="in-store" aria-label={t("inStore.title")}>
      {value ? (
        <Switch className="in-store-switch" size="md" checked={isOn} disabled={value.count === 0 && !isOn} labelPosition="left"
          onChange={() => onChange(toggleValue(state, IN_STORE, YES))}
          label={<><strong>{value.label}</strong> <span className="facet-count">{value.count}</span></>} />
      ) : (
        <p><strong>{t("inStore.title")}</strong> {t("inStore.text")}</p>
      )}
      <Ways storeName={store?.name} isNear={isNear} />
    </section>
  );
}

/** Whose stock is meant: the chosen store's, or that of the stores around. */
function Ways({ storeName, isNear }: { storeName: string | undefined; isNear: boolean }) {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  const locate = useLocate();
  const nearMe = () => {
    stockScope.set("near");
    locate.locate();
  };
  return (
    <div className="in-store-ways">
      {storeName && isNear && (
        <Button size="sm" variant="default" leftSection={<IconBuildingStore size={18} aria-hidden />} onClick={() => stockScope.set("store")}>
          {storeName}
        </Button>
      )}
      <Button size="sm" variant="default" onClick={open} aria-haspopup="dialog">
        {t(storeName ? "inStore.otherStore" : "stores.choose")}
      </Button>
      {!isNear && (
        <Button size="sm" variant="default" leftSection={<IconCurrentLocation size={18} aria-hidden />} loading={locate.isLocating} onClick={nearMe}>
          {t("inStore.nearMe")}
        </Button>
      )}
      {locate.problem && <p className="field-problem" role="alert">{locate.problem}</p>}
      <StorePicker opened={opened} onClose={close} onChoose={(store) => { chosenStore.set(store); stockScope.set("store"); close(); }} />
    </div>
  );
}
