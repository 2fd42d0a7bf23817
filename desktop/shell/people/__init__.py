"""People on one PC: the first screen, how one comes in and goes away, and what belongs to no session; knows no feature."""
