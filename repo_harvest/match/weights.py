"""How much each agreement and each difference says, in one table to be read and argued with.

After Fellegi and Sunter ("A theory for record linkage", 1969): what two records agree and differ in is weighed, and the
sum decides. A weight is about the logarithm (base 2) of how much likelier the finding is for two records of one work
than for two that merely met. The weights are set by hand, from what the kinds of evidence mean; they are not fitted to
any collection. At `same` or more the records are one work, below `unsure` they are two, between them a person looks.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["WEIGHTS", "Weights"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Every weight by the finding that it belongs to; shares of a title, from 0 to 1, and weights of its words beside them."""

    same: float = 8.3
    unsure: float = 7.9

    # the title: between `like_title` and equal in proportion; times what the title says (`full_title`: enough words)
    equal_title: float = 9.0
    like_title: float = 0.65
    unlike_title: float = -9.0
    short_title: float = 0.35
    full_title: float = 60.0
    recurring_title: float = 1.0
    same_title: float = 0.95
    subtitle_missing: float = 0.9
    one_goes_on: float = 0.92
    one_begins_before: float = 0.86
    enough_title: float = 22.0
    number_missing: float = -1.0
    other_code: float = -4.0
    part_missing: float = -3.0

    # the creators
    first_creator: float = 3.3
    other_creator: float = 1.2
    most_creators: float = 5.5
    other_first: float = 2.0
    turned_round: float = 0.5
    few_in_common: float = -1.0
    other_initial: float = -2.5
    other_initial_of_many: float = 0.0
    no_creator_in_common: float = -6.0
    none_but_long_title: float = -3.5
    none_in_cut_lists: float = -2.0

    # when and where
    same_year: float = 1.5
    next_year: float = -0.5
    near_year: float = -2.0
    other_year: float = -3.5
    other_year_short: float = -3.0
    same_container: float = 1.5
    similar_container: float = 0.3
    other_container: float = -0.5
    other_journal: float = -3.5
    journal_or_meeting: float = -3.0
    same_volume: float = 1.5
    other_volume: float = -2.0
    other_container_and_year: float = -7.0
    same_issue: float = 0.3
    other_issue: float = -0.2
    same_pages: float = 4.0
    same_range_of_volume: float = 6.5
    same_first_page: float = 3.0
    other_pages_of_volume: float = -7.0
    touching_pages: float = 0.0
    other_pages: float = -4.0
    other_total: float = -3.0
    same_publisher: float = 0.5
    other_publisher: float = -1.5

    # the abstract
    same_text: float = 5.0
    like_text: float = 2.5
    other_text: float = -4.0

    # identifiers and the kind of document
    same_doi: float = 8.0
    same_doi_unlike: float = 4.0
    other_doi: float = -4.0
    same_isbn: float = 5.0
    other_isbn: float = -3.0
    same_name: float = 7.0
    other_form: float = -2.0


WEIGHTS = Weights()
