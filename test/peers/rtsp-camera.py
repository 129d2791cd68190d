"""A camera made of GStreamer's RTSP server: one mount, digest login, H.264 and AAC sent by the wall clock.

Standard input: one JSON line of settings, then one command a line (freeze, thaw, drop, show NAME, repeat, clock).
Standard output: {"port": N} when it listens, then {"done": command} for each command; for clock also "began".
"""
import json
import sys
import threading
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

from rtsp_door import locked  # noqa: E402

settings = json.loads(sys.stdin.readline())
frozen = set()
# What is shown, from the next keyframe on: "video", one of settings["others"], or "repeat", that keyframe for ever.
wanted = "video"
# When picture 0 of the newest media was due (monotonic seconds).
first_due = 0.0


def access_units(data):
    """Pictures of an Annex B stream in which each begins with an access unit delimiter."""
    mark = b"\x00\x00\x00\x01\x09"
    starts = []
    at = data.find(mark)
    while at >= 0:
        starts.append(at)
        at = data.find(mark, at + len(mark))
    return [data[a:b] for a, b in zip(starts, starts[1:] + [len(data)])]


def adts_frames(data):
    """AAC frames without their 7 byte ADTS headers (ISO/IEC 13818-7, 6.2)."""
    frames, at = [], 0
    while at + 7 <= len(data):
        length = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
        frames.append(data[at + 7 : at + length])
        at += length
    return frames


def schedule():
    """(seconds, stream name, duration, bytes) of one loop, in the order of sending."""
    with open(settings["video"], "rb") as file:
        pictures = access_units(file.read())
    fps = settings["fps"]
    items = [(n / fps, "v", 1 / fps, unit) for n, unit in enumerate(pictures)]
    if settings["audio"]:
        with open(settings["audio"], "rb") as file:
            first = settings["primingFrames"]
            sound = adts_frames(file.read())[first : first + settings["audioFrames"]]
        items += [(n * 1024 / 48000, "a", 1024 / 48000, frame) for n, frame in enumerate(sound)]
    return sorted(items, key=lambda item: item[:2]), len(pictures)


ITEMS, PICTURES = schedule()
LENGTH = PICTURES / settings["fps"]
OTHERS = {}
for name, path in settings.get("others", {}).items():
    with open(path, "rb") as other:
        OTHERS[name] = access_units(other.read())


class Factory(GstRtspServer.RTSPMediaFactory):
    def do_create_element(self, url):
        video = (
            "appsrc name=v is-live=true format=time caps=video/x-h264,stream-format=byte-stream,alignment=au"
            " ! rtph264pay name=pay0 pt=96 config-interval=-1"
        )
        audio = (
            " appsrc name=a is-live=true format=time"
            " caps=audio/mpeg,mpegversion=4,stream-format=raw,rate=48000,channels=2,codec_data=(buffer)1190"
            " ! rtpmp4gpay name=pay1 pt=97"
        )
        return Gst.parse_launch(video + (audio if settings["audio"] else ""))

    def do_configure(self, media):
        ended = threading.Event()
        media.connect("unprepared", lambda _: ended.set())
        threading.Thread(target=push, args=(media.get_element(), ended), daemon=True).start()


def push(element, ended):
    """Sends the content for as long as the media lives, each unit when it is due; a freeze leaves a gap in time."""
    source = {name: element.get_by_name(name) for name in ("v", "a") if element.get_by_name(name)}
    while source["v"].get_clock() is None or source["v"].get_state(0)[1] != Gst.State.PLAYING:
        if ended.wait(0.005):
            return
    base = source["v"].get_clock().get_time() - source["v"].get_base_time()
    global first_due
    began, loop = time.monotonic(), 0
    first_due = began
    shown, key = "video", None
    while not ended.is_set():
        for at, name, duration, data in ITEMS:
            at += loop * LENGTH
            wait = began + at - time.monotonic()
            if wait > 0 and ended.wait(wait):
                return
            if name in frozen:
                continue
            if name == "v":
                number = round(at * settings["fps"]) % PICTURES
                if number % settings["fps"] == 0:
                    key = key if shown == wanted == "repeat" else data
                    shown = wanted
                if shown in OTHERS:
                    data = OTHERS[shown][number]
                elif shown == "repeat":
                    data = key
            buffer = Gst.Buffer.new_wrapped(data)
            buffer.pts = buffer.dts = base + int(at * Gst.SECOND)
            buffer.duration = int(duration * Gst.SECOND)
            if source[name].emit("push-buffer", buffer) != Gst.FlowReturn.OK:
                return
        loop += 1


def main():
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(settings["port"]))
    factory = Factory()
    factory.set_shared(True)
    if settings["username"]:
        locked(server, [factory], settings["username"], settings["password"])
    if settings["maxSessions"]:
        server.get_session_pool().set_max_sessions(settings["maxSessions"])
    server.get_mount_points().add_factory(settings["path"], factory)
    if not server.attach(None):
        sys.exit("cannot listen")
    loop = GLib.MainLoop()

    def obey(word):
        global wanted
        if word == "freeze":
            frozen.update(("v", "a"))
        elif word == "freeze-audio":
            frozen.add("a")
        elif word == "thaw":
            frozen.clear()
        elif word == "repeat":
            wanted = "repeat"
        elif word.startswith("show "):
            wanted = word.removeprefix("show ")
        elif word == "drop":
            server.client_filter(lambda *_: GstRtspServer.RTSPFilterResult.REMOVE)
        began = time.time() - time.monotonic() + first_due
        print(json.dumps({"done": word, "began": began}), flush=True)

    def listen():
        for line in sys.stdin:
            GLib.idle_add(obey, line.strip())
        GLib.idle_add(loop.quit)

    threading.Thread(target=listen, daemon=True).start()
    print(json.dumps({"port": server.get_bound_port()}), flush=True)
    loop.run()


main()
