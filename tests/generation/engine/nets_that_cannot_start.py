"""A renderer whose worker ends while it is imported, as with a broken library."""

import os

os._exit(3)
