"""`python -m server`, the same as `dalil-server`; knows no command."""

from server.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
