"""What a person sees: the only code that imports Qt, and that outside terminal/ alone."""
