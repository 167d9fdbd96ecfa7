/**
 * What a shopper has chosen from an offer. Pure.
 *
 * A unit lies in a group and in an instance: the instance counts the one repeatable group around it (line 3 of a family plan), and is 1 where there is
 * none. What is allowed is for the server to say: nothing here judges a choice.
 */

import type { Money } from "@shared/money";

/** What may or must be told about an option: a number, port-in details, an EID, an old device's grade. */
export interface Characteristic {
  name: string;
  label: string;
  type: "TEXT" | "DIGITS" | "PHONE_NUMBER" | "EID" | "DATE" | "CHOICE";
  required: boolean;
  requiredWith?: string | null;
  minimumLength: number;
  maximumLength: number;
  choices: { value: string; label: string; worth?: Money | null }[];
}

export interface Option {
  sku: string;
  name: string;
  lowerLimit: number;
  upperLimit: number;
  default: number;
  characteristics: Characteristic[];
}

export interface Group {
  code: string;
  label: string;
  parent?: string | null;
  lowerLimit: number;
  upperLimit: number;
  minimumInstances: number;
  maximumInstances: number;
  options: Option[];
}

export interface Offer {
  code: string;
  name: string;
  version: number;
  terms: number[];
  groups: Group[];
  monthlyPriceFrom: { monthly: Money; dueToday: Money; totalOverTerm: Money; term: number };
}

/** A choice as the API takes it. */
export interface ConfigurationInput {
  offerCode: string;
  term: number;
  selections: { group: string; instance: number; sku: string; quantity: number; characteristics?: { name: string; value: string }[] }[];
  qualificationId: string | null;
}

export interface Place {
  group: string;
  instance: number;
  sku: string;
}

export interface Selection extends Place {
  quantity: number;
  /** What was told about it, by the name of what was asked. */
  told: Readonly<Record<string, string>>;
}

/** Units to add at a place, or below 0 to take away. */
export interface Change extends Place {
  units: number;
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
  return group.options.flatMap(({ sku, default: quantity }) => (quantity > 0 ? [{ group: group.code, instance, sku, quantity, told: {} }] : []));
}

const selectionAt = (choice: Choice, place: Place) => choice.selections.find((one) => placeKey(one) === placeKey(place));

export function unitsOf(choice: Choice, place: Place): number {
  return selectionAt(choice, place)?.quantity ?? 0;
}

/** What was told about the units at a place. */
export function toldOf(choice: Choice, place: Place): Readonly<Record<string, string>> {
  return selectionAt(choice, place)?.told ?? {};
}

/** The same choice with one thing told about the units at a place. */
export function withTold(choice: Choice, place: Place, name: string, value: string): Choice {
  const selections = choice.selections.map((one) => (placeKey(one) === placeKey(place) ? { ...one, told: { ...one.told, [name]: value } } : one));
  return { ...choice, selections };
}

/** So many units at a place; in a group for one the others make room, and what was told of them goes over: a number that comes along does so on any plan. */
export function withUnits(offer: Offer, choice: Choice, place: Place, quantity: number): Choice {
  const group = offer.groups.find(({ code }) => code === place.group);
  const makesRoom = quantity > 0 && !!group && isSingle(offer, group);
  const isGone = (one: Selection) => (makesRoom ? one.group === place.group && one.instance === place.instance : placeKey(one) === placeKey(place));
  const told = Object.assign({}, ...choice.selections.filter(isGone).map((one) => one.told)) as Record<string, string>;
  const rest = choice.selections.filter((one) => !isGone(one));
  const { group: code, instance, sku } = place;
  return { ...choice, selections: quantity > 0 ? [...rest, { group: code, instance, sku, quantity, told }] : rest };
}

/** The choice as a remedy would have it, in as many lines as that needs. What comes is put first: in a group for one it takes over what was told. */
export function mended(offer: Offer, choice: Choice, changes: readonly Change[]): Choice {
  const instances = { ...choice.instances };
  for (const { group, instance, units } of changes) {
    const line = lineOf(offer, group);
    if (line && units > 0) instances[line] = Math.max(instances[line] ?? 1, instance);
  }
  const ordered = [...changes].sort((a, b) => b.units - a.units);
  return ordered.reduce((next, change) => withUnits(offer, next, change, Math.max(0, unitsOf(next, change) + change.units)), { ...choice, instances });
}

