/** What the search field offers for the text in it: recent searches first, then queries, categories and products. Pure. */

import type { TypeaheadQuery } from "../gql/graphql";
import type { ViewedProduct } from "../session/stores";
import { searchAddress } from "./searchState";

export type Suggestions = TypeaheadQuery["typeahead"];
type SuggestedProduct = Suggestions["products"][number];

export interface Offer {
  key: string;
  label: string;
  /** Where it leads. */
  address: string;
  sign: "recent" | "query" | "category" | "product";
  product?: Pick<SuggestedProduct, "name" | "thumbnailUrl"> & { id?: string; price?: SuggestedProduct["price"] };
}

export interface OfferGroup {
  name: "recent" | "viewed" | "queries" | "categories" | "products";
  offers: Offer[];
}

const RECENT_WHILE_TYPING = 2;
const VIEWED = 4;

interface Sources {
  suggestions: Suggestions | undefined;
  recent: readonly string[];
  viewed: readonly ViewedProduct[];
}

/** The groups to offer, none of them empty. */
export function offersFor(text: string, { suggestions, recent, viewed }: Sources): OfferGroup[] {
  const typed = text.trim().toLowerCase();
  const groups: OfferGroup[] = typed === "" ? [
    { name: "recent", offers: recent.map((query) => queryOffer(query, "recent")) },
    { name: "viewed", offers: viewed.slice(0, VIEWED).map(viewedOffer) },
  ] : typedOffers(typed, recent, suggestions);
  return groups.filter(({ offers }) => offers.length > 0);
}

function typedOffers(typed: string, recent: readonly string[], suggestions: Suggestions | undefined): OfferGroup[] {
  const again = recent.filter((query) => query.toLowerCase().startsWith(typed) && query.toLowerCase() !== typed).slice(0, RECENT_WHILE_TYPING);
  const known = new Set(again.map((query) => query.toLowerCase()));
  // What a product below is called needs no search for it.
  for (const { name } of suggestions?.products ?? []) known.add(name.toLowerCase());
  const queries = (suggestions?.queries ?? []).filter((query) => !known.has(query.toLowerCase()));
  return [
    { name: "queries", offers: [...again.map((query) => queryOffer(query, "recent")), ...queries.map((query) => queryOffer(query, "query"))] },
    { name: "categories", offers: (suggestions?.categories ?? []).map(categoryOffer) },
    { name: "products", offers: (suggestions?.products ?? []).map(productOffer) },
  ];
}

function queryOffer(query: string, sign: "recent" | "query"): Offer {
  return { key: `${sign}:${query}`, label: query, address: searchAddress(query), sign };
}

function categoryOffer({ dimension, value, label }: Suggestions["categories"][number]): Offer {
  return { key: `category:${dimension}:${value}`, label, address: searchAddress("", dimension, value), sign: "category" };
}

function productOffer(product: SuggestedProduct): Offer {
  return { key: `product:${product.id}`, label: product.name, address: `/product/${product.slug}`, sign: "product", product };
}

function viewedOffer({ slug, name, thumbnailUrl }: ViewedProduct): Offer {
  return { key: `viewed:${slug}`, label: name, address: `/product/${slug}`, sign: "product", product: { name, thumbnailUrl } };
}

export interface Piece {
  text: string;
  isTyped: boolean;
}

/** A label cut into what was typed (the beginnings of its words; Chinese anywhere) and the rest. */
export function markTyped(label: string, typed: string): Piece[] {
  const words = [...new Set(typed.trim().toLowerCase().split(/\s+/))].filter(Boolean).sort((a, b) => b.length - a.length);
  if (words.length === 0) return [{ text: label, isTyped: false }];
  const escaped = words.map((word) => (/\p{Script=Han}/u.test(word) ? "" : "(?<![\\p{L}\\p{N}])") + word.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
  return label
    .split(new RegExp(`(${escaped.join("|")})`, "iu"))
    .map((text, index) => ({ text, isTyped: index % 2 === 1 }))
    .filter(({ text }) => text !== "");
}
