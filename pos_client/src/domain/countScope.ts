/** What an ad hoc count is of: the whole store, a room, a category, chosen articles, or the lines that cannot be right. Pure. */

export const SCOPES = ["ALL", "ROOM", "CATEGORY", "SKUS", "PROBLEM_LINE"] as const;
export type Scope = (typeof SCOPES)[number];

/** The most articles that can be chosen singly: what one act may tell. */
export const MOST_ARTICLES = 500;

export interface Choice {
  scope: Scope;
  roomId: string;
  category: string;
  skus: readonly string[];
}

export const WHOLE: Choice = { scope: "ALL", roomId: "", category: "", skus: [] };

/** The choice with one more article; the latest is first. */
export function withArticle(choice: Choice, sku: string): Choice {
  if (choice.skus.includes(sku) || choice.skus.length >= MOST_ARTICLES) return choice;
  return { ...choice, skus: [sku, ...choice.skus] };
}

export function withoutArticle(choice: Choice, sku: string): Choice {
  return { ...choice, skus: choice.skus.filter((one) => one !== sku) };
}

/** Whether all is named that the scope needs. */
export function isReady({ scope, roomId, category, skus }: Choice): boolean {
  if (scope === "ROOM") return roomId !== "";
  if (scope === "CATEGORY") return category !== "";
  return scope !== "SKUS" || skus.length > 0;
}

/** The facts of the act that opens it; what the scope does not need is left out. */
export function openFacts({ scope, roomId, category, skus }: Choice, name: string): Record<string, unknown> & { name: string } {
  if (scope === "PROBLEM_LINE") return { name, type: "PROBLEM_LINE", scope: "ALL" };
  const named = scope === "ROOM" ? { roomId } : scope === "CATEGORY" ? { category } : scope === "SKUS" ? { skus } : {};
  return { name, type: "AD_HOC", scope, ...named };
}
