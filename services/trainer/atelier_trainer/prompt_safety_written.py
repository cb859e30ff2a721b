"""Prompts written one by one for the prompt reader, in twins: one to refuse beside a harmless one of the same subject.

They lie in `prompt_safety_written/`, a file for each OVERT category and one of what people post and tell rather than ask to be
drawn. A line is a twin: what is unsafe, a tab, what is harmless; in `posts.tsv` the kind of harm goes before both. Ten lines
are of one theme.
"""

from pathlib import Path

from .prompt_safety_data import HARMLESS, OVERT, Row

_FOLDER = Path(__file__).with_name("prompt_safety_written")
_LINES_OF_A_THEME = 10


def written() -> list[Row]:
    """All of them. Lines of one theme are a group."""
    return [row for name in (*OVERT, "posts") for row in _read(name)]


def _read(name: str) -> list[Row]:
    rows: list[Row] = []
    for place, line in enumerate((_FOLDER / f"{name}.tsv").read_text().splitlines()):
        *label, unsafe, harmless = line.split("\t")
        group = f"written {name} {place // _LINES_OF_A_THEME}"
        rows.append(Row(unsafe, label[0] if label else OVERT[name], "written unsafe", group))
        rows.append(Row(harmless, HARMLESS, "written harmless", group))
    return rows
