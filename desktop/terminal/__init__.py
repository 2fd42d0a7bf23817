"""The `dalil` commands: the same actions as the app, in words; imports no Qt and holds no rule of its own."""
