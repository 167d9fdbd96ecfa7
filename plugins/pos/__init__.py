"""The point of sale, server side: shifts with their cash, and what happened at a register, online or off.

A register sells without a network and tells afterwards. Each entry carries the register's own id and is recorded
exactly once; a sale that happened is recorded whatever speaks against it, with exceptions for a person to settle. The
commerce core learns of each sale in the background.
"""
