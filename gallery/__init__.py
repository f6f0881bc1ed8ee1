"""The website: every row, page and socket."""
