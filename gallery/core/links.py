"""The links on a profile: a few https addresses of the person's other pages."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from generation.refusal import Refused

MAX_LINKS, MAX_LENGTH = 5, 200
_check = URLValidator(schemes=["https"])


def read_links(lines: Iterable[str]) -> list[str]:
    """The addresses, each once, without empty lines. Raises Refused for what is no https address.

    Names and passwords inside an address are refused: they would show another host than it has.
    """
    links = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    if len(links) > MAX_LINKS:
        raise Refused("A profile can have {most} links; remove some.", most=MAX_LINKS)
    for link in links:
        try:
            _check(link)
            is_plain = "@" not in urlsplit(link).netloc and len(link) <= MAX_LENGTH
        except (ValidationError, ValueError):
            is_plain = False
        if not is_plain:
            raise Refused(
                "“{link}” isn't an https:// address. Write each link on a line of its own.",
                link=link[:60],
            )
    return links
