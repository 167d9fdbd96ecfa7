"""A demonstration operator: real devices and shops, everything else made up, the same at every run."""
