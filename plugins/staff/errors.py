"""Codes that signing in and looking after staff can answer with. They are part of the API: never renamed."""

REGISTER_UNKNOWN = "REGISTER_UNKNOWN"  # no active register has this token
SIGN_IN_REFUSED = "SIGN_IN_REFUSED"  # wrong code or wrong PIN: which of them is not told
NOT_OF_THIS_STORE = "NOT_OF_THIS_STORE"
PIN_TOO_WEAK = "PIN_TOO_WEAK"
