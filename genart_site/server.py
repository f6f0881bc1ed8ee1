"""Daphne with a limit on what one request may bring: `python -m genart_site.server` takes Daphne's
own arguments.

Daphne reads a whole body before anybody can look at it, and needs several times its size in memory;
so whatever is larger than the largest file that the site takes is turned away at its first bytes.
"""

from daphne import http_protocol
from daphne.cli import CommandLineInterface

LARGEST_BODY = 24_000_000  # Bytes: a recording of 20 MB and the form around it.
SENTENCE = (
    b"This is larger than 20 MB, the most that this garden takes. Cut the recording to a minute, or"
    b" save it as MP3.\n"
)
ANSWER = (
    b"HTTP/1.1 413 Content Too Large\r\nContent-Type: text/plain; charset=utf-8\r\nConnection:"
    b" close\r\nContent-Length: %d\r\n\r\n%s" % (len(SENTENCE), SENTENCE)
)


class BoundedRequest(http_protocol.WebRequest):
    """A request whose body is counted, by what it announces and by what comes."""

    received = 0
    is_turned_away = False

    def gotLength(self, length: int | None) -> None:
        super().gotLength(min(length or 0, LARGEST_BODY) if length is not None else None)
        if length is not None and length > LARGEST_BODY:
            self._turn_away()

    def handleContentChunk(self, data: bytes) -> None:
        self.received += len(data)
        if self.received > LARGEST_BODY and not self.is_turned_away:
            self._turn_away()
        if not self.is_turned_away:
            super().handleContentChunk(data)

    def _turn_away(self) -> None:
        self.is_turned_away = True
        self.channel.transport.write(ANSWER)
        self.channel.loseConnection()


def main() -> None:
    http_protocol.WebRequest = BoundedRequest
    CommandLineInterface.entrypoint()


if __name__ == "__main__":
    main()
