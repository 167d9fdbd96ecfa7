/** Deliveries, transfers and returns to vendors. */

import { graphql } from "../gql";

export const DifferenceFields = graphql(`
  fragment DifferenceFields on ReceiptDifferenceType { id kind sku name quantity serial note settlement }
`);

export const DeliveryFields = graphql(`
  fragment DeliveryFields on StockDelivery { id number supplier state expectedOn lineCount expected arrived }
`);

export const Deliveries = graphql(`
  query PosDeliveries { stockDeliveries(first: 50) { edges { node { ...DeliveryFields } } } }
`);

export const OneDelivery = graphql(`
  query PosDelivery($id: ID!) {
    stockDelivery(id: $id) {
      ...DeliveryFields
      lines { sku name tracked expected received damaged serials }
      differences { ...DifferenceFields }
    }
  }
`);

export const DeliveryReceive = graphql(`
  mutation PosDeliveryReceive($input: StockDeliveryReceiveInput!) {
    stockDeliveryReceive(input: $input) { delivery { ...DeliveryFields } replayed errors { ...ErrorFields } }
  }
`);

export const DeliveryUnannounced = graphql(`
  mutation PosDeliveryUnannounced($input: StockDeliveryUnannouncedInput!) {
    stockDeliveryReceiveUnannounced(input: $input) { delivery { ...DeliveryFields } replayed errors { ...ErrorFields } }
  }
`);

export const TransferFields = graphql(`
  fragment TransferFields on StockTransfer {
    id number state pushed note requested shipped inTransit createdAt shippedAt
    origin { id name city } target { id name city }
  }
`);

export const Transfers = graphql(`
  query PosTransfers($incoming: Boolean!) { stockTransfers(incoming: $incoming, first: 50) { edges { node { ...TransferFields } } } }
`);

export const OneTransfer = graphql(`
  query PosTransfer($id: ID!) {
    stockTransfer(id: $id) {
      ...TransferFields
      lines { sku name tracked requested approved shipped received damaged inTransit serials }
      differences { ...DifferenceFields }
    }
  }
`);

export const TransferRequest = graphql(`
  mutation PosTransferRequest($input: StockTransferRequestInput!) {
    stockTransferRequest(input: $input) { transfer { ...TransferFields } replayed errors { ...ErrorFields } }
  }
`);

export const TransferDecide = graphql(`
  mutation PosTransferDecide($input: StockTransferDecideInput!) {
    stockTransferDecide(input: $input) { transfer { ...TransferFields } replayed errors { ...ErrorFields } }
  }
`);

export const TransferPick = graphql(`
  mutation PosTransferPick($input: StockTransferInput!) {
    stockTransferPick(input: $input) { transfer { ...TransferFields } replayed errors { ...ErrorFields } }
  }
`);

export const TransferShip = graphql(`
  mutation PosTransferShip($input: StockTransferShipInput!) {
    stockTransferShip(input: $input) { transfer { ...TransferFields } replayed errors { ...ErrorFields } }
  }
`);

export const TransferCancel = graphql(`
  mutation PosTransferCancel($input: StockTransferInput!) {
    stockTransferCancel(input: $input) { transfer { ...TransferFields } replayed errors { ...ErrorFields } }
  }
`);

export const TransferReceive = graphql(`
  mutation PosTransferReceive($input: StockTransferReceiveInput!) {
    stockTransferReceive(input: $input) { transfer { ...TransferFields } replayed errors { ...ErrorFields } }
  }
`);

export const TransferSettle = graphql(`
  mutation PosTransferSettle($input: StockTransferSettleInput!) {
    stockTransferSettle(input: $input) { transfer { ...TransferFields } replayed errors { ...ErrorFields } }
  }
`);

export const VendorReturnFields = graphql(`
  fragment VendorReturnFields on VendorReturn {
    id number vendor authorisation note state createdAt
    lines { sku name quantity serials }
  }
`);

export const VendorReturns = graphql(`
  query PosVendorReturns { stockVendorReturns(first: 20) { edges { node { ...VendorReturnFields } } } }
`);

export const VendorReturnPrepare = graphql(`
  mutation PosVendorReturnPrepare($input: VendorReturnPrepareInput!) {
    stockVendorReturnPrepare(input: $input) { vendorReturn { id number } replayed errors { ...ErrorFields } }
  }
`);

export const VendorReturnShip = graphql(`
  mutation PosVendorReturnShip($input: VendorReturnActInput!) {
    stockVendorReturnShip(input: $input) { vendorReturn { id number } replayed errors { ...ErrorFields } }
  }
`);

export const VendorReturnCancel = graphql(`
  mutation PosVendorReturnCancel($input: VendorReturnActInput!) {
    stockVendorReturnCancel(input: $input) { vendorReturn { id number } replayed errors { ...ErrorFields } }
  }
`);

export const StoresAround = graphql(`
  query PosStoresAround($near: GeoPointInput, $country: String) { stores(near: $near, country: $country, first: 100) { edges { node { id name } } } }
`);
