/** What merchandisers recommend beside a search, under the products: what was found stays where it is under the finger. */

import { IconSparkles } from "@tabler/icons-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Hit } from "../domain/search";
import type { Products, Recommended } from "../hooks/useProducts";
import { Tile } from "./ProductGrid";

interface Props {
  products: Products;
  /** `position` from 1. */
  onChoose: (hit: Hit, position: number) => void;
}

export function Spotlights({ products, onChoose }: Props) {
  if (products.spotlights.length === 0) return null;
  return (
    <div className="spotlights">
      {products.spotlights.map((spotlight) => <Spotlight key={spotlight.rule} spotlight={spotlight} products={products} onChoose={onChoose} />)}
    </div>
  );
}

function Spotlight({ spotlight: { title, hits }, products, onChoose }: Props & { spotlight: Recommended }) {
  const { t } = useTranslation();
  const heading = useId();
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading}><IconSparkles size={18} aria-hidden /> {title} <span>{t("search.recommended")}</span></h2>
      <ul className="spotlight-tiles">
        {hits.map((hit, index) => <li key={hit.group.productId}><Tile hit={hit} products={products} onChoose={() => onChoose(hit, index + 1)} /></li>)}
      </ul>
    </section>
  );
}
