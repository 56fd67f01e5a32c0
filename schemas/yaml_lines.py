"""Where in a YAML file a value stands, so that a problem can be told with its line."""

from pathlib import Path
from typing import Any

import yaml


def line_of(path: Path, where: tuple[Any, ...]) -> int:
    """The line of a value in a YAML file, or of the nearest enclosing one."""
    node = yaml.compose(path.read_text(encoding="utf-8"))
    line = 1
    for part in where:
        found = None
        if isinstance(node, yaml.MappingNode):
            found = next((v for k, v in node.value if k.value == str(part)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            found = node.value[part] if part < len(node.value) else None
        if found is None:
            break
        node, line = found, found.start_mark.line + 1
    return line
