/** Above the results: the way to the filters where they have no column of their own, and the order. */

import { Button, Drawer, Select } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { SearchSort } from "../gql/graphql";
import { stockScope } from "../session/stores";
import { useLocate } from "../stores/useLocate";
import { Facets } from "./Facets";
import { FacetSkeletons } from "./FacetSkeletons";
import { type SearchState, SORTS } from "./searchState";
import { type Dimension, type SearchPage, useNear } from "./useResults";

interface ToolbarProps {
  page?: SearchPage;
  state: SearchState;
  isLoading: boolean;
  onChange: (state: SearchState) => void;
}

export function Toolbar({ page, state, isLoading, onChange }: ToolbarProps) {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  const chosen = state.refinements.length;
  const sorts = sortsFor(page?.dimensions ?? [], state.sort);
  const locate = useLocate();
  const near = useNear();
  // Whoever asks for the nearest is asked where that is from.
  const choose = (sort: SearchSort) => {
    if (sort === "DISTANCE" && !near) {
      stockScope.set("near");
      locate.locate();
    }
    onChange({ ...state, sort });
  };
  return (
    <div className="toolbar">
      <Button className="toolbar-filter" variant="default" leftSection={<IconAdjustmentsHorizontal size={20} aria-hidden />} onClick={open}
        aria-haspopup="dialog">
        {t("results.filters")}
        {chosen > 0 && <span className="toolbar-count">({chosen})</span>}
      </Button>
      <Select
        className="toolbar-sort"
        aria-label={t("results.sort")}
        data={sorts.map((sort) => ({ value: sort, label: t(`sort.${sort}`) }))}
        value={state.sort}
        allowDeselect={false}
        onChange={(sort) => choose(sort as SearchSort)}
      />
      {locate.problem && <p className="field-problem toolbar-problem" role="alert">{locate.problem}</p>}
      <FilterDrawer opened={opened} onClose={close} page={page} state={state} isLoading={isLoading} onChange={onChange} />
    </div>
  );
}

/** The orders on offer: by monthly price only where products have one. */
function sortsFor(dimensions: readonly Dimension[], current: SearchSort): SearchSort[] {
  const isMonthly = current === "MONTHLY_PRICE_ASC" || dimensions.some(({ name }) => name === "monthly_price");
  return SORTS.filter((sort) => sort !== "MONTHLY_PRICE_ASC" || isMonthly);
}

interface FilterDrawerProps extends ToolbarProps {
  opened: boolean;
  onClose: () => void;
}

/** All filters over the page; what they would show is counted at its foot while one chooses. */
function FilterDrawer({ opened, onClose, page, state, isLoading, onChange }: FilterDrawerProps) {
  const { t } = useTranslation();
  const isPhone = useMediaQuery("(max-width: 600px)");
  return (
    <Drawer opened={opened} onClose={onClose} title={t("results.filters")} position={isPhone ? "bottom" : "left"} size={isPhone ? "88%" : 420}
      className="filter-drawer" closeButtonProps={{ "aria-label": t("common.close") }}>
      {page ? <Facets page={page} state={state} onChange={onChange} /> : <FacetSkeletons />}
      <div className="drawer-foot">
        {state.refinements.length > 0 && (
          <Button variant="default" size="lg" onClick={() => onChange({ ...state, refinements: [] })}>{t("results.clearFilters")}</Button>
        )}
        <Button size="lg" onClick={onClose} data-loading-soft={isLoading || undefined}>
          <span aria-live="polite">{t("results.show", { count: page?.totalCount ?? 0 })}</span>
        </Button>
      </div>
    </Drawer>
  );
}
