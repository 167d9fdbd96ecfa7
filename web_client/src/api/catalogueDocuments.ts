/** What the shop asks about products and stores. */

import { graphql } from "../gql";

export const ProductCardFields = graphql(`
  fragment ProductCardFields on Product {
    id slug name brand kind thumbnailUrl
    price { amount currency }
    monthlyPriceFrom { monthly { amount currency } }
    attributes { name label values }
    variants { sku price { amount currency } undiscountedPrice { amount currency } }
  }
`);

export const ChannelsDocument = graphql(`
  query Channels { channels { slug name currency country pricesIncludeTax } }
`);

export const SearchDocument = graphql(`
  query Search($context: ContextInput!, $input: GuidedSearchInput!, $guided: Boolean!) {
    guidedSearch(context: $context, input: $input) {
      totalCount exactCount
      edges { cursor storeQuantity nearestStore { name distanceKm quantity } node { ...ProductCardFields } }
      pageInfo { hasNextPage endCursor }
      dimensions @include(if: $guided) {
        name label kind minimum maximum valueLimit
        values { value label count selected level parent }
      }
      breadcrumbs { dimension value label }
      correction { original corrected applied dropped }
      redirectUrl
      spotlights @include(if: $guided) { title rule products { ...ProductCardFields } }
    }
  }
`);

export const TypeaheadDocument = graphql(`
  query Typeahead($context: ContextInput!, $prefix: String!) {
    typeahead(context: $context, prefix: $prefix, limit: 6) {
      queries
      categories { dimension value label }
      products { id slug name brand thumbnailUrl price { amount currency } }
    }
  }
`);

export const ProductDocument = graphql(`
  query Product($context: ContextInput!, $slug: String!) {
    product(context: $context, slug: $slug) {
      id slug name brand kind categoryPath thumbnailUrl description
      price { amount currency }
      attributes { name label values }
      variants {
        id sku name imageUrl
        price { amount currency }
        undiscountedPrice { amount currency }
        attributes { name label values }
      }
      accessories(first: 8) { ...ProductCardFields }
    }
  }
`);

export const AvailabilityDocument = graphql(`
  query Availability($skus: [String!]!, $storeIds: [ID!], $near: GeoPointInput, $first: Int, $country: String) {
    availability(skus: $skus, storeIds: $storeIds, near: $near, first: $first, country: $country) {
      sku
      stores { quantity store { ...ShopStoreFields } }
    }
  }
`);

export const SearchResultOpenDocument = graphql(`
  mutation SearchResultOpen($input: SearchResultOpenInput!) {
    searchResultOpen(input: $input) { errors { code } }
  }
`);

export const NearbyStockDocument = graphql(`
  query NearbyStock($skus: [String!]!, $near: GeoPointInput, $first: Int, $country: String) {
    availability(skus: $skus, near: $near, first: $first, country: $country) {
      sku
      stores { quantity store { id name distanceKm } }
    }
  }
`);

export const CountDocument = graphql(`
  query Count($context: ContextInput!, $input: GuidedSearchInput!) {
    guidedSearch(context: $context, input: $input) { totalCount }
  }
`);

export const CategoriesDocument = graphql(`
  query Categories($context: ContextInput!) {
    guidedSearch(context: $context, input: { first: 1 }) {
      dimensions { name values { value label count level parent } }
    }
  }
`);

export const StoresDocument = graphql(`
  query Stores($near: GeoPointInput, $first: Int!, $after: String, $country: String) {
    stores(near: $near, first: $first, after: $after, country: $country) {
      edges { node { ...ShopStoreFields } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
