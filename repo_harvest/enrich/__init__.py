"""Entries of a page in, the same with their gaps filled from the addresses of their works out.

entries -addresses-> a DOI, else an item's page -Manners-> asked politely -read_answer-> kept -complete-> entries

Rule: what the page states stands. What an address once gave is kept in the database and used for good: a lookup that
fails takes nothing back, and no run fails because of one. The alternative that lost: asking anew in each run, by which a
record would change whenever a server was down.
"""

from repo_harvest.enrich.addresses import addresses
from repo_harvest.enrich.desk import Enquirer
from repo_harvest.enrich.enquiry import Enriched, Forgetful, Mode, enrich

__all__ = ["Enquirer", "Enriched", "Forgetful", "Mode", "addresses", "enrich"]
