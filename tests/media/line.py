"""A line between a camera and its server on this machine, into which a test can bring noise."""

from __future__ import annotations

import contextlib
import os
import socket
import threading


class Line:
    """Passes on what comes, both ways, over any number of connections.

    Args:
        server: TCP port of this machine that is called.
    """

    def __init__(self, server: int) -> None:
        self._server = server
        self._noise = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._ends: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._answer, daemon=True)]
        self._threads[0].start()

    def garble(self) -> None:
        """From now on random bytes arrive in the place of those of the server."""
        self._noise.set()

    def clear(self) -> None:
        """Connections that begin now are as they should be; those that were garbled are cut."""
        self._noise.clear()
        self._cut()

    def close(self) -> None:
        """Ends all connections."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._cut()
        for thread in self._threads:
            thread.join(5)

    def _cut(self) -> None:
        ends, self._ends = self._ends, []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _answer(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
                called = socket.create_connection(("127.0.0.1", self._server))
            except OSError:
                return
            self._ends += [caller, called]
            back = threading.Thread(target=self._pass_on, args=(called, caller, True), daemon=True)
            there = threading.Thread(target=self._both, args=(caller, called, back), daemon=True)
            self._threads += [back, there]
            back.start()
            there.start()

    def _both(self, caller: socket.socket, called: socket.socket, back: threading.Thread) -> None:
        """What the caller says, until both have said all."""
        self._pass_on(caller, called, noisy=False)
        back.join()
        for end in (caller, called):
            end.close()

    def _pass_on(self, source: socket.socket, target: socket.socket, noisy: bool) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(os.urandom(len(data)) if noisy and self._noise.is_set() else data)
        except OSError:
            return
        finally:
            with contextlib.suppress(OSError):
                target.shutdown(socket.SHUT_RDWR)
