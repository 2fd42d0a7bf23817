"""How a record reaches every replica. Knows no kind of record, no Qt, no FastAPI."""
