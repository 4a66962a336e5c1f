"""The subnets by name, and how an author's own is found."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from ganglion.neuron.package import SubnetPackage

SUBNETS: Mapping[str, str] = MappingProxyType(
    {
        "vision": "ganglion.subnets.vision.package:PACKAGE",
        "text": "ganglion.subnets.text.package:PACKAGE",
        "forecast": "ganglion.subnets.forecast.package:PACKAGE",
    }
)
"""name -> module:object of a `SubnetPackage`. Imported when asked for."""


class SubnetUnknown(LookupError):
    """No such subnet: the message says what was looked for."""


def subnet(name: str) -> SubnetPackage:
    """The subnet of this name, or the object an author names as `module:object`. Raises: SubnetUnknown."""
    where = SUBNETS.get(name, name)
    module, colon, attribute = where.partition(":")
    if not colon:
        raise SubnetUnknown(f"{name!r} is neither one of {', '.join(SUBNETS)} nor module:object")
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise SubnetUnknown(f"{where}: {error}") from error
    if not isinstance(found, SubnetPackage):
        raise SubnetUnknown(f"{where} is no SubnetPackage")
    return found
