/** Offers of devices with plans: what there is and what a choice costs, asked by both clients. */

import { graphql } from "@gql/index";

export const BundleOfferFields = graphql(`
  fragment BundleOfferFields on BundleOffer {
    id code name version terms
    monthlyPriceFrom { term offerCode monthly { amount currency } dueToday { amount currency } totalOverTerm { amount currency } }
    groups {
      code label parent lowerLimit upperLimit minimumInstances maximumInstances
      options {
        sku name lowerLimit upperLimit default
        characteristics { name label type required requiredWith minimumLength maximumLength choices { value label worth { amount currency } } }
      }
    }
  }
`);

export const BundleOffersDocument = graphql(`
  query BundleOffers($context: ContextInput!, $sku: String, $after: String) {
    bundleOffers(context: $context, sku: $sku, first: 12, after: $after) {
      edges { node { ...BundleOfferFields } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

export const ConfigureBundleDocument = graphql(`
  query ConfigureBundle($context: ContextInput!, $input: BundleConfigurationInput!) {
    configureBundle(context: $context, input: $input) {
      valid promiseDate validUntil
      violations { code message group instance sku characteristic remedy changes { group instance sku units } }
      dueToday { amount currency }
      monthly { amount currency }
      totalOverTerm { amount currency }
      firstBill { amount currency }
      firstBillDate firstBillDays firstBillOfDays
      exitCosts { amount currency }
      lines {
        sku name group instance quantity instalmentMonths availableFrom
        oneTime { amount currency }
        recurring { amount currency }
        instalment { amount currency }
        firstBill { amount currency }
        explanation { label amount { amount currency } }
      }
    }
  }
`);
