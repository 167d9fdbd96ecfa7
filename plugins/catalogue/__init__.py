"""The suite's copy of the core's catalogue: products, variants, prices per channel.

The core is the master. This copy answers product pages, search and the registers without a call to the core, and
numbers every change, so that a reader fetches only what moved since it last looked.
"""
