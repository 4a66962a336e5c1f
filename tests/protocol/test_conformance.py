"""What our metadata says must be what the real chain's says, wherever both speak of the same thing."""

from typing import Any

import conformance
import pytest
from published import Published
from served import Served


@pytest.mark.parametrize("kind", ["pallets", *conformance.KINDS])
def test_what_is_served_is_as_published(served: Served, published: Published, kind: str) -> None:
    differences = list(getattr(conformance, kind)(served, published))
    assert not differences, "\n".join(differences)


def test_types_that_clients_look_for_by_path_have_that_path(served: Served) -> None:
    assert list(conformance.paths(served.registry)) == []


def test_types_that_clients_take_parameters_from_have_them(served: Served) -> None:
    assert list(conformance.parameters(served.registry)) == []


def test_extrinsics_are_of_format_4_with_the_published_extensions_in_order(
    served: Served, published: Published
) -> None:
    assert served.core.is_v15
    assert served.core.extrinsic_version == 4
    assert list(served.core.signed_extension_identifiers()) == published.extensions


def test_how_much_of_the_interface_is_covered(
    served: Served, published: Published, record_property: Any
) -> None:
    table = conformance.coverage_table(served, published)
    record_property("coverage of the published interface", table)
    assert conformance.coverage(served.storage, published.storage, "System").served > 0
