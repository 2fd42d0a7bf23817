"""The sync room: what waits, what needs a person, what became of one's work; it knows records only by the words for them."""
