"""The page is read: text in, the entries it lists out, each with its place. Pure: no clock, network, disk or logging."""

from repo_harvest.parse.candidates import Candidate
from repo_harvest.parse.learn import learn_profile
from repo_harvest.parse.profile import Profile, dump_profile, load_profile
from repo_harvest.parse.reading import Reading, as_json, read

__all__ = ["Candidate", "Profile", "Reading", "as_json", "dump_profile", "learn_profile", "load_profile", "read"]
