"""Home: what needs a person, what is new, how old the copy is, and where a newcomer begins."""
