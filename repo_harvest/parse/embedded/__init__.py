"""What a page says of its publications in machine-readable form. Pure: no clock, network, disk or logging.

tree -read-> one list of entries a form        text of a file -bibtex.read, ris.read, csl.read-> entries
entry, other -agree-> whether they are one work -fill-> the entry, with its gaps filled
"""

from repo_harvest.parse.embedded.gaps import agree, fill
from repo_harvest.parse.embedded.registry import EmbeddedList, linked, read

__all__ = ["EmbeddedList", "agree", "fill", "linked", "read"]
