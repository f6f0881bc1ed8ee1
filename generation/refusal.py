"""The one exception of the domain: something a person asked for cannot be had, and the sentence says why and what to do."""


class Refused(Exception):
    """Raised with a whole sentence for people; views, the API and sockets each turn it into their own message.

    `retry_after` is a number of seconds when waiting helps (limits), else None.
    """

    def __init__(self, sentence: str, *, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.retry_after = retry_after
