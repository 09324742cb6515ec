"""Heads in, drafts out: which of the lines after a head are its abstract.

An abstract goes on to the next title, or ends before it: at a heading that is no title, at a rule, at the edge of the
box that the entry has for itself, or of the box that the list stands in. The last entry has no next title: where no box
ends it, it ends at the first line that is not running text, and is no longer than the others are. Better a paragraph
reported as left out than the page's footer in an abstract.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from itertools import pairwise

from repo_harvest.parse import identifiers
from repo_harvest.parse.document import HEADINGS, Block, common
from repo_harvest.parse.layouts.drafts import Draft, Head, View

__all__ = ["with_bodies"]

_LABEL = re.compile(r"(?:abstract|summary|description|overview)[:.]?", re.IGNORECASE)
_CONTROL = re.compile(  # short lines that a site puts among entries
    r"(?:©|\(c\) ?[12][0-9]{3}|back to top|to the top|share (?:this|on)\b|print this page|powered by|privacy\b|cookies?\b|"
    r"contact us|follow us|site ?map\b|(?:page )?last (?:updated|modified)|(?:read|show|view|find out) more|"
    r"view (?:item|record|full)|download|full text|log ?in\b|sign in\b).{0,60}",
    re.IGNORECASE,
)
_NOTICE = re.compile(  # paragraphs that end a page
    r"©|\(c\) ?[12][0-9]{3}|copyright (?:©|\(c\)|[12][0-9]{3})|all rights reserved|this (?:page|website|site) ",
    re.IGNORECASE,
)
_LONGEST_SECTION_NAME = 6  # words


def with_bodies(view: View, heads: Sequence[Head]) -> list[Draft]:
    """Each head with its abstract."""
    if not heads:
        return []
    boxes = _own_boxes(view, heads)
    shared = _shared_box(view, heads)
    level = min((level for head in heads if (level := view.lines[head.title[0]].level)), default=len(HEADINGS))
    ends = [head.title[0] for head in heads[1:]] + [len(view.lines)]
    drafts = [
        _draft(view, head, end, box=_bounding(view, head, end, box, shared), level=level)
        for head, end, box in zip(heads, ends, boxes, strict=True)
    ]
    last = drafts.pop()
    boxed = _bounding(view, last.head, ends[-1], boxes[-1], None) is not None
    return [*drafts, _without_rest(last, last.body) if boxed else _ended(view, last, drafts)]


def _draft(view: View, head: Head, end: int, *, box: Block | None, level: int) -> Draft:
    """The head with the lines up to `end` sorted into abstract, links, and what was left out."""
    body: list[int] = []
    linking: list[int] = []
    left_out = list(range(head.title[-1] + 1, head.byline)) if head.byline is not None else []
    for at in range(head.last + 1, end):
        line = view.lines[at]
        if box is not None and not line.block.within(box):
            left_out.append(at)
        elif _LABEL.fullmatch(line.text):
            continue
        elif (line.level and line.level <= level) or (line.after_rule and body):
            left_out += range(at, end)
            break
        elif "link" in line.marks or identifiers.in_words(line.text):
            linking.append(at)
        elif view.prose[at] or not _CONTROL.fullmatch(line.text):
            body.append(at)
    if _ends_in_section_name(view, body):
        left_out.append(body.pop())
    return Draft(head=head, body=tuple(body), linking=tuple(linking), left_out=tuple(left_out))


def _ends_in_section_name(view: View, body: list[int]) -> bool:
    """Whether the last line is the name of a section that starts with the next title: short, alone, no sentence."""
    if not body or (len(body) > 1 and not view.prose[body[-2]]):
        return False
    line = view.lines[body[-1]]
    words = line.text.split()
    return len(words) <= _LONGEST_SECTION_NAME and "item" not in line.marks and line.text[-1] not in ".!?…。)"


def _ended(view: View, last: Draft, others: Sequence[Draft]) -> Draft:
    """The last draft without what follows the list."""
    most = max((len(draft.body) for draft in others if draft.body), default=len(view.lines))
    short_ones = any(draft.body and not view.prose[draft.body[0]] for draft in others)
    kept: list[int] = []
    for at in last.body:
        fits = _goes_on(view, kept, at) if kept else view.prose[at] or short_ones
        if len(kept) == most or not fits or _NOTICE.match(view.lines[at].text):
            break
        kept.append(at)
    ended = _without_rest(last, kept)
    rest = last.body[len(kept) :]
    if kept and rest[:1] == (kept[-1] + 1,) and view.prose[rest[0]] and not _NOTICE.match(view.lines[rest[0]].text):
        return replace(ended, doubtful=rest)
    return ended


def _without_rest(last: Draft, kept: Sequence[int]) -> Draft:
    """The last draft with these lines as its abstract, and nothing of what comes after them and is no link of its own."""
    first = min(kept, default=last.head.last)
    left_out = tuple(at for at in last.left_out if at < first)
    rest = set(last.left_out) | (set(last.body) - set(kept))
    end = min((at for at in rest if at > max(kept, default=-1)), default=None)
    linking = tuple(at for at in last.linking if end is None or at < end)
    return Draft(head=last.head, body=tuple(kept), linking=linking, left_out=left_out)


def _goes_on(view: View, kept: list[int], at: int) -> bool:
    """Whether the abstract goes on in this line: running text in a box like the last one, or a list that was announced."""
    last, line = view.lines[kept[-1]], view.lines[at]
    if at != kept[-1] + 1:
        return False
    if "item" in line.marks:
        return last.text.endswith(":") or line.block.is_like(last.block)
    return view.prose[at] and (line.block is last.block or line.block.is_like(view.lines[kept[0]].block))


# --- boxes -------------------------------------------------------------------------------------------------------


def _own_boxes(view: View, heads: Sequence[Head]) -> list[Block | None]:
    """For each head the outermost box that holds it and no other head, if it holds all of it."""
    blocks = [view.lines[head.last].block for head in heads]
    shared = [common(one, other).depth for one, other in pairwise(blocks)]
    boxes: list[Block | None] = []
    for at, (head, block) in enumerate(zip(heads, blocks, strict=True)):
        depth = max([*shared[max(at - 1, 0) : at], *shared[at : at + 1]], default=block.depth)
        box = block.at(depth + 1) if block.depth > depth else None
        whole = box is not None and view.lines[head.title[0]].block.within(box)
        boxes.append(box if whole else None)
    return boxes


def _shared_box(view: View, heads: Sequence[Head]) -> Block | None:
    """The innermost box that holds all heads, if there are several."""
    blocks = [view.lines[at].block for head in heads for at in (head.title[0], head.last)]
    return reduce(common, blocks) if len(heads) > 1 else None


def _bounding(view: View, head: Head, end: int, own: Block | None, shared: Block | None) -> Block | None:
    """The box that the abstract cannot leave: the entry's own if there is running text in it, else the shared one."""
    if own is None:
        return shared
    after = range(head.last + 1, end)
    return own if any(view.prose[at] and view.lines[at].block.within(own) for at in after) else shared
