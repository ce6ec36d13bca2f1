"""How a person is shown where the whole name, number or telephone is not needed.

Source: the usual masking of personal data in China (GB/T 35273): the middle is starred.
"""

from __future__ import annotations

from tracker.domain.identity import mask as mask_id_number

__all__ = ["mask_id_number", "mask_name", "mask_phone"]


def mask_name(name: str) -> str:
    """张秀英 → 张*英, 张三 → 张*: the first character and, from three on, the last one stay.

    Never more than three stars: the length of a rare name would tell whose it is.
    """
    if len(name) < 3:
        return name[:1] + "*"
    return name[0] + "*" * min(len(name) - 2, 3) + name[-1]


def mask_phone(number: str) -> str:
    """13812345678 → 138****5678; a short number keeps its last two digits."""
    if len(number) < 9:
        return "*" * max(len(number) - 2, 0) + number[-2:]
    return number[:3] + "*" * (len(number) - 7) + number[-4:]
