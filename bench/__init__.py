"""Benchmarks on the demonstration's data, each beside a peer that does the same work in the same run."""
