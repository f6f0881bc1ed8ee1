"""Static files with content-hashed names, our own ES modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

MODULE_IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]


class HashedModulesStorage(CompressedManifestStaticFilesStorage):
    """Rewrites the imports between our own modules (`js/*.js`) to hashed names.

    Django's own switch for this (`support_js_module_import_aggregation`) applies its patterns to
    every script; they match a JSDoc import inside django-htmx and break `collectstatic`. So the
    same patterns are given for our folder alone.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", MODULE_IMPORTS))
