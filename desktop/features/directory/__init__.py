"""The directory: organisations, their projects, contacts and places."""
