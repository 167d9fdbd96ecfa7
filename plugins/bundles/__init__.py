"""Bundles: devices sold together with plans, validated and priced as one. Names follow TMF620."""
