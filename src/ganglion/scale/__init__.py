"""SCALE, the encoding of everything that is stored, signed or sent.

`types` has the vocabulary of declarations, `structure` makes structs and enums of classes, `codecs` finds
the codec of a declared type, `portable` describes types in metadata. Knows no pallet.
"""

from ganglion.scale.codec import Codec
from ganglion.scale.codecs import Codecs
from ganglion.scale.errors import ScaleError
from ganglion.scale.structure import Enum, Struct, named

__all__ = ["Codec", "Codecs", "Enum", "ScaleError", "Struct", "named"]
