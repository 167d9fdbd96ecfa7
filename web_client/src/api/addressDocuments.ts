/** Waiting for what an address cannot have yet. */

import { graphql } from "../gql";

export const ServiceWaitDocument = graphql(`
  mutation ServiceWait($qualificationId: ID!, $category: ServiceCategory!, $email: String!) {
    serviceWait(qualificationId: $qualificationId, category: $category, email: $email) { waiting errors { ...ErrorFields } }
  }
`);
