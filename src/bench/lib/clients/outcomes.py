"""How a request may end, for the clients that account for every request. Each one ends in exactly one outcome:

    "200", "404", ...  a complete answer with this status
    "unanswered"       the server read the request and closed the connection without a byte of an answer
    "cut"              the connection ended in the middle of an answer
    "reset"            the connection was reset before an answer: a server that closed it with the request unread
    "refused"          no connection was made
    "timeout"          no complete answer in time
    "broken"           something came that is no answer

A request that was written while the server closed an idle connection is nobody's fault (RFC 9112 section 9.3.1), and is
"reset", not "unanswered": Linux answers a request that reaches a closed socket, or lies unread in one being closed, with RST."""

import asyncio

from clients.http1 import Broken, Cut

# What a client may meet instead of an answer; anything else is an error of its own code.
FAILURES = (TimeoutError, Cut, Broken, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError)


def of_failure(failure):
    """The outcome of a request that met one of FAILURES instead of an answer."""
    match failure:
        case TimeoutError():
            return "timeout"
        case Cut(begun=True):
            return "cut"
        case Cut():
            return str(failure)
        case ConnectionRefusedError():
            return "refused"
        case ConnectionError():
            return "reset"
        case OSError():
            return "refused"
        case asyncio.IncompleteReadError():
            return "cut" if failure.partial else "unanswered"
        case _:
            return "broken"
