"""Static files with content-hashed names, our own ES modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModulesStorage(CompressedManifestStaticFilesStorage):
    """Rewrites the imports between our own modules (`js/*.js`) to hashed names.

    Django's own switch for this (`support_js_module_import_aggregation`) matches a JSDoc import inside django-htmx and breaks
    `collectstatic`; so the same patterns are given for our folder alone.
    """

    patterns = CompressedManifestStaticFilesStorage.patterns + (
        (
            "js/*.js",
            (
                (
                    r"""(?P<matched>import(?P<import>[\s\{][^"';]*?|\*\s*as\s*\w+\s*)\s*from\s*["'](?P<url>\.[^"']+)["']\s*;)""",
                    """import%(import)s from "%(url)s";""",
                ),
                (r"""(?P<matched>import\(["'](?P<url>\.[^"']+)["']\))""", """import("%(url)s")"""),
            ),
        ),
    )
