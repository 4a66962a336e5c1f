"""What can be wrong with the input of an epoch."""


class YumaError(Exception):
    """Base of every error raised by ganglion.yuma."""


class InvalidInput(YumaError, ValueError):
    """A field of an epoch's input cannot be what it is.

    `field` names it as the case files do, `value` is the offending part.
    """

    def __init__(self, field: str, reason: str, value: object = None) -> None:
        self.field = field
        self.reason = reason
        self.value = value
        shown = "" if value is None else f" (got {value!r:.80})"
        super().__init__(f"{field}: {reason}{shown}")
