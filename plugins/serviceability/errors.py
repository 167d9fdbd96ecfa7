"""Codes that serviceability can answer with, beside the kernel's. They are part of the API: never renamed."""

ADDRESS_NOT_FOUND = "ADDRESS_NOT_FOUND"  # neither premises nor street nor place
ADDRESS_ELSEWHERE = "ADDRESS_ELSEWHERE"  # in a country that is not served
POSITION_ELSEWHERE = "POSITION_ELSEWHERE"  # in the sea, another country, or the wrong way round
CAPACITY_GONE = "CAPACITY_GONE"  # no port or slot is free by the day wanted
QUALIFICATION_EXPIRED = "QUALIFICATION_EXPIRED"  # it must be asked again
RATE_LIMITED = "RATE_LIMITED"  # too many questions in a minute
