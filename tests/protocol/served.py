"""The interface that a node serves, as other people's decoders understand its metadata.

`bittensor-core` decodes V15 (everything but the types of constants), `scalecodec` decodes V14 (for those).
"""

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import bittensor_core
from published import Published
from registry import Registry
from scalecodec.base import RuntimeConfigurationObject, ScaleBytes
from scalecodec.type_registry import load_type_registry_preset


@dataclass
class Served:
    """Metadata as bytes, decoded when first asked. The two versions enter what is signed."""

    v15: bytes
    v14: bytes | None
    published: Published
    spec_version: int = 1
    transaction_version: int = 1
    registry: Registry = field(init=False)

    def __post_init__(self) -> None:
        self.core = bittensor_core.Runtime(self.v15, self.spec_version, self.transaction_version, 42)
        types = json.loads(self.core.registry_json())["types"]
        self.registry = Registry({entry["id"]: entry["type"] for entry in types}, self.published)

    @cached_property
    def pallets(self) -> dict[str, dict[str, Any]]:
        return {pallet["name"]: pallet for pallet in self.core.metadata_ir()["pallets"]}

    @cached_property
    def calls(self) -> dict[str, dict[str, dict[str, Any]]]:
        return self._of_outer_enum("RuntimeCall")

    @cached_property
    def events(self) -> dict[str, dict[str, dict[str, Any]]]:
        return self._of_outer_enum("RuntimeEvent")

    @cached_property
    def storage(self) -> dict[str, dict[str, Any]]:
        return {
            name: {
                item["name"]: self.core.storage_entry(name, item["name"]) for item in pallet["storage"] or []
            }
            for name, pallet in self.pallets.items()
        }

    @cached_property
    def errors(self) -> dict[str, dict[str, dict[str, Any]]]:
        return {
            name: {error["name"]: error for error in pallet["errors"] or []}
            for name, pallet in self.pallets.items()
        }

    @cached_property
    def apis(self) -> dict[str, dict[str, Any]]:
        apis: dict[str, dict[str, Any]] = self.core.runtime_api_map()
        return apis

    @cached_property
    def constants(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Per pallet and name: `type` (a number in `constant_registry`) and the decoded `value`."""
        return {
            pallet["name"]: {
                constant["name"]: {
                    "type": constant["type"],
                    "value": self.core.constant(pallet["name"], constant["name"]),
                }
                for constant in pallet["constants"]
            }
            for pallet in self._decoded_v14["pallets"]
        }

    @cached_property
    def constant_registry(self) -> Registry:
        types = self._decoded_v14["types"]["types"]
        return Registry({entry["id"]: entry["type"] for entry in types}, self.published)

    @cached_property
    def _decoded_v14(self) -> dict[str, Any]:
        assert self.v14 is not None
        configuration = RuntimeConfigurationObject()
        configuration.update_type_registry(load_type_registry_preset("core"))
        metadata = configuration.create_scale_object("MetadataVersioned", data=ScaleBytes(self.v14))
        metadata.decode()
        decoded: dict[str, Any] = metadata.value[1]["V14"]
        return decoded

    def _of_outer_enum(self, name: str) -> dict[str, dict[str, dict[str, Any]]]:
        outer = self.registry.by_name(name)
        assert outer is not None, f"no type is named {name}"
        return {
            pallet["name"]: {
                variant["name"]: variant for variant in self.registry.variants(pallet["fields"][0]["type"])
            }
            for pallet in self.registry.variants(outer)
        }
