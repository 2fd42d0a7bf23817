"""The library: guides, stories and forms that open without a network, and collections of them."""
