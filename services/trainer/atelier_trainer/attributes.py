"""The closed attribute vocabulary of a training set: every key with every value. Value 0 means that a caption leaves it open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

UNSTATED = ""


@dataclass(frozen=True)
class AttributeSpace:
    """Keys in fixed order; `values[k][0]` is always UNSTATED."""

    keys: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]

    @classmethod
    def collect(cls, attributes: Iterable[Mapping[str, str]]) -> "AttributeSpace":
        """Every key and value seen, sorted."""
        seen: dict[str, set[str]] = {}
        for item in attributes:
            for key, value in item.items():
                seen.setdefault(key, set()).add(value)
        keys = tuple(sorted(seen))
        return cls(keys, tuple((UNSTATED, *sorted(seen[key])) for key in keys))

    def grown(self, attributes: Iterable[Mapping[str, str]]) -> "AttributeSpace":
        """This space and what else `attributes` have, new keys and values last: every class keeps its place and its embedding.

        Raises ValueError when a key would get more values than the widest has: then no embedding would be the same.
        """
        other = AttributeSpace.collect(attributes)
        merged = self.to_dict()
        for key, values in other.to_dict().items():
            merged[key] = [*merged.get(key, []), *(value for value in values if value not in merged.get(key, []))]
            if len(merged[key]) > self.width:
                raise ValueError(f"{key} would have {len(merged[key])} values, more than {self.width}")
        return AttributeSpace.from_dict(merged)

    @property
    def width(self) -> int:
        """The most values any key has, the open one included."""
        return max(len(values) for values in self.values)

    def valid(self) -> Tensor:
        """Bool [K, width]: which class slots exist."""
        return torch.tensor([[i < len(values) for i in range(self.width)] for values in self.values])

    def labels(self, attributes: Mapping[str, str], states: Iterable[str]) -> list[int]:
        """Class per key of a caption that states `states`; 0 where it leaves the key open. Unknown values count as open."""
        result = [0] * len(self.keys)
        for key in states:
            index, values = self._index.get(key, (0, {}))
            value = values.get(attributes.get(key, UNSTATED), 0)
            if value:
                result[index] = value
        return result

    @cached_property
    def _index(self) -> dict[str, tuple[int, dict[str, int]]]:
        return {key: (i, {v: n for n, v in enumerate(self.values[i])}) for i, key in enumerate(self.keys)}

    def to_dict(self) -> dict[str, list[str]]:
        return {key: list(values) for key, values in zip(self.keys, self.values, strict=True)}

    @classmethod
    def from_dict(cls, data: Mapping[str, list[str]]) -> "AttributeSpace":
        return cls(tuple(data), tuple(tuple(values) for values in data.values()))
