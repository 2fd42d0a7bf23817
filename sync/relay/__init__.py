"""Carriers of batches, pages and files; they decide nothing."""
