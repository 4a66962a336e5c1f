"""What can go wrong between bytes and values."""


class ScaleError(ValueError):
    """Bytes that are not a value of the type, or a value that does not fit the type."""
