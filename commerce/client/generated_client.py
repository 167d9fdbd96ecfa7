from decimal import Decimal
from typing import Any, Optional, Union

from .app_identity import AppIdentity
from .attributes import Attributes
from .base_client import BaseClient
from .base_model import UNSET, UnsetType
from .channels import Channels
from .checkout import Checkout
from .checkout_begin import CheckoutBegin
from .checkout_billing_address_update import CheckoutBillingAddressUpdate
from .checkout_complete import CheckoutComplete
from .checkout_create import CheckoutCreate
from .checkout_customer_attach import CheckoutCustomerAttach
from .checkout_delivery_method_update import CheckoutDeliveryMethodUpdate
from .checkout_email_update import CheckoutEmailUpdate
from .checkout_lines_add import CheckoutLinesAdd
from .checkout_lines_update import CheckoutLinesUpdate
from .checkout_shipping_address_update import CheckoutShippingAddressUpdate
from .core_version import CoreVersion
from .customer_by_email import CustomerByEmail
from .enums import ErrorPolicyEnum, StockUpdatePolicyEnum, TransactionEventTypeEnum
from .input_types import (
    AddressInput,
    CheckoutCreateInput,
    CheckoutLineInput,
    CheckoutLineUpdateInput,
    MetadataInput,
    OrderBulkCreateInput,
    OrderFulfillInput,
    OrderReturnProductsInput,
    ProductWhereInput,
    StockBulkUpdateInput,
    StockInput,
    TransactionCreateInput,
    TransactionEventInput,
)
from .metadata_update import MetadataUpdate
from .order import Order
from .order_bulk_create import OrderBulkCreate
from .order_by_external_reference import OrderByExternalReference
from .order_cancel import OrderCancel
from .order_fulfill import OrderFulfill
from .order_return import OrderReturn
from .order_stock import OrderStock
from .private_metadata_update import PrivateMetadataUpdate
from .product_by_id import ProductById
from .product_types import ProductTypes
from .product_variant_stocks_create import ProductVariantStocksCreate
from .product_variant_stocks_update import ProductVariantStocksUpdate
from .products import Products
from .promotions import Promotions
from .stock_bulk_update import StockBulkUpdate
from .token_create import TokenCreate
from .token_refresh import TokenRefresh
from .transaction_create import TransactionCreate
from .transaction_event_report import TransactionEventReport
from .variant_stocks import VariantStocks
from .variants_of_products import VariantsOfProducts
from .warehouse_stock_page import WarehouseStockPage
from .warehouses import Warehouses


def gql(q: str) -> str:
    return q


