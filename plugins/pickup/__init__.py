"""Buy online, pick up in store: from the order to the hand-over at the counter.

A store accepts a pickup, picks each unit by scanning it, says it is ready, and hands it over against the customer's
code. The stock is promised from the order on; it leaves the ledger at the hand-over, once.
"""
