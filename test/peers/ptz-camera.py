"""The picture of a PTZ camera by GStreamer's RTSP server: /main and /sub, digest login, H.264 encoded live.

Standard input: one JSON line of settings, then one command a line (freeze, thaw, drop, sessions N).
Standard output: {"port": N} when it listens, then {"done": command} for each command.
File descriptor 3: a byte goes out with each picture that is sent; raw pictures (I420) come in, one whenever the camera has
moved. The last one is sent on, 30 times a second.
"""
import json
import os
import socket
import sys
import threading
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

from rtsp_door import locked  # noqa: E402

settings = json.loads(sys.stdin.readline())
WIDTH, HEIGHT, FPS = settings["width"], settings["height"], settings["fps"]
PICTURE_BYTES = WIDTH * HEIGHT * 3 // 2
# The camera's clock, burnt in at the top left as content.ts does it: block k is white when bit k of the number is set.
BITS = 16
BLOCK_WIDTH, BLOCK_HEIGHT = WIDTH // 32, HEIGHT // 18
BLOCKS = {"0": b"\x10" * BLOCK_WIDTH, "1": b"\xeb" * BLOCK_WIDTH}
# A sensor's noise for a few pictures: 0 to 3 levels on each luma sample, as one number that is added to the whole picture.
NOISE = [
    int.from_bytes(os.urandom(WIDTH * HEIGHT).translate(bytes(n & 3 for n in range(256))), "little")
    for _ in range(8 if settings["noise"] else 0)
]
frozen = threading.Event()
seen = b""
eye = socket.socket(fileno=3)
last_asked = 0.0


def look():
    """Takes in what the camera sees; ends with the process that sends it."""
    global seen
    with eye.makefile("rb") as pipe:
        while True:
            picture = pipe.read(PICTURE_BYTES)
            if len(picture) < PICTURE_BYTES:
                return
            seen = picture


def ask(now):
    """Asks for what is to be seen next: once a picture, also when several streams are watched."""
    global last_asked
    if now - last_asked > 0.5 / FPS:
        last_asked = now
        eye.send(b".")


def noisy(picture, number):
    """The picture as a sensor sees it; no sample overflows, since limited range leaves room."""
    if not NOISE:
        return picture
    levels = int.from_bytes(picture, "little") + NOISE[number % len(NOISE)]
    return levels.to_bytes(len(picture), "little")


def numbered(picture, number):
    """The picture with its number: like a clock in the corner it shows that a camera at rest is alive."""
    if not settings["burntIn"]:
        return picture
    bits = reversed(format(number % 2**BITS, f"0{BITS}b"))
    line = b"".join(BLOCKS[bit] for bit in bits)
    whole = bytearray(picture)
    for row in range(BLOCK_HEIGHT):
        whole[row * WIDTH : row * WIDTH + len(line)] = line
    return bytes(whole)


class Factory(GstRtspServer.RTSPMediaFactory):
    def __init__(self, size):
        super().__init__()
        self.size = size

    def do_create_element(self, url):
        raw = f"video/x-raw,format=I420,width={WIDTH},height={HEIGHT},framerate={FPS}/1,colorimetry=bt709"
        small = f"video/x-raw,width={self.size['width']},height={self.size['height']}"
        scaled = "" if self.size["width"] == WIDTH else f" ! videoscale ! {small}"
        # On a machine that does not keep up it leaves pictures out, as a camera does, and does not pile them up.
        return Gst.parse_launch(
            f"appsrc name=v is-live=true format=time leaky-type=downstream max-buffers=4 max-bytes=0 caps={raw}{scaled}"
            f" ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max={FPS} bitrate=4000 threads=1"
            " ! rtph264pay name=pay0 pt=96 config-interval=-1"
        )

    def do_configure(self, media):
        ended = threading.Event()
        media.connect("unprepared", lambda _: ended.set())
        threading.Thread(target=push, args=(media.get_element(), ended), daemon=True).start()


def push(element, ended):
    """Sends what the camera sees for as long as the media lives; a freeze leaves a gap in time."""
    source = element.get_by_name("v")
    began, number = time.monotonic(), 0
    while not ended.is_set():
        wait = began + number / FPS - time.monotonic()
        if wait > 0 and ended.wait(wait):
            return
        if not frozen.is_set() and seen:
            buffer = Gst.Buffer.new_wrapped(numbered(noisy(seen, number), number))
            buffer.pts = buffer.dts = number * Gst.SECOND // FPS
            buffer.duration = Gst.SECOND // FPS
            if source.emit("push-buffer", buffer) != Gst.FlowReturn.OK:
                return
        ask(time.monotonic())
        number += 1


def main():
    Gst.init(None)
    threading.Thread(target=look, daemon=True).start()
    server = GstRtspServer.RTSPServer()
    server.set_address(settings["address"])
    server.set_service(str(settings["port"]))
    factories = {"main": Factory({"width": WIDTH, "height": HEIGHT}), "sub": Factory(settings["sub"])}
    for name, factory in factories.items():
        factory.set_shared(True)
        server.get_mount_points().add_factory(f"/{name}", factory)
    if settings["username"]:
        locked(server, factories.values(), settings["username"], settings["password"])
    server.get_session_pool().set_max_sessions(settings["maxSessions"])
    if not server.attach(None):
        sys.exit("cannot listen")
    loop = GLib.MainLoop()

    def obey(line):
        word, _, rest = line.partition(" ")
        if word == "freeze":
            frozen.set()
        elif word == "thaw":
            frozen.clear()
        elif word == "drop":
            server.client_filter(lambda *_: GstRtspServer.RTSPFilterResult.REMOVE)
        elif word == "sessions":
            server.get_session_pool().set_max_sessions(int(rest))
        print(json.dumps({"done": line}), flush=True)

    def listen():
        for line in sys.stdin:
            GLib.idle_add(obey, line.strip())
        GLib.idle_add(loop.quit)

    threading.Thread(target=listen, daemon=True).start()
    print(json.dumps({"port": server.get_bound_port()}), flush=True)
    loop.run()


main()
