/** What the shop asks about services at an address. */

import { graphql } from "../gql";

export const QualificationFields = graphql(`
  fragment QualificationFields on ServiceQualification {
    id premisesId normalisedAddress matchConfidence result expirationDate
    items {
      category technology result downloadMbps uploadMbps serviceAvailabilityDate
      reasons { code label }
      alternates { category technology downloadMbps alternateServiceAvailabilityDate }
    }
  }
`);

export const AddressSuggestionsDocument = graphql(`
  query AddressSuggestions($text: String!) { addressSuggestions(text: $text, first: 6) { premisesId label } }
`);

export const ServiceQualificationDocument = graphql(`
  query ServiceQualification($id: ID!) { serviceQualification(id: $id) { ...QualificationFields } }
`);

export const QualifyServiceDocument = graphql(`
  mutation QualifyService($input: QualifyServiceInput!) {
    qualifyService(input: $input) {
      qualification { ...QualificationFields }
      suggestions { premisesId label }
      errors { ...ShopErrorFields }
    }
  }
`);

export const ServiceWaitDocument = graphql(`
  mutation ServiceWait($qualificationId: ID!, $category: ServiceCategory!, $email: String!) {
    serviceWait(qualificationId: $qualificationId, category: $category, email: $email) { waiting errors { ...ShopErrorFields } }
  }
`);
