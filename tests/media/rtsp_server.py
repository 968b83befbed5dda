"""A real RTSP server for tests, run by the system's Python (Debian's gir1.2-gst-rtsp-server-1.0).

    /usr/bin/python3 rtsp_server.py PORT MOUNT=FILE ...

Serves each MP4 or MPEG-TS file (H.264) at rtsp://127.0.0.1:PORT/MOUNT, in real time, and prints
"ready".
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402


def main() -> None:
    """Serves until it is killed."""
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(sys.argv[1])
    for pair in sys.argv[2:]:
        mount, _, file = pair.partition("=")
        factory = GstRtspServer.RTSPMediaFactory()
        demux = "tsdemux" if file.endswith(".ts") else "qtdemux"
        factory.set_launch(
            f'( filesrc location="{file}" ! {demux} ! h264parse config-interval=1 '
            "! rtph264pay name=pay0 pt=96 )"
        )
        factory.set_shared(False)
        server.get_mount_points().add_factory(f"/{mount}", factory)
    server.attach(None)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    GLib.MainLoop().run()


main()
