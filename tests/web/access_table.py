"""Who may ask for what: one row for every route of the server."""

from __future__ import annotations

REST = """
nobody  GET    /api/v1/health
nobody  GET    /api/v1/ready
nobody  POST   /api/v1/session
viewer  GET    /api/v1/openapi.json
viewer  GET    /api/v1/session
viewer  DELETE /api/v1/session
viewer  PUT    /api/v1/session/password
admin   GET    /api/v1/users
admin   POST   /api/v1/users
admin   PATCH  /api/v1/users/{name}
admin   DELETE /api/v1/users/{name}
viewer  GET    /api/v1/tokens
own     POST   /api/v1/users/{name}/tokens
viewer  DELETE /api/v1/tokens/{number}
viewer  GET    /api/v1/version
viewer  GET    /api/v1/providers
admin   GET    /api/v1/doctor
viewer  GET    /metrics
editor  POST   /api/v1/exports
editor  POST   /api/v1/clips
editor  POST   /api/v1/supercuts
viewer  GET    /api/v1/people/{person}/crop
viewer  GET    /api/v1/sightings/{sighting}/crop
viewer  GET    /api/v1/media/{media}/thumbnail
viewer  GET    /api/v1/media/{media}/file
viewer  GET    /api/v1/clips
viewer  GET    /api/v1/jobs
viewer  GET    /api/v1/jobs/events
viewer  GET    /api/v1/jobs/{job}
viewer  GET    /api/v1/jobs/{job}/events
viewer  GET    /api/v1/jobs/{job}/file
editor  POST   /api/v1/jobs/{job}/cancel
editor  POST   /api/v1/jobs/{job}/retry
viewer  GET    /api/v1/live
viewer  GET    /api/v1/live/events
viewer  GET    /api/v1/live/history
viewer  GET    /api/v1/live/stream
viewer  GET    /api/v1/live/{camera}/picture
viewer  GET    /api/v1/live/{camera}/stream
viewer  GET    /api/v1/alerts
viewer  GET    /api/v1/live/alerts
editor  PUT    /api/v1/alerts/{rule}
editor  DELETE /api/v1/alerts/{rule}
viewer  GET    /api/v1/media
viewer  GET    /api/v1/media/{media}
editor  DELETE /api/v1/media/{media}
editor  POST   /api/v1/media
editor  POST   /api/v1/media/by-address
admin   POST   /api/v1/media/by-path
viewer  GET    /api/v1/media/{media}/tracks
viewer  GET    /api/v1/people
viewer  GET    /api/v1/people/history
viewer  GET    /api/v1/people/{person}
editor  POST   /api/v1/people/{person}/name
editor  POST   /api/v1/people/{person}/tag
editor  POST   /api/v1/people/{person}/hide
editor  POST   /api/v1/people/undo
editor  POST   /api/v1/people/{person}/merge
editor  POST   /api/v1/people/{person}/split
editor  POST   /api/v1/people/{person}/not-same
viewer  GET    /api/v1/reports/screen-time
viewer  GET    /api/v1/reports/presence
viewer  GET    /api/v1/reports/together
viewer  GET    /api/v1/reports/crowd
viewer  POST   /api/v1/search/faces
viewer  POST   /api/v1/search
viewer  GET    /api/v1/sightings
viewer  GET    /api/v1/sightings/{sighting}
viewer  GET    /api/v1/sightings/{sighting}/path
viewer  GET    /api/v1/intervals
"""
"""The least role, or ``own``: a viewer for themselves, for others an administrator."""

PAGES = """
nobody  GET    /login
nobody  POST   /login
viewer  POST   /logout
viewer  GET    /
viewer  GET    /people
viewer  GET    /people/suggested
viewer  GET    /people/{number}
viewer  GET    /video/{media}
viewer  GET    /measure
viewer  GET    /settings
viewer  GET    /jobs
viewer  GET    /cameras
viewer  GET    /cameras/alerts
viewer  GET    /search
"""
"""What browsers open; whoever may not is led to /login."""

INSIDE = """
viewer  GET    /api/{path}
viewer  GET    /assets/{path}
viewer  GET    /_nicegui/{version}/libraries/{key}
viewer  GET    /_nicegui/{version}/components/{key}
viewer  GET    /_nicegui/{version}/resources/{key}/{path}
viewer  GET    /_nicegui/{version}/dynamic_resources/{name}
viewer  GET    /_nicegui/{version}/esm/{key}/{path}
viewer  GET    /_nicegui/{version}/static/{path}
viewer  GET    /_nicegui_ws/{path}
nobody  GET    /favicon.ico
"""
"""What pages are made of."""

Row = tuple[str, str, str]
"""Least role, method, route."""


def rows(table: str) -> list[Row]:
    """The lines of a table."""
    found = [line.split() for line in table.strip().splitlines()]
    return [(least, method, route) for least, method, route in found]


TABLE = rows(REST) + rows(PAGES) + rows(INSIDE)
