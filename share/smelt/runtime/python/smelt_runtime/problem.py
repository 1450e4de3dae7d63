"""What can go wrong in a call, as text a client may see.

A Problem's text goes to the client as it is: it never holds a secret, a
traceback or a path of this machine. Any other exception is a fault of ours
and is answered with a reference number only.
"""

from __future__ import annotations


class Problem(Exception):
    """outcome is the word for the log line."""

    outcome = "error"

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Refused(Problem):
    """Nothing was sent: the arguments or the configuration do not allow it."""

    outcome = "refused"


class Unanswered(Problem):
    """The upstream could not be reached or did not answer in time.

    retryable: no complete answer came and the request may be sent again.
    """

    def __init__(self, text: str, retryable: bool = False) -> None:
        super().__init__(text)
        self.retryable = retryable
