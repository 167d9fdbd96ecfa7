"""Serviceability: which services can be had at an address, and from when. Names follow TMF645."""
