"""The central server: who joins, what is exchanged, what anyone may read; the only room that imports FastAPI, and knows no screen."""
