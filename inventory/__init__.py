"""Store inventory: stores and their hours, one append-only ledger of stock with a locked balance per store and SKU,
serialised units down to the IMEI, and reservations that never promise the same piece twice.

What every channel may promise is *available to promise* (ATP): sellable on hand less reserved, never negative. The
core's quantity is a projection of this ledger. Plans and services are not stocked: they are never limited here.
"""
