"""Codes that bundles can answer with, beside the kernel's. They are part of the API: never renamed."""

# Price
CURRENCY_MISMATCH = "CURRENCY_MISMATCH"  # a price in another currency than the one that is sold in
PRICE_ENDED = "PRICE_ENDED"  # the option is not sold on this day: not yet or no more; params: sku
INVALID_QUANTITY = "INVALID_QUANTITY"  # below 1 or above what one line can hold
INVALID_TERM = "INVALID_TERM"  # no commitment where the price needs one, or longer than any
CREDIT_BEYOND_TERM = "CREDIT_BEYOND_TERM"  # a credit would be paid after the commitment has ended
INSTALMENTS_BEYOND_TERM = "INSTALMENTS_BEYOND_TERM"  # the same of an instalment
CREDIT_EXCEEDS_BILL = "CREDIT_EXCEEDS_BILL"  # a month's credits are more than its charges
UNKNOWN_GRADE = "UNKNOWN_GRADE"  # a condition the trade-in has no value for
TAX_NOT_KNOWN = "TAX_NOT_KNOWN"  # no tax rule for the place of use
INVALID_PRICE = "INVALID_PRICE"  # price terms that cannot be: negative, empty, contradictory

# After the sale
BUNDLE_ENDED = "BUNDLE_ENDED"  # it was left already
UNKNOWN_LINE = "UNKNOWN_LINE"  # no such line in this bundle, or it ended

# Offers
INVALID_OFFER = "INVALID_OFFER"  # the document contradicts itself or cannot be sold; params: problems
TESTS_FAILED = "TESTS_FAILED"  # a test case of the draft does not hold; params: failures
OFFER_NOT_FOUND = "OFFER_NOT_FOUND"  # no such offer is sold in this channel
INVALID_CONFIGURATION = "INVALID_CONFIGURATION"  # a choice that breaks a rule; params: violations
