/** The products found, what merchandisers recommend beside them, and the way to more. */

import { Button } from "@mantine/core";
import { IconSparkles } from "@tabler/icons-react";
import { type RefObject, useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useShopContext } from "../session/shop";
import { ErrorNote } from "../ui/ErrorNote";
import { ProductCard } from "./ProductCard";
import { reportOpen } from "./reportOpen";
import type { SearchState } from "./searchState";
import { useNearbyStock } from "./useNearbyStock";
import { edgesOf, PAGE_SIZE, type SearchPage, type useResults } from "./useResults";

interface ResultListProps {
  results: ReturnType<typeof useResults>;
  pages: SearchPage[];
  state: SearchState;
}

export function ResultList({ results, pages, state }: ResultListProps) {
  const context = useShopContext();
  const edges = edgesOf(pages);
  const nearby = useNearbyStock(edges);
  const cards = useRef<HTMLDivElement>(null);
  const onMore = useFocusOnNew(cards, edges.length);
  return (
    <div className={results.isPlaceholderData ? "result-list result-list-old" : "result-list"}>
      {pages[0]?.spotlights?.map((spotlight) => <Spotlight key={spotlight.rule} spotlight={spotlight} text={state.text} />)}
      <div ref={cards} className="cards">
        {edges.map(({ node, storeQuantity, nearestStore }, index) => (
          <ProductCard key={node.id} product={node} storeQuantity={storeQuantity} nearest={nearestStore} nearby={nearby.get(node.id)}
            onOpen={() => reportOpen({ context, text: state.text, productId: node.id, position: index + 1, source: "RESULTS" })} />
        ))}
      </div>
      {edges.length > 0 && <More results={results} shown={edges.length} total={pages[0]?.totalCount ?? 0} onMore={onMore} />}
    </div>
  );
}

/** After "show more" the keyboard goes on with the first product that came: the button may be gone. */
function useFocusOnNew(cards: RefObject<HTMLDivElement | null>, count: number): () => void {
  const asked = useRef<number | null>(null);
  useEffect(() => {
    if (asked.current === null || count <= asked.current) return;
    const { activeElement } = document;
    const hasStayed = activeElement === document.body || activeElement?.closest(".results-more") !== null;
    if (hasStayed) cards.current?.children[asked.current]?.querySelector("a")?.focus({ preventScroll: true });
    asked.current = null;
  }, [cards, count]);
  return () => { asked.current = count; };
}

interface MoreProps {
  results: ResultListProps["results"];
  shown: number;
  total: number;
  onMore: () => void;
}

function More({ results, shown, total, onMore }: MoreProps) {
  const { t } = useTranslation();
  if (total <= PAGE_SIZE) return null;
  const loadMore = () => {
    onMore();
    void results.fetchNextPage();
  };
  return (
    <div className="results-more">
      <p role="status">{t("results.shownOf", { shown, total })}</p>
      <progress value={shown} max={total} aria-hidden />
      <ErrorNote error={results.isFetchNextPageError ? results.error : null} onRetry={loadMore} />
      {results.hasNextPage && (
        <Button variant="default" size="lg" loading={results.isFetchingNextPage} onClick={loadMore}>
          {t("results.more")}
        </Button>
      )}
    </div>
  );
}

type SpotlightData = NonNullable<SearchPage["spotlights"]>[number];

/** Said to be a recommendation: it is no part of what was found. */
function Spotlight({ spotlight, text }: { spotlight: SpotlightData; text: string }) {
  const { t } = useTranslation();
  const context = useShopContext();
  const title = useId();
  return (
    <section className="spotlight" aria-labelledby={title}>
      <header>
        <h2 id={title}>{spotlight.title}</h2>
        <span className="spotlight-label"><IconSparkles size={16} aria-hidden /> {t("results.recommended")}</span>
      </header>
      <div className="cards-row" tabIndex={0} role="group" aria-labelledby={title}>
        {spotlight.products.map((product, index) => (
          <ProductCard key={product.id} product={product} headingLevel={3}
            onOpen={() => reportOpen({ context, text, productId: product.id, position: index + 1, source: "SPOTLIGHT" })} />
        ))}
      </div>
    </section>
  );
}
