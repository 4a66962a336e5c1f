"""The framework that pallets are written in: declarations, worlds, extrinsics, the executive, metadata."""
