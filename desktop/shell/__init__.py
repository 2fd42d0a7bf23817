"""The frame around the pages: window, rail, search box, sync pill, palette, preferences."""
