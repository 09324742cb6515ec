"""Whose record is it? Keys, comparison and decision. Pure: no clock, network, disk or logging."""
