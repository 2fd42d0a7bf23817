"""Reading library files inside the app, offline and safe; knows files, not records."""

from desktop.kit.reader.place import Place
from desktop.kit.reader.reader import Reader
from desktop.kit.reader.source import Source

__all__ = ["Place", "Reader", "Source"]
