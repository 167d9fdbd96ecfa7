/** What the server says of the resolution list. */

import { ContradictionCase, Contradictions, NamingEffect } from "../api/resolutionDocuments";
import type { ContradictionFieldsFragment, PosContradictionQuery } from "../gql/graphql";
import { call } from "./till";

export type Contradiction = ContradictionFieldsFragment;
export type Case = PosContradictionQuery["stockContradiction"];

export async function contradictions(settled: boolean): Promise<Contradiction[]> {
  return (await call(Contradictions, { settled })).stockContradictions.edges.map(({ node }) => node);
}

export async function oneCase(id: string): Promise<Case> {
  return (await call(ContradictionCase, { id })).stockContradiction;
}

export async function namingEffect(id: string, serials: string[]): Promise<string[]> {
  return (await call(NamingEffect, { id, serials })).stockNamingEffect;
}
