"""The GraphQL API: types that only translate between Saleor's schema and the services."""
