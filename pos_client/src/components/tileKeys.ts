/** Arrow keys in a grid of tiles that wraps as the screen allows. */

/** Where an arrow leads from a tile: a position, "out" above the first row, or null when nowhere. */
export function arrowTarget(key: string, position: number, count: number, columns: number): number | "out" | null {
  const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const step = steps[key];
  if (step === undefined) return null;
  const target = position + step;
  if (target >= 0) return target < count ? target : null;
  return key === "ArrowUp" ? "out" : null;
}

/** Tiles in the first row, by where they stand. */
export function columnsOf(tiles: readonly { offsetTop: number }[]): number {
  const top = tiles[0]?.offsetTop;
  const end = tiles.findIndex(({ offsetTop }) => offsetTop !== top);
  return end < 0 ? Math.max(1, tiles.length) : end;
}