/** The choice with an article that was scanned, in the first line whose group for it is empty, else in the first; null when the offer has no such article. */
export function withScanned(offer: Offer, choice: Choice, sku: string): Choice | null {
  const group = offer.groups.find(({ options }) => options.some((option) => option.sku === sku));
  if (!group) return null;
  const line = lineOf(offer, group.code);
  const instances = Array.from({ length: line === null ? 1 : (choice.instances[line] ?? 1) }, (_, index) => index + 1);
  const isEmpty = (instance: number) => !choice.selections.some((one) => one.group === group.code && one.instance === instance);
  const place = { group: group.code, instance: instances.find(isEmpty) ?? 1, sku };
  return withUnits(offer, choice, place, Math.max(1, unitsOf(choice, place)));
}

/** The choice with an EID that was scanned, told of the first part that asks for one and has none yet, else of the first; null when none asks. */
export function withScannedEid(offer: Offer, choice: Choice, eid: string): Choice | null {
  const asking = choice.selections.flatMap((one) => {
    const asked = optionAt(offer, one)?.characteristics.find(({ type }) => type === "EID");
    return asked ? [{ place: one, name: asked.name, isEmpty: !one.told[asked.name] }] : [];
  });
  const found = asking.find(({ isEmpty }) => isEmpty) ?? asking[0];
  return found ? withTold(choice, found.place, found.name, eid) : null;
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

const optionAt = (offer: Offer, { group, sku }: Pick<Place, "group" | "sku">) =>
  offer.groups.find(({ code }) => code === group)?.options.find((option) => option.sku === sku);

/** The choice as the API takes it, in the offer's own order, so that the same choice is the same question. */
export function inputOf(offer: Offer, choice: Choice, qualificationId: string | null): ConfigurationInput {
  const order = new Map(offer.groups.map(({ code }, index) => [code, index]));
  const selections = choice.selections
    .filter(({ quantity }) => quantity > 0)
    .map((one) => ({ ...selectionInput(one), ...tellingOf(offer, one) }))
    .sort((a, b) => (order.get(a.group) ?? 0) - (order.get(b.group) ?? 0) || a.instance - b.instance || (a.sku < b.sku ? -1 : 1));
  return { offerCode: offer.code, term: choice.term, selections, qualificationId };
}

const selectionInput = ({ group, instance, sku, quantity }: Selection) => ({ group, instance, sku, quantity });

/** What was told and is asked here: an empty field tells nothing, and another option may not have the value that was chosen before. */
function tellingOf(offer: Offer, selection: Selection): { characteristics?: { name: string; value: string }[] } {
  const asked = optionAt(offer, selection)?.characteristics ?? [];
  const characteristics = asked.flatMap(({ name, type, choices }) => {
    const value = selection.told[name]?.trim() ?? "";
    const fits = type !== "CHOICE" || choices.some((one) => one.value === value);
    return value !== "" && fits ? [{ name, value }] : [];
  });
  return characteristics.length ? { characteristics } : {};
}

/** What was put into the cart, to be changed; what the offer has no more is left out. */
export function choiceOf(offer: Offer, input: Pick<ConfigurationInput, "term" | "selections">): Choice {
  const start = suggested(offer);
  const selections = input.selections.flatMap(({ characteristics, ...place }) => {
    const told = Object.fromEntries((characteristics ?? []).map(({ name, value }) => [name, value]));
    return optionAt(offer, place) ? [{ ...place, told }] : [];
  });
  const instances = { ...start.instances };
  for (const { group, instance } of selections) {
    const line = lineOf(offer, group);
    if (line) instances[line] = Math.max(instances[line] ?? 1, instance);
  }
  return { term: offer.terms.includes(input.term) ? input.term : start.term, selections, instances };
}
