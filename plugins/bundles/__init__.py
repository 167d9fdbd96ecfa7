"""Bundles: devices sold together with plans, validated and priced as one. Names follow TMF620.

An offer is data (`document`), compiled (`compiled`), judged (`configurator`), mended (`repair`) and priced
(`quoting`, `pricing`); see docs/adr/0011-bundles.md.
"""
