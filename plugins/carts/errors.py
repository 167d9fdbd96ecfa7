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

# Services at an address
SERVICE_ADDRESS_REQUIRED = "SERVICE_ADDRESS_REQUIRED"  # nobody said where it is to work
SERVICE_NOT_AVAILABLE = "SERVICE_NOT_AVAILABLE"  # not, or no longer, at this address

# Placing the order
PRICE_CHANGED = "PRICE_CHANGED"  # the cart has the new prices; params: total
DATE_CHANGED = "DATE_CHANGED"  # the pickup time or the day of a service can no longer be kept; params: day
PAYMENT_REQUIRED = "PAYMENT_REQUIRED"
PAYMENT_EXPIRED = "PAYMENT_EXPIRED"  # the customer did not confirm in time
ORDER_REFUSED = "ORDER_REFUSED"  # by the core, nothing was charged; params: reason
ORDER_NOT_PLACED = "ORDER_NOT_PLACED"  # a system was down for too long, nothing was charged

# Returns
NOT_RETURNABLE = "NOT_RETURNABLE"  # not handed over, cancelled, or what cannot come back by itself
ALREADY_RETURNED = "ALREADY_RETURNED"  # so many have come back before; params: left
SERIAL_NOT_SOLD = "SERIAL_NOT_SOLD"  # the piece is none of those that this line handed over
RETURN_TOO_LATE = "RETURN_TOO_LATE"  # only a manager takes it back now; params: days

# Afterwards
ORDER_NOT_CANCELLABLE = "ORDER_NOT_CANCELLABLE"
ORDER_CODE_INVALID = "ORDER_CODE_INVALID"  # not the one that the guest was given
ORDER_HELD = "ORDER_HELD"  # its line is not there: nobody is sent, nothing handed over
ORDER_NOT_HELD = "ORDER_NOT_HELD"  # there is no hold to end
NOTHING_TO_INSTALL = "NOTHING_TO_INSTALL"  # no service of the order works at an address
INVALID_CREDENTIALS = "INVALID_CREDENTIALS"  # of a shopper
