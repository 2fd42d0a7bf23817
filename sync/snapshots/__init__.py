"""Snapshots: the confirmed state of one scope at a number, in one signed file that loads like a bulk insert; knows no kind and no carrier."""
