"""An entry becomes a record: typed, NFC, legal in XML, nothing invented. Pure: no clock, network, disk or logging."""
