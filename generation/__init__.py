"""The studio: arrays in, bytes out. It knows no users, no requests and no database (DESIGN: one arrow, gallery -> generation)."""
