"""``personae users``: who may sign in to the served library, and their tokens."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

import personae
from personae.cli.options import JsonOption, LibraryOption
from personae.cli.output import emit, say, table

app = typer.Typer(help="Who may sign in to the served library.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the user.")]
RoleOption = Annotated[
    str | None, typer.Option("--role", help="viewer looks, editor changes, admin rules.")
]
Stdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from stdin, not a prompt.")
]


@app.command()
def add(
    name: Name,
    role: RoleOption = "viewer",
    password_stdin: Stdin = False,
    library: LibraryOption = None,
) -> None:
    """Make a user; the first has to be an admin, and from then on everybody has to sign in."""
    user = _users(library).add(name, _password(password_stdin), role)
    say(f"{user.name} is {user.role}.")


@app.command("list")
def list_users(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """List users and their tokens."""
    users = _users(library)
    tokens = _keys(users).tokens()
    if as_json:
        emit({"users": [asdict(u) for u in users.all()], "tokens": [asdict(one) for one in tokens]})
        return
    table(
        "Users",
        ["name", "role", "since", "tokens"],
        [[u.name, u.role, _day(u.created), u.tokens] for u in users.all()],
    )
    if tokens:
        table(
            "Tokens",
            ["number", "user", "label", "role", "since", "ends", "last used"],
            [
                [t.id, t.user, t.label, t.role, _day(t.created), _day(t.ends), _day(t.used)]
                for t in tokens
            ],
        )


@app.command()
def role(
    name: Name,
    new: Annotated[str, typer.Argument(metavar="ROLE", help="viewer, editor or admin.")],
    library: LibraryOption = None,
) -> None:
    """Give a user another role."""
    user = _users(library).set_role(name, new)
    say(f"{user.name} is {user.role}.")


@app.command()
def password(name: Name, password_stdin: Stdin = False, library: LibraryOption = None) -> None:
    """Give a user another password, and end all their sessions."""
    _users(library).set_password(name, _password(password_stdin))
    say(f"{name} has a new password.")


@app.command()
def remove(name: Name, library: LibraryOption = None) -> None:
    """Remove a user, with all sessions and tokens."""
    _users(library).remove(name)
    say(f"{name} is removed.")


@app.command()
def token(
    name: Name,
    label: Annotated[str, typer.Option(help="What it is for.")] = "token",
    role: RoleOption = None,
    days: Annotated[
        int | None, typer.Option(help="How long it works; without end if not given.")
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a token for a program; it is shown only now."""
    made, key = _keys(_users(library)).make_token(name, label, role, days)
    if as_json:
        emit({**asdict(made), "key": key})
    else:
        say(key)


@app.command("revoke")
def revoke(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="Number of the token.")],
    library: LibraryOption = None,
) -> None:
    """Take a token back."""
    _keys(_users(library)).take_back(number)
    say(f"token {number} works no more.")


def _users(library: Path | None) -> Any:  # noqa: ANN401 - the web's own, loaded on demand
    with personae.open(library) as found:
        return import_module("personae.web.auth.store").UserStore(found.folder)


def _keys(users: object) -> Any:  # noqa: ANN401 - the web's own, loaded on demand
    return import_module("personae.web.auth.keys").Keys(users)


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return typed


def _day(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).date().isoformat()
