"""Refusals of a request as a whole, before any resolver is reached."""

BAD_REQUEST = "BAD_REQUEST"
TOO_COMPLEX = "TOO_COMPLEX"
PERSISTED_DOCUMENT_NOT_FOUND = "PERSISTED_DOCUMENT_NOT_FOUND"
# The same in the words of Apollo's clients, which send the whole document after it.
PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
INTERNAL = "INTERNAL"
