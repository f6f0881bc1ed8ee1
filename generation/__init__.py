"""The studio: genomes in, files out.

It knows no users, no requests and no database; gallery imports it, never the reverse.
"""
