"""``/login``: a plain page without any script, because whoever sees it is nobody yet."""

from __future__ import annotations

from html import escape
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from personae.web.auth.access import Access, session_key
from personae.web.auth.cookies import address_of, clear_cookie, set_cookie
from personae.web.auth.roles import Caller, needs
from personae.web.errors import status_of
from personae.web.refusals import NotSignedIn, TooManyTries, WrongPassword
from personae.web.site import Site

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sign in · Personae</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; display: grid; place-items: center;
  min-height: 100vh; margin: 0; }}
main {{ width: min(20rem, 90vw); }}
h1 {{ font-size: 1.4rem; }}
label {{ display: block; margin-top: 1rem; }}
input, button {{ font: inherit; width: 100%; box-sizing: border-box; padding: .6rem; }}
button {{ margin-top: 1.5rem; cursor: pointer; }}
p[role=alert] {{ color: #c62828; }}
</style>
</head>
<body><main>
<h1>Personae</h1>
{said}
{form}
</main></body>
</html>
"""

_SIGN_IN = """<form method="post" action="/login">
<input type="hidden" name="next" value="{next}">
<label>Name<input name="name" autocomplete="username" autocapitalize="none" required autofocus>
</label>
<label>Password<input name="password" type="password" autocomplete="current-password" required>
</label>
<button>Sign in</button>
</form>"""

_SIGN_OUT = """<p>Signed in as <b>{name}</b> ({role}).</p>
<p><a href="/">To the library</a></p>
<form method="post" action="/logout"><button>Sign out</button></form>"""

_OPEN = """<p>This library has no users: whoever sits at this machine may do everything.</p>
<p><a href="/">To the library</a></p>"""


def login_pages(site: Site) -> APIRouter:
    """The pages to sign in and out."""
    router = APIRouter(include_in_schema=False)
    access = site.access

    @router.get("/login")
    def show(request: Request, next: str = "/") -> Response:
        """The form, or who is signed in."""
        return _page(_shown(_known(access, request), next))

    @router.post("/login")
    def sign_in(
        request: Request,
        name: Annotated[str, Form(max_length=64)],
        password: Annotated[str, Form(max_length=1024)],
        next: Annotated[str, Form(max_length=2000)] = "/",
    ) -> Response:
        """Goes on to where the browser wanted to go."""
        try:
            key = access.sign_in(name, password, address_of(request))
        except (WrongPassword, TooManyTries) as error:
            said = f'<p role="alert">{escape(error.message)}</p>'
            return _page(_shown(None, next), said, status_of(error), _wait(error))
        response = RedirectResponse(_inside(next), 303)
        set_cookie(response, request, key)
        return response

    @router.post("/logout", dependencies=[Depends(needs("viewer"))])
    def sign_out(request: Request) -> Response:
        """Ends the session."""
        if key := session_key(request.headers):
            access.keys.close_session(key)
        response = RedirectResponse("/login", 303)
        clear_cookie(response, request)
        return response

    return router


def _known(access: Access, request: Request) -> Caller | None:
    try:
        return access.identify(request.headers)
    except NotSignedIn:
        return None


def _shown(caller: Caller | None, address: str) -> str:
    if caller is None:
        return _SIGN_IN.format(next=escape(_inside(address)))
    if not caller.name:
        return _OPEN
    return _SIGN_OUT.format(name=escape(caller.name), role=caller.role)


def _page(
    form: str, said: str = "", status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    return HTMLResponse(_PAGE.format(said=said, form=form), status, headers)


def _wait(error: WrongPassword | TooManyTries) -> dict[str, str]:
    if isinstance(error, TooManyTries):
        return {"retry-after": str(max(1, round(error.wait_s + 0.5)))}
    return {}


def _inside(address: str) -> str:
    """The address if it is one of this server, else the first page."""
    plain = address.startswith("/") and not address.startswith(("//", "/\\", "/login"))
    return quote(address, safe="/?&=%:,+@~!$'()*;-._") if plain else "/"
