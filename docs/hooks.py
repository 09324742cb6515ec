"""What the site is built with beside its written pages: each page of reference, made from the program when the site is built.

MkDocs is started from the top of this project (`make docs`), which is where it finds the program and this package.
"""

from __future__ import annotations

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from docs.reference import PAGES

__all__ = ["on_files"]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The files of the site, and those that are made."""
    for name, make in PAGES.items():
        files.append(File.generated(config, f"reference/{name}.md", content=make()))
    return files
