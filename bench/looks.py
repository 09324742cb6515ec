"""Pictures of every page, as wide as a telephone and a desk, in light and dark, to be looked at: `python -m bench.looks --into FOLDER`."""

from __future__ import annotations

import argparse
import tempfile
from itertools import product
from pathlib import Path

from repo_harvest.store.engine import open_engine
from repo_harvest.store.schema import upgrade
from tests.browser.chromium import chromium, sign_in
from tests.browser.house import open_house
from tests.browser.visits import VISITS


def main() -> None:
    """Write NAME-WIDTH-SCHEME.png for each page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, required=True, metavar="FOLDER", help="where the pictures are put")
    parser.add_argument("--only", default="", metavar="WORD", help="only pages whose name has this in it")
    told = parser.parse_args()
    told.into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/feed.db"
        engine = open_engine(url)
        upgrade(engine)
        engine.dispose()
        with open_house(url, Path(folder)) as house, chromium() as browser:
            context = browser.new_context()
            page = context.new_page()
            strangers = browser.new_context().new_page()
            sign_in(page, house)
            for name, visit in VISITS.items():
                seen = page if visit.is_private else strangers
                if told.only not in name:
                    continue
                seen.goto(visit.url(house))
                for width, scheme in product((375, 1280), ("light", "dark")):
                    seen.set_viewport_size({"width": width, "height": 900})
                    seen.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                    seen.screenshot(path=told.into / f"{name}-{width}-{scheme}.png", full_page=True)
                print(name)


if __name__ == "__main__":
    main()
