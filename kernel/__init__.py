"""What every capability needs and no business rule: the ground on which the suite stands.

    money        Decimal amounts with a currency, rounding, tax, exact allocation
    errors       stable codes and the exceptions that carry them to a client
    clock, ids   time and identifiers that tests can govern
    identity     who is calling and what that caller may do
    locks        row locks in a fixed order, advisory locks with a registry of numbers
    idempotency  a request that is repeated is answered, not done again
    outbox       events that leave with the transaction, at least once, in order per aggregate
    sagas        side effects in steps that resume after a crash and compensate after a refusal
    audit        who did what; append-only, by the database's own refusal
    api          the GraphQL helpers that the schemas share
    tasks        the worker's entry points; the tables are the truth, the broker only wakes it up

See docs/adr/0001-idempotency-outbox-sagas.md for tables, locks, states and what each failure leaves behind.
The kernel imports nothing of the suite.
"""
