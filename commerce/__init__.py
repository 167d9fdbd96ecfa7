"""The boundary to the commerce core (Saleor): the typed client, its users' tokens, and its webhooks coming in.

Nothing above this package knows Saleor's names: it sees `commerce.core.core()`, the records of `commerce.records`,
two errors, and events delivered to handlers registered with `commerce.inbox`.
"""
