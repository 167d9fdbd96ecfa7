"""Carts and orders: one cart for every channel, and placing an order so that price, stock and promise hold.

A cart is the suite's own row; the core makes the commercial record when the order is placed (see `completion`). Other
capabilities join in through `hooks`: pickup makes its work when an order is confirmed.
"""
