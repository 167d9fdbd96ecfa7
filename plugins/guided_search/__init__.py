"""Guided search: one box for words and one set of dimensions to narrow the result, with exact counts.

The index lives in each process's memory and follows the catalogue's change number; stock is asked live, so `in_store`
is exact at once.
"""
