/** What an address can have, asked by both clients. */

import { graphql } from "@gql/index";

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
      errors { ...ErrorFields }
    }
  }
`);
