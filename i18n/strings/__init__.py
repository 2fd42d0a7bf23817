"""The translators' workshop: finds every text in the tree, keeps the catalogues, checks them; never runs in the app."""
