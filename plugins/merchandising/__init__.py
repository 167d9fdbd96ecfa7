"""Merchandising: what people decide about the search. Synonyms, dimensions and when they are shown, and rules that pin,
boost, bury or hide products, place spotlights beside the result or redirect to a page.

Rules and set-up are evaluated by pure functions over one immutable value a channel; each change is kept and can be
undone.
"""
