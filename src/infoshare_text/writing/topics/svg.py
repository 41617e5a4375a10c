"""A chart as an SVG that stands alone: titled, described, without anything from elsewhere."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from typing import Any

_SVG = "{http://www.w3.org/2000/svg}"
_HEAD = re.compile(r"(<svg [^>]*?)xmlns=\"[^\"]*\" ?")


def accessible_svg(chart: Any, name: str, title: str, description: str) -> str:
    """Draw an Altair chart.

    Parameters
    ----------
    chart : altair chart
    name : str
        Begins every id in the picture, so that several stand in one page.
    title, description : str
        What a screen reader says in place of the picture.

    Returns
    -------
    str
        The SVG; the same chart gives the same text.
    """
    stream = io.StringIO()
    chart.save(stream, format="svg")
    root = ET.fromstring(stream.getvalue())
    for element in root.iter():
        # The picture is one image with one description: what Vega says of each mark would be noise beside the table.
        for attribute in [key for key in element.attrib if key == "role" or key.startswith("aria-") or key == "class"]:
            del element.attrib[attribute]
        for key, value in element.attrib.items():
            element.attrib[key] = _renamed(key, value, name)
    root.attrib |= {"role": "img", "aria-labelledby": f"{name}-title {name}-desc"}
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        said = ET.Element(f"{_SVG}{tag}", {"id": f"{name}-{tag}"})
        said.text = text
        root.insert(place, said)
    ET.register_namespace("", _SVG[1:-1])
    return ET.tostring(root, encoding="unicode") + "\n"


def inline(svg: str) -> str:
    """Return an SVG as it stands inside an HTML page, where its namespace goes without saying."""
    return _HEAD.sub(r"\1", svg, count=1).strip()


def _renamed(key: str, value: str, name: str) -> str:
    if key == "id":
        return f"{name}-{value}"
    return re.sub(r"url\(#([^)]*)\)", rf"url(#{name}-\1)", value)
