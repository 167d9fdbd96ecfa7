"""Codes that signing in and looking after staff can answer with."""

REGISTER_UNKNOWN = "REGISTER_UNKNOWN"
SIGN_IN_REFUSED = "SIGN_IN_REFUSED"
NOT_OF_THIS_STORE = "NOT_OF_THIS_STORE"
PIN_TOO_WEAK = "PIN_TOO_WEAK"
