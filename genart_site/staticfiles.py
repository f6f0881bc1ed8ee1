"""Static files with hashed names, also in the imports of our own ES modules."""

from typing import Any

import brotli  # whitenoise[brotli] brings it
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Measured over our scripts and style sheets: a ninth larger than at the highest quality, which
# takes 28 times as long and would be half of the first start.
BROTLI_QUALITY = 7


class QuickCompressor(Compressor):
    """WhiteNoise's, with less effort for Brotli."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return brotli.compress(data, quality=BROTLI_QUALITY)


# Django's patterns for import statements, from a private attribute: it has no public name.
MODULE_IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]


class HashedModulesStorage(CompressedManifestStaticFilesStorage):
    """Replaces file names in the imports of our modules (`js/*.js`) by hashed ones.

    Django's own switch for this (`support_js_module_import_aggregation`) applies its patterns to
    every script. They match an import in a JSDoc comment of django-htmx, and `collectstatic` fails.
    So the same patterns are applied to our folder alone.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", MODULE_IMPORTS))

    def create_compressor(self, **options: Any) -> Compressor:
        return QuickCompressor(**options)
