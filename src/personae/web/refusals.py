"""What the server refuses, each with its code, its HTTP status and what to do.

RequestError                 P700  exit 8   400       what is asked cannot be answered so
├── NothingHere              P701           404
├── WrongMethod              P702           405
├── Malformed                P703           422
├── BodyTooLarge             P704           413
├── WrongType                P705           415
├── Conflict                 P706           409
└── ServerBusy               P707           503
AccessError                  P800  exit 9   401 403   who asks may not
├── NotSignedIn              P801           401
├── WrongPassword            P802           401
├── NotAllowed               P803           403
├── CrossSite                P804           403
├── HostRefused              P805           421
├── TooManyTries             P806           429
├── UsersMissing             P807                     binding beyond this machine without users
├── UnknownUser              P808           404
├── UserRefused              P809           422       a name or password that will not do
└── LastAdmin                P810           409
"""

from __future__ import annotations

from typing import ClassVar

from personae.core.errors import PersonaeError


class AccessError(PersonaeError):
    """Who asks may not do this.

    Args:
        message: what was refused.
        hint: what to do about it; the class's own advice when empty.
    """

    code = "P800"
    exit_status = 9
    status: ClassVar[int] = 403
    advice = "Ask an administrator of this library."


class NotSignedIn(AccessError):
    """Nobody is signed in, the session is over, or the token is not known."""

    code = "P801"
    status = 401
    advice = "Sign in at /login, or send `Authorization: Bearer TOKEN` (`personae users token`)."


class WrongPassword(AccessError):
    """Name and password do not belong together."""

    code = "P802"
    status = 401
    advice = "Check both; an administrator can set a new password: `personae users password`."


class NotAllowed(AccessError):
    """The role of who asks is too low for this."""

    code = "P803"
    advice = "Viewers look, editors change, administrators rule; ask for a higher role."


class CrossSite(AccessError):
    """Another site's page tried to change something in the name of who is signed in."""

    code = "P804"
    advice = "Do it from this library's own pages, or with a token."


class HostRefused(AccessError):
    """The server was asked by a name or through a proxy that only a library with users may have."""

    code = "P805"
    status = 421
    advice = "Use http://127.0.0.1, or make users first: `personae users add NAME --role admin`."


class TooManyTries(AccessError):
    """Too many wrong passwords; the next try has to wait.

    Args:
        message: what was refused.
        hint: what to do about it; the class's own advice when empty.
        wait_s: seconds until the next try.
    """

    code = "P806"
    status = 429
    advice = "Wait for as long as the Retry-After header says."

    def __init__(self, message: str, hint: str = "", *, wait_s: float = 1.0) -> None:
        super().__init__(message, hint)
        self.wait_s = wait_s


class UsersMissing(AccessError):
    """The server was to be reached from other machines, and there are no users."""

    code = "P807"
    advice = "Make one first: `personae users add NAME --role admin`."


class UnknownUser(AccessError):
    """No user has this name, or no token this number."""

    code = "P808"
    status = 404
    advice = "`personae users list` shows all users and their tokens."


class UserRefused(AccessError):
    """The name, password or role of a user will not do."""

    code = "P809"
    status = 422
    advice = "Names are 1 to 64 letters, digits and . _ @ -; passwords have at least 10 characters."


class LastAdmin(AccessError):
    """The last administrator cannot be removed or lowered while other users are left."""

    code = "P810"
    status = 409
    advice = "Make another administrator first, or remove the other users."


class RequestError(PersonaeError):
    """What is asked cannot be answered so.

    Args:
        message: what is wrong with the request.
        hint: what to do about it; the class's own advice when empty.
    """

    code = "P700"
    exit_status = 8
    status: ClassVar[int] = 400
    advice = "The API's description is at /api/v1/openapi.json."


class NothingHere(RequestError):
    """Nothing has this address or number."""

    code = "P701"
    status = 404


class WrongMethod(RequestError):
    """The address is right, the HTTP method is not."""

    code = "P702"
    status = 405
    advice = "The Allow header lists the methods that this address takes."


class Malformed(RequestError):
    """Something in the request is missing, of the wrong kind, or out of range."""

    code = "P703"
    status = 422
    advice = "`errors` says which part is wrong and why."


class BodyTooLarge(RequestError):
    """The upload is larger than this server takes."""

    code = "P704"
    status = 413
    advice = "Send a smaller file, or start the server with a higher --max-upload."


class WrongType(RequestError):
    """The content is not of a kind that is taken here."""

    code = "P705"
    status = 415
    advice = "Send a video or photo; what it is counts, not what its name says."


class Conflict(RequestError):
    """The request contradicts an earlier one, or what is going on right now."""

    code = "P706"
    status = 409
    advice = "Look at the present state and ask again."


class ServerBusy(RequestError):
    """The server cannot take this at the moment."""

    code = "P707"
    status = 503
    advice = "Try again in a little while."
