"""What the server answers over HTTP, one room a file."""
