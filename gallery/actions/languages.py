"""Which language a person reads."""

from gallery.languages import is_offered
from gallery.models import User
from generation.refusal import Refused


def choose_language(user: User, language: str) -> None:
    """From now on pages and letters come in this language; "" leaves it to the browser. Also while
    suspended or closed.
    """
    if language and not is_offered(language):
        raise Refused(
            "This garden does not speak that language. Choose one of those at the foot of the page."
        )
    user.language = language
    user.save(update_fields=["language"])
