"""The page is read: text in, the entries it lists out, each with its place. Pure: no clock, network, disk or logging."""
