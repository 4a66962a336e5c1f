"""The pallets: one module or package each, the real chain's names, layouts and rules."""
