/**
 * What a shopper has chosen from an offer. Pure.
 *
 * A unit lies in a group and in an instance: the instance counts the one repeatable group around it (line 3 of a family plan), and is 1 where there is
 * none. What is allowed is for the server to say: nothing here judges a choice.
 */

import type { BundleConfigurationInput, BundleOfferFieldsFragment } from "../gql/graphql";

export type Offer = BundleOfferFieldsFragment;
export type Group = Offer["groups"][number];
export type Option = Group["options"][number];

export interface Place {
  group: string;
  instance: number;
  sku: string;
}

export interface Selection extends Place {
  quantity: number;
}

export interface Choice {
  term: number;
  selections: Selection[];
  /** How many instances of each repeatable group are shown, empty ones counted. */
  instances: Record<string, number>;
}

export const placeKey = ({ group, instance, sku }: Place) => `${group}|${instance}|${sku}`;

/** The groups right below one; those at the top for null. */
export function childrenOf(offer: Offer, parent: string | null): Group[] {
  return offer.groups.filter((group) => (group.parent ?? null) === parent);
}

/** The code of the repeatable group that a group is or lies in; null where there is none. */
export function lineOf(offer: Offer, code: string): string | null {
  let group = offer.groups.find((one) => one.code === code);
  while (group) {
    if (group.maximumInstances > 1) return group.code;
    const { parent } = group;
    group = offer.groups.find((one) => one.code === parent);
  }
  return null;
}

/** One option at most: chosen like a radio button. */
export function isSingle(offer: Offer, group: Group): boolean {
  return group.upperLimit === 1 && childrenOf(offer, group.code).length === 0;
}

/** The offer's defaults in as many instances as it must have (one at least), with the product that the shopper came for. */
export function suggested(offer: Offer, wanted?: string | null): Choice {
  const repeated = offer.groups.filter((group) => group.maximumInstances > 1);
  const instances = Object.fromEntries(repeated.map((group) => [group.code, Math.max(1, group.minimumInstances)]));
  const selections = offer.groups.flatMap((group) => {
    const line = lineOf(offer, group.code);
    const count = line === null ? 1 : (instances[line] ?? 1);
    return Array.from({ length: count }, (_, index) => defaultsOf(group, index + 1)).flat();
  });
  const choice = { term: offer.terms[0] ?? 0, selections, instances };
  const holder = wanted ? offer.groups.find((group) => group.options.some(({ sku }) => sku === wanted)) : undefined;
  return holder && wanted ? withUnits(offer, choice, { group: holder.code, instance: 1, sku: wanted }, 1) : choice;
}

function defaultsOf(group: Group, instance: number): Selection[] {
  return group.options.flatMap(({ sku, default: quantity }) => (quantity > 0 ? [{ group: group.code, instance, sku, quantity }] : []));
}

export function unitsOf(choice: Choice, place: Place): number {
  return choice.selections.find((one) => placeKey(one) === placeKey(place))?.quantity ?? 0;
}

/** So many units at a place; in a group for one the others make room. */
export function withUnits(offer: Offer, choice: Choice, place: Place, quantity: number): Choice {
  const group = offer.groups.find(({ code }) => code === place.group);
  const makesRoom = quantity > 0 && !!group && isSingle(offer, group);
  const rest = choice.selections.filter((one) => {
    const isBeside = one.group === place.group && one.instance === place.instance;
    return makesRoom ? !isBeside : placeKey(one) !== placeKey(place);
  });
  const { group: code, instance, sku } = place;
  return { ...choice, selections: quantity > 0 ? [...rest, { group: code, instance, sku, quantity }] : rest };
}

/** Nothing of a group for one. */
export function withNone(choice: Choice, group: string, instance: number): Choice {
  return { ...choice, selections: choice.selections.filter((one) => one.group !== group || one.instance !== instance) };
}

/** One more line, with the offer's defaults in it. */
export function withLine(offer: Offer, choice: Choice, line: string): Choice {
  const instance = (choice.instances[line] ?? 0) + 1;
  const added = offer.groups.filter(({ code }) => lineOf(offer, code) === line).flatMap((group) => defaultsOf(group, instance));
  return { ...choice, selections: [...choice.selections, ...added], instances: { ...choice.instances, [line]: instance } };
}

/** Without a line; those after it move up. */
export function withoutLine(offer: Offer, choice: Choice, line: string, instance: number): Choice {
  const selections = choice.selections.flatMap((one) => {
    if (lineOf(offer, one.group) !== line || one.instance < instance) return [one];
    return one.instance === instance ? [] : [{ ...one, instance: one.instance - 1 }];
  });
  return { ...choice, selections, instances: { ...choice.instances, [line]: (choice.instances[line] ?? 1) - 1 } };
}

/** The choice as the API takes it, in the offer's own order, so that the same choice is the same question. */
export function inputOf(offer: Offer, choice: Choice, qualificationId: string | null): BundleConfigurationInput {
  const order = new Map(offer.groups.map(({ code }, index) => [code, index]));
  const selections = choice.selections
    .map(({ group, instance, sku, quantity }) => ({ group, instance, sku, quantity }))
    .sort((a, b) => (order.get(a.group) ?? 0) - (order.get(b.group) ?? 0) || a.instance - b.instance || (a.sku < b.sku ? -1 : 1));
  return { offerCode: offer.code, term: choice.term, selections, qualificationId };
}

/** What was put into the cart, to be changed; what the offer has no more is left out. */
export function choiceOf(offer: Offer, input: BundleConfigurationInput): Choice {
  const start = suggested(offer);
  const selections = input.selections.flatMap(({ group: code, instance, sku, quantity }) => {
    const group = offer.groups.find((one) => one.code === code);
    const isKnown = group?.options.some((option) => option.sku === sku);
    return isKnown ? [{ group: code, instance: instance ?? 1, sku, quantity: quantity ?? 1 }] : [];
  });
  const instances = { ...start.instances };
  for (const { group, instance } of selections) {
    const line = lineOf(offer, group);
    if (line) instances[line] = Math.max(instances[line] ?? 1, instance);
  }
  return { term: offer.terms.includes(input.term) ? input.term : start.term, selections, instances };
}
