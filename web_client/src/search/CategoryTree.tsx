/** A hierarchy: down into a branch, and back up to where it came from. */

import { IconArrowLeft } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { openValues, type TreeNode, treeOf } from "./categoryTree";
import type { FacetProps } from "./Facets";
import { chosenValues, toggleValue, withRefinement } from "./searchState";
import type { DimensionValue } from "./useResults";

export function CategoryTree({ dimension, state, onChange }: FacetProps) {
  const { t } = useTranslation();
  const chosen = chosenValues(state, dimension.name);
  const current = chosen.length === 1 ? dimension.values.find(({ value }) => value === chosen[0]) : undefined;
  const parent = dimension.values.find(({ value }) => value === current?.parent);
  const open = openValues(dimension.values, chosen);
  const goUp = () => onChange(withRefinement(state, { dimension: dimension.name, values: parent ? [parent.value] : [] }));
  return (
    <div className="tree">
      {chosen.length > 0 && (
        <button type="button" className="tree-back" onClick={goUp}>
          <IconArrowLeft size={18} aria-hidden />
          <span className="sr-only">{t("results.backTo")} </span>
          {parent?.label ?? t("results.allOf", { label: dimension.label })}
        </button>
      )}
      <Branch nodes={treeOf(dimension.values)} open={open} chosen={chosen}
        onChoose={(value) => onChange(toggleValue(state, dimension.name, value, true))} />
    </div>
  );
}

interface BranchProps {
  nodes: TreeNode<DimensionValue>[];
  open: Set<string>;
  chosen: string[];
  onChoose: (value: string) => void;
}

function Branch({ nodes, open, chosen, onChoose }: BranchProps) {
  return (
    <ul className="tree-branch">
      {nodes.map(({ value: { value, label, count }, children }) => {
        const isChosen = chosen.includes(value);
        return (
          <li key={value}>
            <button type="button" className="tree-value" aria-pressed={isChosen} disabled={count === 0 && !isChosen} onClick={() => onChoose(value)}>
              <span>{label}</span> <span className="facet-count">{count}</span>
            </button>
            {children.length > 0 && open.has(value) && <Branch nodes={children} open={open} chosen={chosen} onChoose={onChoose} />}
          </li>
        );
      })}
    </ul>
  );
}
