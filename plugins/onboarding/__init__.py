"""Taking over a catalogue that exists in the core: mapping it, looking at what would happen, and the first copy.

The mappings themselves belong to the catalogue and the inventory; here a person decides them on one page, and a run
copies everything, page by page, from a checkpoint that survives whatever dies.
"""
