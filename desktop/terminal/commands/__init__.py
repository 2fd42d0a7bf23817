"""What each command does, one file a subject; each answers an `Answer` and prints nothing itself."""
