"""Payments: authorise, capture, void and refund, each repeatable by its key, through a port to a card provider.

What a customer pays at the counter is a payment too: it waits until a register captures it.
"""
