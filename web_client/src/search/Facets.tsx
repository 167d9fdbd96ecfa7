/** Guided navigation: every dimension with its true counts, in the order that the server gives. */

import { UnstyledButton } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useId, useState } from "react";
import { CategoryTree } from "./CategoryTree";
import { IN_STORE, InStore } from "./InStore";
import { RangeFields } from "./RangeFields";
import type { SearchState } from "./searchState";
import type { Dimension, SearchPartProps } from "./useResults";
import { ValueList } from "./ValueList";

/** Open from the start; the others show their name and open on demand. */
const OPEN_FIRST = 5;

export interface FacetProps {
  dimension: Dimension;
  state: SearchState;
  onChange: (state: SearchState) => void;
}

export function Facets({ page, state, onChange }: SearchPartProps) {
  const dimensions = page.dimensions ?? [];
  const shown = dimensions.filter((dimension) => dimension.name !== IN_STORE && isUseful(dimension));
  return (
    <div className="facets">
      <InStore dimension={dimensions.find(({ name }) => name === IN_STORE)} state={state} onChange={onChange} />
      {shown.map((dimension, index) => {
        const isChosen = state.refinements.some((refinement) => refinement.dimension === dimension.name);
        return <Facet key={dimension.name} dimension={dimension} state={state} onChange={onChange} initiallyOpen={index < OPEN_FIRST || isChosen} />;
      })}
    </div>
  );
}

function isUseful({ kind, values, minimum, maximum }: Dimension): boolean {
  if (kind === "RANGE") return minimum !== null && maximum !== null && (minimum !== maximum || values.length > 1);
  return values.length > 0;
}

function Facet({ initiallyOpen, ...props }: FacetProps & { initiallyOpen: boolean }) {
  const [isOpen, setOpen] = useState(initiallyOpen);
  const id = useId();
  const { dimension } = props;
  return (
    <section className="facet">
      <h2>
        <UnstyledButton className="facet-title" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
          {dimension.label}
          <IconChevronDown size={18} aria-hidden className={isOpen ? "turned" : ""} />
        </UnstyledButton>
      </h2>
      <div id={id} hidden={!isOpen} role="group" aria-label={dimension.label}>
        <FacetBody {...props} />
      </div>
    </section>
  );
}

function FacetBody(props: FacetProps) {
  const { kind, values } = props.dimension;
  if (kind === "HIERARCHY") return <CategoryTree {...props} />;
  return (
    <>
      {values.length > 0 && <ValueList {...props} />}
      {kind === "RANGE" && <RangeFields {...props} />}
    </>
  );
}
