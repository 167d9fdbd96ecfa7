"""Staff and registers: who may sell and hand over in which store, and how a clerk signs in at a register."""
