"""Codes that carts and orders can answer with, beside the kernel's. They are part of the API: never renamed."""

# Lines
UNKNOWN_SKU = "UNKNOWN_SKU"  # not sold (any more) in this channel
NOT_SOLD_ALONE = "NOT_SOLD_ALONE"  # only inside a bundle
INVALID_QUANTITY = "INVALID_QUANTITY"  # below 1
INSUFFICIENT_STOCK = "INSUFFICIENT_STOCK"  # more than can be had; params: sku, available

# The cart itself
CART_EMPTY = "CART_EMPTY"
CART_COMPLETED = "CART_COMPLETED"  # it is an order already
CART_BUSY = "CART_BUSY"  # an order is being placed from it
SHARE_CODE_INVALID = "SHARE_CODE_INVALID"  # wrong, used or expired

# Contact
CONTACT_REQUIRED = "CONTACT_REQUIRED"
INVALID_EMAIL = "INVALID_EMAIL"
INVALID_PHONE = "INVALID_PHONE"
BILLING_ADDRESS_REQUIRED = "BILLING_ADDRESS_REQUIRED"

# Delivery
DELIVERY_REQUIRED = "DELIVERY_REQUIRED"  # goods without a pickup
STORE_NOT_FOUND = "STORE_NOT_FOUND"
STORE_CLOSED = "STORE_CLOSED"  # at the time asked for
PICKUP_NOT_OFFERED = "PICKUP_NOT_OFFERED"  # the store hands no orders over
SLOT_NOT_AVAILABLE = "SLOT_NOT_AVAILABLE"  # past, too soon or not of this store
SLOT_FULL = "SLOT_FULL"

# Placing the order
PRICE_CHANGED = "PRICE_CHANGED"  # the cart has the new prices; params: total
DATE_CHANGED = "DATE_CHANGED"  # the pickup time can no longer be kept
PAYMENT_REQUIRED = "PAYMENT_REQUIRED"
PAYMENT_EXPIRED = "PAYMENT_EXPIRED"  # the customer did not confirm in time
ORDER_REFUSED = "ORDER_REFUSED"  # by the core, nothing was charged; params: reason
ORDER_NOT_PLACED = "ORDER_NOT_PLACED"  # a system was down for too long, nothing was charged

# Afterwards
ORDER_NOT_CANCELLABLE = "ORDER_NOT_CANCELLABLE"
ORDER_CODE_INVALID = "ORDER_CODE_INVALID"  # not the one that the guest was given
INVALID_CREDENTIALS = "INVALID_CREDENTIALS"  # of a shopper