class GeneratedClient(BaseClient):
    def token_create(self, email: str, password: str, **kwargs: Any) -> TokenCreate:
        query = gql("""
            mutation TokenCreate($email: String!, $password: String!) {
              tokenCreate(email: $email, password: $password) {
                token
                refreshToken
                user {
                  id
                  email
                  firstName
                  lastName
                }
                errors {
                  field
                  message
                  code
                }
              }
            }
            """)
        variables: dict[str, object] = {"email": email, "password": password}
        response = self.execute(
            query=query, operation_name="TokenCreate", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return TokenCreate.model_validate(data)

    def token_refresh(self, refresh_token: str, **kwargs: Any) -> TokenRefresh:
        query = gql("""
            mutation TokenRefresh($refreshToken: String!) {
              tokenRefresh(refreshToken: $refreshToken) {
                token
                user {
                  id
                  email
                  firstName
                  lastName
                }
                errors {
                  field
                  message
                  code
                }
              }
            }
            """)
        variables: dict[str, object] = {"refreshToken": refresh_token}
        response = self.execute(
            query=query, operation_name="TokenRefresh", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return TokenRefresh.model_validate(data)

    def customer_by_email(self, email: str, **kwargs: Any) -> CustomerByEmail:
        query = gql("""
            query CustomerByEmail($email: String!) {
              customers(first: 1, filter: {search: $email}) {
                edges {
                  node {
                    id
                    email
                    firstName
                    lastName
                    isActive
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"email": email}
        response = self.execute(
            query=query, operation_name="CustomerByEmail", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return CustomerByEmail.model_validate(data)

    def metadata_update(
        self, id: str, input: list[MetadataInput], **kwargs: Any
    ) -> MetadataUpdate:
        query = gql("""
            mutation MetadataUpdate($id: ID!, $input: [MetadataInput!]!) {
              updateMetadata(id: $id, input: $input) {
                item {
                  __typename
                  metadata {
                    key
                    value
                  }
                }
                errors {
                  field
                  message
                  code
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "input": input}
        response = self.execute(
            query=query, operation_name="MetadataUpdate", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return MetadataUpdate.model_validate(data)

    def private_metadata_update(
        self, id: str, input: list[MetadataInput], **kwargs: Any
    ) -> PrivateMetadataUpdate:
        query = gql("""
            mutation PrivateMetadataUpdate($id: ID!, $input: [MetadataInput!]!) {
              updatePrivateMetadata(id: $id, input: $input) {
                item {
                  __typename
                  privateMetadata {
                    key
                    value
                  }
                }
                errors {
                  field
                  message
                  code
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "input": input}
        response = self.execute(
            query=query,
            operation_name="PrivateMetadataUpdate",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return PrivateMetadataUpdate.model_validate(data)

    def core_version(self, **kwargs: Any) -> CoreVersion:
        query = gql("""
            query CoreVersion {
              shop {
                version
                name
              }
            }
            """)
        variables: dict[str, object] = {}
        response = self.execute(
            query=query, operation_name="CoreVersion", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return CoreVersion.model_validate(data)

    def app_identity(self, **kwargs: Any) -> AppIdentity:
        query = gql("""
            query AppIdentity {
              shop {
                version
              }
              app {
                id
                identifier
                name
                isActive
                version
                permissions {
                  code
                }
                webhooks {
                  id
                  name
                  isActive
                  targetUrl
                  subscriptionQuery
                }
              }
            }
            """)
        variables: dict[str, object] = {}
        response = self.execute(
            query=query, operation_name="AppIdentity", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return AppIdentity.model_validate(data)

    def product_types(
        self, first: int, after: Union[Optional[str], UnsetType] = UNSET, **kwargs: Any
    ) -> ProductTypes:
        query = gql("""
            query ProductTypes($first: Int!, $after: String) {
              productTypes(first: $first, after: $after) {
                edges {
                  node {
                    slug
                    name
                    isShippingRequired
                    metadata {
                      key
                      value
                    }
                  }
                }
                pageInfo {
                  hasNextPage
                  endCursor
                }
              }
            }
            """)
        variables: dict[str, object] = {"first": first, "after": after}
        response = self.execute(
            query=query, operation_name="ProductTypes", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ProductTypes.model_validate(data)

    def attributes(
        self, first: int, after: Union[Optional[str], UnsetType] = UNSET, **kwargs: Any
    ) -> Attributes:
        query = gql("""
            query Attributes($first: Int!, $after: String) {
              attributes(first: $first, after: $after) {
                edges {
                  node {
                    slug
                    name
                    inputType
                  }
                }
                pageInfo {
                  hasNextPage
                  endCursor
                }
              }
            }
            """)
        variables: dict[str, object] = {"first": first, "after": after}
        response = self.execute(
            query=query, operation_name="Attributes", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Attributes.model_validate(data)

    def warehouse_stock_page(
        self,
        id: str,
        first: int,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> WarehouseStockPage:
        query = gql("""
            query WarehouseStockPage($id: ID!, $first: Int!, $after: String) {
              warehouse(id: $id) {
                stocks(first: $first, after: $after) {
                  edges {
                    node {
                      quantity
                      productVariant {
                        id
                        sku
                      }
                    }
                  }
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "first": first, "after": after}
        response = self.execute(
            query=query,
            operation_name="WarehouseStockPage",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return WarehouseStockPage.model_validate(data)

    def channels(self, **kwargs: Any) -> Channels:
        query = gql("""
            query Channels {
              channels {
                id
                slug
                name
                currencyCode
                isActive
                defaultCountry {
                  code
                }
                taxConfiguration {
                  pricesEnteredWithTax
                  chargeTaxes
                }
                orderSettings {
                  allowUnpaidOrders
                }
                warehouses {
                  id
                }
              }
            }
            """)
        variables: dict[str, object] = {}
        response = self.execute(
            query=query, operation_name="Channels", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Channels.model_validate(data)

    def products(
        self,
        channel: str,
        first: int,
        after: Union[Optional[str], UnsetType] = UNSET,
        where: Union[Optional[ProductWhereInput], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> Products:
        query = gql("""
            query Products($channel: String!, $first: Int!, $after: String, $where: ProductWhereInput) {
              products(channel: $channel, first: $first, after: $after, where: $where) {
                totalCount
                edges {
                  node {
                    ...ProductFields
                  }
                }
                pageInfo {
                  hasNextPage
                  endCursor
                }
              }
            }

            fragment CategoryFields on Category {
              id
              slug
              name
              translation(languageCode: ZH_HANS) {
                name
              }
            }

            fragment ProductFields on Product {
              id
              slug
              name
              description
              translation(languageCode: ZH_HANS) {
                name
                description
              }
              updatedAt
              isAvailable
              channelListings {
                channel {
                  slug
                }
                isPublished
                publishedAt
              }
              productType {
                slug
                name
                isShippingRequired
                metadata {
                  key
                  value
                }
              }
              category {
                ...CategoryFields
                ancestors(first: 10) {
                  edges {
                    node {
                      ...CategoryFields
                    }
                  }
                }
              }
              taxClass {
                id
                name
                countries {
                  country {
                    code
                  }
                  rate
                }
              }
              thumbnail(size: 512) {
                url
              }
              metadata {
                key
                value
              }
              attributes {
                ...SelectedAttributeFields
              }
              variants {
                id
                sku
                name
                translation(languageCode: ZH_HANS) {
                  name
                }
                trackInventory
                updatedAt
                metadata {
                  key
                  value
                }
                attributes {
                  ...SelectedAttributeFields
                }
                media {
                  url
                  alt
                }
                pricing {
                  price {
                    net {
                      amount
                      currency
                    }
                    tax {
                      amount
                    }
                    gross {
                      amount
                      currency
                    }
                  }
                  priceUndiscounted {
                    net {
                      amount
                      currency
                    }
                    tax {
                      amount
                    }
                    gross {
                      amount
                      currency
                    }
                  }
                }
              }
            }

            fragment SelectedAttributeFields on SelectedAttribute {
              attribute {
                slug
                name
                inputType
                translation(languageCode: ZH_HANS) {
                  name
                }
              }
              values {
                slug
                name
                reference
                boolean
                translation(languageCode: ZH_HANS) {
                  name
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "channel": channel,
            "first": first,
            "after": after,
            "where": where,
        }
        response = self.execute(
            query=query, operation_name="Products", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Products.model_validate(data)

    def product_by_id(self, id: str, channel: str, **kwargs: Any) -> ProductById:
        query = gql("""
            query ProductById($id: ID!, $channel: String!) {
              product(id: $id, channel: $channel) {
                ...ProductFields
              }
            }

            fragment CategoryFields on Category {
              id
              slug
              name
              translation(languageCode: ZH_HANS) {
                name
              }
            }

            fragment ProductFields on Product {
              id
              slug
              name
              description
              translation(languageCode: ZH_HANS) {
                name
                description
              }
              updatedAt
              isAvailable
              channelListings {
                channel {
                  slug
                }
                isPublished
                publishedAt
              }
              productType {
                slug
                name
                isShippingRequired
                metadata {
                  key
                  value
                }
              }
              category {
                ...CategoryFields
                ancestors(first: 10) {
                  edges {
                    node {
                      ...CategoryFields
                    }
                  }
                }
              }
              taxClass {
                id
                name
                countries {
                  country {
                    code
                  }
                  rate
                }
              }
              thumbnail(size: 512) {
                url
              }
              metadata {
                key
                value
              }
              attributes {
                ...SelectedAttributeFields
              }
              variants {
                id
                sku
                name
                translation(languageCode: ZH_HANS) {
                  name
                }
                trackInventory
                updatedAt
                metadata {
                  key
                  value
                }
                attributes {
                  ...SelectedAttributeFields
                }
                media {
                  url
                  alt
                }
                pricing {
                  price {
                    net {
                      amount
                      currency
                    }
                    tax {
                      amount
                    }
                    gross {
                      amount
                      currency
                    }
                  }
                  priceUndiscounted {
                    net {
                      amount
                      currency
                    }
                    tax {
                      amount
                    }
                    gross {
                      amount
                      currency
                    }
                  }
                }
              }
            }

            fragment SelectedAttributeFields on SelectedAttribute {
              attribute {
                slug
                name
                inputType
                translation(languageCode: ZH_HANS) {
                  name
                }
              }
              values {
                slug
                name
                reference
                boolean
                translation(languageCode: ZH_HANS) {
                  name
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "channel": channel}
        response = self.execute(
            query=query, operation_name="ProductById", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ProductById.model_validate(data)

    def warehouses(
        self, first: int, after: Union[Optional[str], UnsetType] = UNSET, **kwargs: Any
    ) -> Warehouses:
        query = gql("""
            query Warehouses($first: Int!, $after: String) {
              warehouses(first: $first, after: $after) {
                edges {
                  node {
                    id
                    slug
                    name
                    email
                    clickAndCollectOption
                    address {
                      streetAddress1
                      streetAddress2
                      city
                      postalCode
                      countryArea
                      country {
                        code
                      }
                      phone
                    }
                    metadata {
                      key
                      value
                    }
                  }
                }
                pageInfo {
                  hasNextPage
                  endCursor
                }
              }
            }
            """)
        variables: dict[str, object] = {"first": first, "after": after}
        response = self.execute(
            query=query, operation_name="Warehouses", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Warehouses.model_validate(data)

    def checkout_create(
        self, input: CheckoutCreateInput, **kwargs: Any
    ) -> CheckoutCreate:
        query = gql("""
            mutation CheckoutCreate($input: CheckoutCreateInput!) {
              checkoutCreate(input: $input) {
                checkout {
                  ...CheckoutFields
                }
                errors {
                  ...CheckoutErrorFields
                }
              }
            }

            fragment CheckoutErrorFields on CheckoutError {
              field
              message
              code
              variants
              lines
            }

            fragment CheckoutFields on Checkout {
              id
              email
              user {
                id
              }
              isShippingRequired
              lines {
                id
                quantity
                variant {
                  id
                  sku
                }
                unitPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                totalPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                metadata {
                  key
                  value
                }
              }
              deliveryMethod {
                __typename
                ... on Warehouse {
                  id
                  name
                }
                ... on ShippingMethod {
                  id
                  name
                }
              }
              availableCollectionPoints {
                id
                name
              }
              discount {
                amount
              }
              subtotalPrice {
                net {
                  amount
                  currency
                }
                tax {
                  amount
                }
                gross {
                  amount
                  currency
                }
              }
              totalPrice {
                net {
                  amount
                  currency
                }
                tax {
                  amount
                }
                gross {
                  amount
                  currency
                }
              }
              transactions {
                id
                pspReference
                authorizedAmount {
                  amount
                }
                chargedAmount {
                  amount
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=query, operation_name="CheckoutCreate", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return CheckoutCreate.model_validate(data)

    def checkout_begin(
        self, input: CheckoutCreateInput, **kwargs: Any
    ) -> CheckoutBegin:
        query = gql("""
            mutation CheckoutBegin($input: CheckoutCreateInput!) {
              checkoutCreate(input: $input) {
                checkout {
                  id
                }
                errors {
                  ...CheckoutErrorFields
                }
              }
            }

            fragment CheckoutErrorFields on CheckoutError {
              field
              message
              code
              variants
              lines
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=query, operation_name="CheckoutBegin", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return CheckoutBegin.model_validate(data)

    def checkout_lines_add(
        self, id: str, lines: list[CheckoutLineInput], **kwargs: Any
    ) -> CheckoutLinesAdd:
        query = gql("""
            mutation CheckoutLinesAdd($id: ID!, $lines: [CheckoutLineInput!]!) {
              checkoutLinesAdd(id: $id, lines: $lines) {
                checkout {
                  ...CheckoutFields
                }
                errors {
                  ...CheckoutErrorFields
                }
              }
            }

            fragment CheckoutErrorFields on CheckoutError {
              field
              message
              code
              variants
              lines
            }

            fragment CheckoutFields on Checkout {
              id
              email
              user {
                id
              }
              isShippingRequired
              lines {
                id
                quantity
                variant {
                  id
                  sku
                }
                unitPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                totalPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                metadata {
                  key
                  value
                }
              }
              deliveryMethod {
                __typename
                ... on Warehouse {
                  id
                  name
                }
                ... on ShippingMethod {
                  id
                  name
                }
              }
              availableCollectionPoints {
                id
                name
              }
              discount {
                amount
              }
              subtotalPrice {
                net {
                  amount
                  currency
                }
                tax {
                  amount
                }
                gross {
                  amount
                  currency
                }
              }
              totalPrice {
                net {
                  amount
                  currency
                }
                tax {
                  amount
                }
                gross {
                  amount
                  currency
                }
              }
              transactions {
                id
                pspReference
                authorizedAmount {
                  amount
                }
                chargedAmount {
                  amount
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "lines": lines}
        response = self.execute(
            query=query,
            operation_name="CheckoutLinesAdd",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CheckoutLinesAdd.model_validate(data)

    def checkout_lines_update(
        self, id: str, lines: list[CheckoutLineUpdateInput], **kwargs: Any
    ) -> CheckoutLinesUpdate:
        query = gql("""
            mutation CheckoutLinesUpdate($id: ID!, $lines: [CheckoutLineUpdateInput!]!) {
              checkoutLinesUpdate(id: $id, lines: $lines) {
                checkout {
                  ...CheckoutFields
                }
                errors {
                  ...CheckoutErrorFields
                }
              }
            }

            fragment CheckoutErrorFields on CheckoutError {
              field
              message
              code
              variants
              lines
            }

            fragment CheckoutFields on Checkout {
              id
              email
              user {
                id
              }
              isShippingRequired
              lines {
                id
                quantity
                variant {
                  id
                  sku
                }
                unitPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                totalPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                metadata {
                  key
                  value
                }
              }
              deliveryMethod {
                __typename
                ... on Warehouse {
                  id
                  name
                }
                ... on ShippingMethod {
                  id
                  name
                }
              }
              availableCollectionPoints {
                id
                name
              }
              discount {
                amount
              }
              subtotalPrice {
                net {
                  amount
                  currency
                }
                tax {
                  amount
                }
                gross {
                  amount
                  currency
                }
              }
              totalPrice {
                net {
                  amount
                  currency
                }
                tax {
                  amount
                }
                gross {
                  amount
                  currency
                }
              }
              transactions {
                id
                pspReference
                authorizedAmount {
                  amount
                }
                chargedAmount {
                  amount
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "lines": lines}
        response = self.execute(
            query=query,
            operation_name="CheckoutLinesUpdate",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CheckoutLinesUpdate.model_validate(data)

    def checkout_email_update(
        self, id: str, email: str, **kwargs: Any
    ) -> CheckoutEmailUpdate:
        query = gql("""
            mutation CheckoutEmailUpdate($id: ID!, $email: String!) {
              checkoutEmailUpdate(id: $id, email: $email) {
                checkout {
                  id
                  email
                }
                errors {
                  ...CheckoutErrorFields
                }
              }
            }

            fragment CheckoutErrorFields on CheckoutError {
              field
              message
              code
              variants
              lines
            }
            """)
        variables: dict[str, object] = {"id": id, "email": email}
        response = self.execute(
            query=query,
            operation_name="CheckoutEmailUpdate",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CheckoutEmailUpdate.model_validate(data)

    def checkout_billing_address_update(
        self, id: str, address: AddressInput, **kwargs: Any
    ) -> CheckoutBillingAddressUpdate:
        query = gql("""
            mutation CheckoutBillingAddressUpdate($id: ID!, $address: AddressInput!) {
              checkoutBillingAddressUpdate(id: $id, billingAddress: $address) {
                checkout {
                  id
                }
                errors {
                  ...CheckoutErrorFields
                }
              }
            }

            fragment CheckoutErrorFields on CheckoutError {
              field
              message
              code
              variants
              lines
            }
            """)
        variables: dict[str, object] = {"id": id, "address": address}
        response = self.execute(
            query=query,
            operation_name="CheckoutBillingAddressUpdate",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CheckoutBillingAddressUpdate.model_validate(data)

    def checkout_shipping_address_update(
        self, id: str, address: AddressInput, **kwargs: Any
    ) -> CheckoutShippingAddressUpdate:
        query = gql("""
            mutation CheckoutShippingAddressUpdate($id: ID!, $address: AddressInput!) {
              checkoutShippingAddressUpdate(id: $id, shippingAddress: $address) {
                checkout {
                  id
                }
                errors {
                  ...CheckoutErrorFields
                }
              }
            }

            fragment CheckoutErrorFields on CheckoutError {
              field
              message
              code
              variants
              lines
            }
            """)
        variables: dict[str, object] = {"id": id, "address": address}
        response = self.execute(
            query=query,
            operation_name="CheckoutShippingAddressUpdate",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CheckoutShippingAddressUpdate.model_validate(data)

    def checkout_delivery_method_update(
        self,
        id: str,
        delivery_method_id: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> CheckoutDeliveryMethodUpdate:
        query = gql("""
            mutation CheckoutDeliveryMethodUpdate($id: ID!, $deliveryMethodId: ID) {
              checkoutDeliveryMethodUpdate(id: $id, deliveryMethodId: $deliveryMethodId) {
                checkout {
                  ...CheckoutFields
                }
                errors {
                  ...CheckoutErrorFields
                }
              }
            }

            fragment CheckoutErrorFields on CheckoutError {
              field
              message
              code
              variants
              lines
            }

            fragment CheckoutFields on Checkout {
              id
              email
              user {
                id
              }
              isShippingRequired
              lines {
                id
                quantity
                variant {
                  id
                  sku
                }
                unitPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                totalPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                metadata {
                  key
                  value
                }
              }
              deliveryMethod {
                __typename
                ... on Warehouse {
                  id
                  name
                }
                ... on ShippingMethod {
                  id
                  name
                }
              }
              availableCollectionPoints {
                id
                name
              }
              discount {
                amount
              }
              subtotalPrice {
                net {
                  amount
                  currency
                }
                tax {
                  amount
                }
                gross {
                  amount
                  currency
                }
              }
              totalPrice {
                net {
                  amount
                  currency
                }
                tax {
                  amount
                }
                gross {
                  amount
                  currency
                }
              }
              transactions {
                id
                pspReference
                authorizedAmount {
                  amount
                }
                chargedAmount {
                  amount
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "id": id,
            "deliveryMethodId": delivery_method_id,
        }
        response = self.execute(
            query=query,
            operation_name="CheckoutDeliveryMethodUpdate",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CheckoutDeliveryMethodUpdate.model_validate(data)

    def checkout_customer_attach(
        self, id: str, customer_id: str, **kwargs: Any
    ) -> CheckoutCustomerAttach:
        query = gql("""
            mutation CheckoutCustomerAttach($id: ID!, $customerId: ID!) {
              checkoutCustomerAttach(id: $id, customerId: $customerId) {
                checkout {
                  id
                }
                errors {
                  ...CheckoutErrorFields
                }
              }
            }

            fragment CheckoutErrorFields on CheckoutError {
              field
              message
              code
              variants
              lines
            }
            """)
        variables: dict[str, object] = {"id": id, "customerId": customer_id}
        response = self.execute(
            query=query,
            operation_name="CheckoutCustomerAttach",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CheckoutCustomerAttach.model_validate(data)

    def checkout_complete(self, id: str, **kwargs: Any) -> CheckoutComplete:
        query = gql("""
            mutation CheckoutComplete($id: ID!) {
              checkoutComplete(id: $id) {
                order {
                  ...OrderFields
                }
                confirmationNeeded
                errors {
                  ...CheckoutErrorFields
                }
              }
            }

            fragment CheckoutErrorFields on CheckoutError {
              field
              message
              code
              variants
              lines
            }

            fragment OrderFields on Order {
              id
              number
              status
              chargeStatus
              externalReference
              created
              updatedAt
              userEmail
              collectionPointName
              channel {
                slug
              }
              metadata {
                key
                value
              }
              deliveryMethod {
                __typename
                ... on Warehouse {
                  id
                  name
                }
                ... on ShippingMethod {
                  id
                  name
                }
              }
              lines {
                id
                productSku
                productName
                quantity
                quantityFulfilled
                unitPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                totalPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                metadata {
                  key
                  value
                }
              }
              fulfillments {
                id
                status
                lines {
                  id
                  quantity
                  orderLine {
                    id
                  }
                }
              }
              total {
                net {
                  amount
                  currency
                }
                tax {
                  amount
                }
                gross {
                  amount
                  currency
                }
              }
              transactions {
                id
                pspReference
                authorizedAmount {
                  amount
                }
                chargedAmount {
                  amount
                }
                refundedAmount {
                  amount
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = self.execute(
            query=query,
            operation_name="CheckoutComplete",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CheckoutComplete.model_validate(data)

    def checkout(self, id: str, **kwargs: Any) -> Checkout:
        query = gql("""
            query Checkout($id: ID!) {
              checkout(id: $id) {
                ...CheckoutFields
              }
            }

            fragment CheckoutFields on Checkout {
              id
              email
              user {
                id
              }
              isShippingRequired
              lines {
                id
                quantity
                variant {
                  id
                  sku
                }
                unitPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                totalPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                metadata {
                  key
                  value
                }
              }
              deliveryMethod {
                __typename
                ... on Warehouse {
                  id
                  name
                }
                ... on ShippingMethod {
                  id
                  name
                }
              }
              availableCollectionPoints {
                id
                name
              }
              discount {
                amount
              }
              subtotalPrice {
                net {
                  amount
                  currency
                }
                tax {
                  amount
                }
                gross {
                  amount
                  currency
                }
              }
              totalPrice {
                net {
                  amount
                  currency
                }
                tax {
                  amount
                }
                gross {
                  amount
                  currency
                }
              }
              transactions {
                id
                pspReference
                authorizedAmount {
                  amount
                }
                chargedAmount {
                  amount
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = self.execute(
            query=query, operation_name="Checkout", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Checkout.model_validate(data)

    def order_stock(self, id: str, **kwargs: Any) -> OrderStock:
        query = gql("""
            query OrderStock($id: ID!) {
              order(id: $id) {
                id
                number
                status
                externalReference
                channel {
                  slug
                }
                metadata {
                  key
                  value
                }
                lines {
                  id
                  productSku
                  quantity
                  quantityFulfilled
                  variant {
                    id
                  }
                  allocations {
                    quantity
                    warehouse {
                      id
                    }
                  }
                }
                fulfillments {
                  id
                  status
                  warehouse {
                    id
                  }
                  lines {
                    quantity
                    orderLine {
                      id
                      variant {
                        id
                      }
                    }
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = self.execute(
            query=query, operation_name="OrderStock", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return OrderStock.model_validate(data)

    def order(self, id: str, **kwargs: Any) -> Order:
        query = gql("""
            query Order($id: ID!) {
              order(id: $id) {
                ...OrderFields
              }
            }

            fragment OrderFields on Order {
              id
              number
              status
              chargeStatus
              externalReference
              created
              updatedAt
              userEmail
              collectionPointName
              channel {
                slug
              }
              metadata {
                key
                value
              }
              deliveryMethod {
                __typename
                ... on Warehouse {
                  id
                  name
                }
                ... on ShippingMethod {
                  id
                  name
                }
              }
              lines {
                id
                productSku
                productName
                quantity
                quantityFulfilled
                unitPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                totalPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                metadata {
                  key
                  value
                }
              }
              fulfillments {
                id
                status
                lines {
                  id
                  quantity
                  orderLine {
                    id
                  }
                }
              }
              total {
                net {
                  amount
                  currency
                }
                tax {
                  amount
                }
                gross {
                  amount
                  currency
                }
              }
              transactions {
                id
                pspReference
                authorizedAmount {
                  amount
                }
                chargedAmount {
                  amount
                }
                refundedAmount {
                  amount
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = self.execute(
            query=query, operation_name="Order", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Order.model_validate(data)

    def order_by_external_reference(
        self, reference: str, **kwargs: Any
    ) -> OrderByExternalReference:
        query = gql("""
            query OrderByExternalReference($reference: String!) {
              order(externalReference: $reference) {
                ...OrderFields
              }
            }

            fragment OrderFields on Order {
              id
              number
              status
              chargeStatus
              externalReference
              created
              updatedAt
              userEmail
              collectionPointName
              channel {
                slug
              }
              metadata {
                key
                value
              }
              deliveryMethod {
                __typename
                ... on Warehouse {
                  id
                  name
                }
                ... on ShippingMethod {
                  id
                  name
                }
              }
              lines {
                id
                productSku
                productName
                quantity
                quantityFulfilled
                unitPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                totalPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                metadata {
                  key
                  value
                }
              }
              fulfillments {
                id
                status
                lines {
                  id
                  quantity
                  orderLine {
                    id
                  }
                }
              }
              total {
                net {
                  amount
                  currency
                }
                tax {
                  amount
                }
                gross {
                  amount
                  currency
                }
              }
              transactions {
                id
                pspReference
                authorizedAmount {
                  amount
                }
                chargedAmount {
                  amount
                }
                refundedAmount {
                  amount
                }
              }
            }
            """)
        variables: dict[str, object] = {"reference": reference}
        response = self.execute(
            query=query,
            operation_name="OrderByExternalReference",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return OrderByExternalReference.model_validate(data)

    def order_fulfill(
        self, order: str, input: OrderFulfillInput, **kwargs: Any
    ) -> OrderFulfill:
        query = gql("""
            mutation OrderFulfill($order: ID!, $input: OrderFulfillInput!) {
              orderFulfill(order: $order, input: $input) {
                order {
                  ...OrderFields
                }
                errors {
                  field
                  message
                  code
                  warehouse
                  orderLines
                }
              }
            }

            fragment OrderFields on Order {
              id
              number
              status
              chargeStatus
              externalReference
              created
              updatedAt
              userEmail
              collectionPointName
              channel {
                slug
              }
              metadata {
                key
                value
              }
              deliveryMethod {
                __typename
                ... on Warehouse {
                  id
                  name
                }
                ... on ShippingMethod {
                  id
                  name
                }
              }
              lines {
                id
                productSku
                productName
                quantity
                quantityFulfilled
                unitPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                totalPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                metadata {
                  key
                  value
                }
              }
              fulfillments {
                id
                status
                lines {
                  id
                  quantity
                  orderLine {
                    id
                  }
                }
              }
              total {
                net {
                  amount
                  currency
                }
                tax {
                  amount
                }
                gross {
                  amount
                  currency
                }
              }
              transactions {
                id
                pspReference
                authorizedAmount {
                  amount
                }
                chargedAmount {
                  amount
                }
                refundedAmount {
                  amount
                }
              }
            }
            """)
        variables: dict[str, object] = {"order": order, "input": input}
        response = self.execute(
            query=query, operation_name="OrderFulfill", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return OrderFulfill.model_validate(data)

    def order_cancel(self, id: str, **kwargs: Any) -> OrderCancel:
        query = gql("""
            mutation OrderCancel($id: ID!) {
              orderCancel(id: $id) {
                order {
                  ...OrderFields
                }
                errors {
                  field
                  message
                  code
                }
              }
            }

            fragment OrderFields on Order {
              id
              number
              status
              chargeStatus
              externalReference
              created
              updatedAt
              userEmail
              collectionPointName
              channel {
                slug
              }
              metadata {
                key
                value
              }
              deliveryMethod {
                __typename
                ... on Warehouse {
                  id
                  name
                }
                ... on ShippingMethod {
                  id
                  name
                }
              }
              lines {
                id
                productSku
                productName
                quantity
                quantityFulfilled
                unitPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                totalPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                metadata {
                  key
                  value
                }
              }
              fulfillments {
                id
                status
                lines {
                  id
                  quantity
                  orderLine {
                    id
                  }
                }
              }
              total {
                net {
                  amount
                  currency
                }
                tax {
                  amount
                }
                gross {
                  amount
                  currency
                }
              }
              transactions {
                id
                pspReference
                authorizedAmount {
                  amount
                }
                chargedAmount {
                  amount
                }
                refundedAmount {
                  amount
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = self.execute(
            query=query, operation_name="OrderCancel", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return OrderCancel.model_validate(data)

    def order_return(
        self, order: str, input: OrderReturnProductsInput, **kwargs: Any
    ) -> OrderReturn:
        query = gql("""
            mutation OrderReturn($order: ID!, $input: OrderReturnProductsInput!) {
              orderFulfillmentReturnProducts(order: $order, input: $input) {
                order {
                  ...OrderFields
                }
                errors {
                  field
                  message
                  code
                  orderLines
                }
              }
            }

            fragment OrderFields on Order {
              id
              number
              status
              chargeStatus
              externalReference
              created
              updatedAt
              userEmail
              collectionPointName
              channel {
                slug
              }
              metadata {
                key
                value
              }
              deliveryMethod {
                __typename
                ... on Warehouse {
                  id
                  name
                }
                ... on ShippingMethod {
                  id
                  name
                }
              }
              lines {
                id
                productSku
                productName
                quantity
                quantityFulfilled
                unitPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                totalPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                metadata {
                  key
                  value
                }
              }
              fulfillments {
                id
                status
                lines {
                  id
                  quantity
                  orderLine {
                    id
                  }
                }
              }
              total {
                net {
                  amount
                  currency
                }
                tax {
                  amount
                }
                gross {
                  amount
                  currency
                }
              }
              transactions {
                id
                pspReference
                authorizedAmount {
                  amount
                }
                chargedAmount {
                  amount
                }
                refundedAmount {
                  amount
                }
              }
            }
            """)
        variables: dict[str, object] = {"order": order, "input": input}
        response = self.execute(
            query=query, operation_name="OrderReturn", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return OrderReturn.model_validate(data)

    def order_bulk_create(
        self,
        orders: list[OrderBulkCreateInput],
        error_policy: Union[Optional[ErrorPolicyEnum], UnsetType] = UNSET,
        stock_update_policy: Union[Optional[StockUpdatePolicyEnum], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> OrderBulkCreate:
        query = gql("""
            mutation OrderBulkCreate($orders: [OrderBulkCreateInput!]!, $errorPolicy: ErrorPolicyEnum, $stockUpdatePolicy: StockUpdatePolicyEnum) {
              orderBulkCreate(
                orders: $orders
                errorPolicy: $errorPolicy
                stockUpdatePolicy: $stockUpdatePolicy
              ) {
                count
                results {
                  order {
                    ...OrderFields
                  }
                  errors {
                    path
                    message
                    code
                  }
                }
                errors {
                  path
                  message
                  code
                }
              }
            }

            fragment OrderFields on Order {
              id
              number
              status
              chargeStatus
              externalReference
              created
              updatedAt
              userEmail
              collectionPointName
              channel {
                slug
              }
              metadata {
                key
                value
              }
              deliveryMethod {
                __typename
                ... on Warehouse {
                  id
                  name
                }
                ... on ShippingMethod {
                  id
                  name
                }
              }
              lines {
                id
                productSku
                productName
                quantity
                quantityFulfilled
                unitPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                totalPrice {
                  net {
                    amount
                    currency
                  }
                  tax {
                    amount
                  }
                  gross {
                    amount
                    currency
                  }
                }
                metadata {
                  key
                  value
                }
              }
              fulfillments {
                id
                status
                lines {
                  id
                  quantity
                  orderLine {
                    id
                  }
                }
              }
              total {
                net {
                  amount
                  currency
                }
                tax {
                  amount
                }
                gross {
                  amount
                  currency
                }
              }
              transactions {
                id
                pspReference
                authorizedAmount {
                  amount
                }
                chargedAmount {
                  amount
                }
                refundedAmount {
                  amount
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "orders": orders,
            "errorPolicy": error_policy,
            "stockUpdatePolicy": stock_update_policy,
        }
        response = self.execute(
            query=query, operation_name="OrderBulkCreate", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return OrderBulkCreate.model_validate(data)

    def transaction_create(
        self,
        id: str,
        transaction: TransactionCreateInput,
        event: Union[Optional[TransactionEventInput], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> TransactionCreate:
        query = gql("""
            mutation TransactionCreate($id: ID!, $transaction: TransactionCreateInput!, $event: TransactionEventInput) {
              transactionCreate(id: $id, transaction: $transaction, transactionEvent: $event) {
                transaction {
                  id
                  pspReference
                  authorizedAmount {
                    amount
                  }
                  chargedAmount {
                    amount
                  }
                }
                errors {
                  field
                  message
                  code
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "id": id,
            "transaction": transaction,
            "event": event,
        }
        response = self.execute(
            query=query,
            operation_name="TransactionCreate",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return TransactionCreate.model_validate(data)

    def transaction_event_report(
        self,
        id: str,
        type_: TransactionEventTypeEnum,
        amount: Decimal,
        psp_reference: str,
        **kwargs: Any,
    ) -> TransactionEventReport:
        query = gql("""
            mutation TransactionEventReport($id: ID!, $type: TransactionEventTypeEnum!, $amount: PositiveDecimal!, $pspReference: String!) {
              transactionEventReport(
                id: $id
                type: $type
                amount: $amount
                pspReference: $pspReference
              ) {
                alreadyProcessed
                transaction {
                  id
                  pspReference
                  authorizedAmount {
                    amount
                  }
                  chargedAmount {
                    amount
                  }
                  refundedAmount {
                    amount
                  }
                }
                errors {
                  field
                  message
                  code
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "id": id,
            "type": type_,
            "amount": str(amount),
            "pspReference": psp_reference,
        }
        response = self.execute(
            query=query,
            operation_name="TransactionEventReport",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return TransactionEventReport.model_validate(data)

    def promotions(
        self, first: int, after: Union[Optional[str], UnsetType] = UNSET, **kwargs: Any
    ) -> Promotions:
        query = gql("""
            query Promotions($first: Int!, $after: String) {
              promotions(first: $first, after: $after) {
                edges {
                  node {
                    id
                    name
                    type
                    startDate
                    endDate
                    rules {
                      channels {
                        slug
                      }
                      cataloguePredicate
                    }
                  }
                }
                pageInfo {
                  hasNextPage
                  endCursor
                }
              }
            }
            """)
        variables: dict[str, object] = {"first": first, "after": after}
        response = self.execute(
            query=query, operation_name="Promotions", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Promotions.model_validate(data)

    def variants_of_products(
        self,
        first: int,
        after: Union[Optional[str], UnsetType] = UNSET,
        where: Union[Optional[ProductWhereInput], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> VariantsOfProducts:
        query = gql("""
            query VariantsOfProducts($first: Int!, $after: String, $where: ProductWhereInput) {
              products(first: $first, after: $after, where: $where) {
                edges {
                  node {
                    id
                    category {
                      id
                    }
                    variants {
                      id
                    }
                  }
                }
                pageInfo {
                  hasNextPage
                  endCursor
                }
              }
            }
            """)
        variables: dict[str, object] = {"first": first, "after": after, "where": where}
        response = self.execute(
            query=query,
            operation_name="VariantsOfProducts",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return VariantsOfProducts.model_validate(data)

    def stock_bulk_update(
        self, stocks: list[StockBulkUpdateInput], **kwargs: Any
    ) -> StockBulkUpdate:
        query = gql("""
            mutation StockBulkUpdate($stocks: [StockBulkUpdateInput!]!) {
              stockBulkUpdate(stocks: $stocks, errorPolicy: REJECT_FAILED_ROWS) {
                count
                results {
                  errors {
                    field
                    message
                    code
                  }
                }
                errors {
                  field
                  message
                  code
                }
              }
            }
            """)
        variables: dict[str, object] = {"stocks": stocks}
        response = self.execute(
            query=query, operation_name="StockBulkUpdate", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return StockBulkUpdate.model_validate(data)

    def product_variant_stocks_update(
        self, variant_id: str, stocks: list[StockInput], **kwargs: Any
    ) -> ProductVariantStocksUpdate:
        query = gql("""
            mutation ProductVariantStocksUpdate($variantId: ID!, $stocks: [StockInput!]!) {
              productVariantStocksUpdate(variantId: $variantId, stocks: $stocks) {
                productVariant {
                  id
                }
                errors {
                  field
                  message
                  code
                  index
                }
              }
            }
            """)
        variables: dict[str, object] = {"variantId": variant_id, "stocks": stocks}
        response = self.execute(
            query=query,
            operation_name="ProductVariantStocksUpdate",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return ProductVariantStocksUpdate.model_validate(data)

    def product_variant_stocks_create(
        self, variant_id: str, stocks: list[StockInput], **kwargs: Any
    ) -> ProductVariantStocksCreate:
        query = gql("""
            mutation ProductVariantStocksCreate($variantId: ID!, $stocks: [StockInput!]!) {
              productVariantStocksCreate(variantId: $variantId, stocks: $stocks) {
                productVariant {
                  id
                }
                errors {
                  field
                  message
                  code
                  index
                }
              }
            }
            """)
        variables: dict[str, object] = {"variantId": variant_id, "stocks": stocks}
        response = self.execute(
            query=query,
            operation_name="ProductVariantStocksCreate",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return ProductVariantStocksCreate.model_validate(data)

    def variant_stocks(self, id: str, **kwargs: Any) -> VariantStocks:
        query = gql("""
            query VariantStocks($id: ID!) {
              productVariant(id: $id) {
                id
                sku
                stocks {
                  id
                  quantity
                  quantityAllocated
                  warehouse {
                    id
                    slug
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = self.execute(
            query=query, operation_name="VariantStocks", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return VariantStocks.model_validate(data)
