"""A small commerce core for one machine: it answers the operations of `commerce/operations` as Saleor does.

It stands in for Saleor in the demonstration and in the tests, in its own process, environment and database. It
implements what the suite calls and no more, and imports no other package of the project.
"""
