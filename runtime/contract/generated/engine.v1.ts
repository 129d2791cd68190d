// Generated from ../schemas/engine.v1.json by `npm run generate`. Do not edit.

/**
 * Outranks takes: the slate, the last picture in silence, or no overlays. (A stop has no outputs instead.)
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "Override".
 */
export type Override = ("slate" | "hold" | "pause-overlays")
/**
 * Something with a picture that a program can show. `slate` is always there, whether wired or not.
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "Source".
 */
export type Source = (CameraSource | ClipSource | SlateSource | BarsSource)

/**
 * What control tells the engine (DesiredState) and what the engine tells back (EngineState, EngineEvent). Both processes are upgraded separately, so this is a contract with a version.
 */
export interface EngineContract {
desired?: DesiredState
state?: EngineState
event?: EngineEvent
applied?: Applied
picture?: PictureRequest
pictureAnswer?: PictureAnswer
stillness?: Stillness
}
/**
 * Everything the engine should be doing. Applying the same document twice changes nothing.
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "DesiredState".
 */
export interface DesiredState {
/**
 * By how much (ms) the clock by which all times here are counted is ahead of CLOCK_MONOTONIC. Control keeps it for as long as the machine runs, so that setting the machine's clock moves nothing. Absent from an older control: each program takes the time of its start.
 */
ahead?: number
programs: Program[]
sources: Source[]
overlays: Overlay[]
encoders: Encoder[]
outputs: Output[]
/**
 * Absent from an older control: none.
 */
recordings?: Recording[]
}
/**
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "Program".
 */
export interface Program {
id: string
picture: Picture
/**
 * A source without a new frame for this long is replaced by the next living one of the fallback chain.
 */
slateAfterMs: number
/**
 * How sources of another shape are shown: whole on black (the default), or filling the frame. focusX: which part is kept, 0 left to 1 right.
 */
view?: {
fit: ("letterbox" | "crop")
focusX: number
}
sound?: ProgramSound
override?: Override
onAir?: Take
/**
 * Source ids in the order they are tried.
 */
fallback: string[]
buses: Bus[]
}
/**
 * Size in pixels (even) and frame rate.
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "Picture".
 */
export interface Picture {
width: number
height: number
frameRate: Fraction
}
/**
 * An exact rate: frames per second as numerator over denominator (60000/1001 too).
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "Fraction".
 */
export interface Fraction {
num: number
den: number
}
/**
 * A program's sound besides that of its sources; left out, it is theirs alone.
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "ProgramSound".
 */
export interface ProgramSound {
/**
 * Silence, whatever is on air.
 */
mute?: boolean
bed?: Bed
/**
 * LUFS at which a slow gain keeps it, with a limiter at -1 dBFS.
 */
loudness?: number
}
/**
 * Sound that is repeated for ever under everything.
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "Bed".
 */
export interface Bed {
/**
 * Absolute path of a local file with sound.
 */
file: string
/**
 * dB
 */
gain: number
mute: boolean
/**
 * By so much (dB) it is quieter while a source is heard; 0: never.
 */
duck: number
}
/**
 * What the program should show. A new id makes the mixer act; the same id never acts twice.
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "Take".
 */
export interface Take {
id: string
source: string
/**
 * UTC ms at which it was asked for: what its latency counts from.
 */
askedAt?: number
/**
 * UTC ms; the first frame at or after it. Past or absent means now.
 */
at?: number
transition?: Transition
/**
 * The source's picture of that moment is kept and shown, whatever the source does; its sound goes on.
 */
still?: boolean
why: string
}
/**
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "Transition".
 */
export interface Transition {
type: ("cut" | "fade" | "wipe" | "slide")
durationMs: number
direction?: ("left" | "right" | "up" | "down" | "up-left" | "up-right" | "down-left" | "down-right")
}
/**
 * One composed output of a program: its picture with these overlays. Encoders are fed by a bus.
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "Bus".
 */
export interface Bus {
id: string
/**
 * Overlay ids in paint order, or every playing one.
 */
overlays: ("all" | string[])
}
/**
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "CameraSource".
 */
export interface CameraSource {
kind: "camera"
id: string
name: string
/**
 * Without credentials.
 */
url: string
username?: string
password?: string
/**
 * Whether its sound goes on air with its picture.
 */
audio: boolean
/**
 * Of its sound, dB.
 */
gain?: number
onFrozen: ("flag" | "slate")
/**
 * A picture of another shape gets black bars (default), or is cut at its sides.
 */
fit?: ("letterbox" | "crop")
/**
 * hot (default) decodes everything; standby only keyframes, until a program needs it; auto is hot while the machine has room.
 */
mode?: ("auto" | "hot" | "standby")
}
/**
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "ClipSource".
 */
export interface ClipSource {
kind: "clip"
id: string
name: string
/**
 * Absolute path of a local media file.
 */
file: string
/**
 * Repeated for ever; otherwise played once, from the moment of its take.
 */
loop: boolean
/**
 * Of its sound, dB.
 */
gain?: number
/**
 * Its sound is left out.
 */
mute?: boolean
}
/**
 * A still that never fails: text on a plain ground, or an image file that fills the frame.
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "SlateSource".
 */
export interface SlateSource {
kind: "slate"
id: string
name: string
title: string
subtitle: string
/**
 * Absolute path of an image file; replaces the text.
 */
image?: string
}
/**
 * EBU colour bars, with the line-up tone (1 kHz, -18 dBFS) or silent.
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "BarsSource".
 */
export interface BarsSource {
kind: "bars"
id: string
name: string
tone: boolean
}
/**
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "Overlay".
 */
export interface Overlay {
id: string
program: string
/**
 * A validated OCL document.
 */
document: {

}
/**
 * Local file of each asset id that is here.
 */
assets: {
[k: string]: string
}
/**
 * Values of {{tokens}} in its texts.
 */
tokens: {
[k: string]: string
}
playing?: OverlayPlay
/**
 * What it says, or how it is played, from a later moment on; drawn ahead, and shown from the frame of that moment on.
 */
next?: {
/**
 * UTC ms.
 */
at: number
tokens: {
[k: string]: string
}
/**
 * Left out: it stays the same.
 */
document?: {

}
playing?: OverlayPlay
}
}
/**
 * How an overlay is played. Of what follows, left out: it goes on.
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "OverlayPlay".
 */
export interface OverlayPlay {
/**
 * UTC ms at which t was 0; in the future: it starts then.
 */
startedAt: number
/**
 * UTC ms: the frame of this moment is the first that it is in, in the middle of its course. Left out: it begins with t 0.
 */
firstAt?: number
/**
 * UTC ms: the frame of this moment is the first that it is not in. Left out: its document decides.
 */
endsAt?: number
scene?: string
reached?: ReachedTimes
}
/**
 * UTC ms at which presets and milestones that cues wait for were reached.
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "ReachedTimes".
 */
export interface ReachedTimes {
presets: {
[k: string]: number
}
milestones: {
[k: string]: number
}
}
/**
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "Encoder".
 */
export interface Encoder {
/**
 * Made from program, bus and profile: equal ones are one encoder.
 */
id: string
program: string
bus: string
profile: Profile
}
/**
 * What an encoder makes. Bitrates in kbit/s, keyframe interval in seconds.
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "Profile".
 */
export interface Profile {
width: number
height: number
fps: number
videoBitrate: number
audioBitrate: number
keyframeInterval: number
/**
 * x264's speed; without it the engine takes the best one that this machine can hold.
 */
preset?: ("ultrafast" | "superfast" | "veryfast" | "faster" | "fast" | "medium")
/**
 * high where left out.
 */
h264Profile?: ("baseline" | "main" | "high")
/**
 * H.264 level; without it the encoder chooses.
 */
level?: ("3.0" | "3.1" | "3.2" | "4.0" | "4.1" | "4.2" | "5.0" | "5.1" | "5.2")
}
/**
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "Output".
 */
export interface Output {
id: string
name: string
encoder: string
/**
 * rtmp://, rtmps://, srt:// or file:// without the key.
 */
url: string
streamKey?: string
/**
 * Its encoder's video bitrate (kbit/s) follows the uplink between these. The encoder must be its own.
 */
autoBitrate?: {
most: number
least: number
}
proxy?: HttpProxy
}
/**
 * An HTTP proxy that is asked to CONNECT.
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "HttpProxy".
 */
export interface HttpProxy {
url: string
username?: string
password?: string
}
/**
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "Recording".
 */
export interface Recording {
id: string
name: string
program: string
encoder: string
/**
 * Absolute path of the folder of its pieces; its own.
 */
folder: string
/**
 * It waits while less than this is free on the disk; a small disk keeps less (disk-order.ts).
 */
reserveBytes: number
}
/**
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "EngineState".
 */
export interface EngineState {
pid: number
startedAt: number
/**
 * Share of all processors (0 to 1) that the engine and its children took in the last second.
 */
load?: number
hardware?: Hardware
speed?: Speed
programs: ProgramState[]
sources: SourceState[]
encoders: EncoderState[]
outputs: OutputState[]
children: ChildState[]
recordings?: RecordingState[]
}
/**
 * What trials at the engine's start found, in the order of preference. Absent until they are done.
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "Hardware".
 */
export interface Hardware {
encoders: Trial[]
decoders: Trial[]
}
/**
 * Whether something that this FFmpeg knows by name really works on this machine.
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "Trial".
 */
export interface Trial {
name: string
works: boolean
/**
 * Why it does not.
 */
why?: string
}
/**
 * How fast software codes here, in megapixels per processor second. Absent until it was measured.
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "Speed".
 */
export interface Speed {
/**
 * The machine for which it was measured.
 */
key: string
cores: number
encode: {
ultrafast: number
superfast: number
veryfast: number
}
decode: number
}
/**
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "ProgramState".
 */
export interface ProgramState {
id: string
/**
 * The source whose picture is on air now; `black` when nothing has one.
 */
source: string
/**
 * That picture is a still of it.
 */
still?: boolean
/**
 * The source that was taken; differs from `source` during a fallback.
 */
wanted: string
/**
 * Id of the take in force.
 */
take?: string
/**
 * The last take that changed the picture: ms from the asking (or from its `at`) to the first changed frame.
 */
taken?: {
take: string
latencyMs: number
}
override?: Override
/**
 * Peak since the last report (dBFS), loudness over 0.4 s, 3 s and gated over all (LUFS, ITU-R BS.1770-4); -70 is silence.
 */
sound?: {
peak: number
momentary: number
shortTerm: number
integrated: number
}
/**
 * Absent where none is wanted.
 */
bed?: {
playing: boolean
error?: Fault
}
fallback: boolean
overlays: {
id: string
scene?: string
layers: number
}[]
frames: {
produced: number
dropped: number
repeated: number
}
/**
 * Program time, ms since its first frame.
 */
time: number
/**
 * Worst lateness of a tick in the last report period (ms).
 */
lateMsMax?: number
}
/**
 * What went wrong, in the taxonomy of errors.ts.
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "Fault".
 */
export interface Fault {
code: string
detail: string
hint: string
}
/**
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "SourceState".
 */
export interface SourceState {
id: string
status: ("connecting" | "online" | "degraded" | "frozen" | "offline")
/**
 * UTC ms.
 */
lastFrameAt?: number
video?: {
codec: string
width: number
height: number
fps: number
}
hasAudio?: boolean
/**
 * Of the last quarter of a second, dBFS, on air or not; absent while there is no sound.
 */
soundPeak?: number
restarts?: number
/**
 * The effective one of a camera; warming: on its way from standby to hot.
 */
mode?: ("hot" | "warming" | "standby")
/**
 * The effective one: software, or the hardware's name.
 */
decoder?: string
error?: Fault
}
/**
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "EncoderState".
 */
export interface EncoderState {
id: string
status: ("starting" | "running" | "restarting" | "failed")
/**
 * The effective encoder.
 */
codec?: string
/**
 * x264's effective speed; absent for hardware.
 */
preset?: string
/**
 * What encoded before and gave nothing.
 */
insteadOf?: {
codec: string
reason: string
}
/**
 * What it aims at now, kbit/s.
 */
videoBitrate?: number
/**
 * How many outputs share it.
 */
outputs?: number
restarts: number
/**
 * Program frames it could not take in time.
 */
dropped?: number
error?: Fault
}
/**
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "OutputState".
 */
export interface OutputState {
id: string
status: ("idle" | "connecting" | "live" | "reconnecting" | "failed")
/**
 * UTC ms.
 */
since: number
/**
 * Measured, kbit/s over the last seconds.
 */
videoBitrate: number
queueSeconds: number
connects: number
/**
 * Whose pictures it sends.
 */
encoder?: string
error?: Fault
}
/**
 * A child process as it is now, and why. The data of the events child.started and child.ended are the same without `failures`.
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "ChildState".
 */
export interface ChildState {
/**
 * A ULID: the same for a wish or a failure and all that followed from it.
 */
cause: string
child: string
/**
 * engine, control, flow-host, ingest, encoder, renderer, copy.
 */
kind: string
/**
 * Counts its starts.
 */
generation: number
pid?: number
wanted: {
command: string
why: string
}
/**
 * How its last process ended, or that nothing ran.
 */
happened: string
decided: {
action: ("run" | "retry" | "restart" | "stop")
inMs?: number
}
/**
 * Ends that nobody had asked for.
 */
failures: number
}
/**
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "RecordingState".
 */
export interface RecordingState {
id: string
/**
 * waiting: for the cause in `error` to go away.
 */
status: ("starting" | "recording" | "waiting")
bytes: number
pieces: number
error?: Fault
}
/**
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "EngineEvent".
 */
export interface EngineEvent {
/**
 * UTC ms.
 */
time: number
/**
 * noun.verb, as source.offline, program.fallback, output.live, encoder.restarted
 */
type: string
severity: ("info" | "warning" | "error")
message: string
data: {

}
}
/**
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "Applied".
 */
export interface Applied {
/**
 * What applying it did, in words; empty when nothing differed.
 */
changes: {
command: string
target: string
why: string
}[]
}
/**
 * A picture of overlays beside the show, each on those before it.
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "PictureRequest".
 */
export interface PictureRequest {
overlays: PicturedOverlay[]
picture: Picture
/**
 * Pixels; never enlarged.
 */
outWidth: number
/**
 * What they lie on; an image fills the frame.
 */
ground: (("black" | "checker") | GroundImage)
}
export interface PicturedOverlay {
overlay: Overlay
/**
 * ms since its start
 */
at: number
}
export interface GroundImage {
/**
 * Path of a file.
 */
image: string
}
/**
 * Either of them.
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "PictureAnswer".
 */
export interface PictureAnswer {
/**
 * Base64.
 */
png?: string
fault?: {
code: string
detail: string
}
}
/**
 * Whether the picture of a source stands; empty where it does not tell. Watched while somebody asks, a second and a half at most after it.
 * 
 * This interface was referenced by `EngineContract`'s JSON-Schema
 * via the `definition` "Stillness".
 */
export interface Stillness {
/**
 * For so long its pictures have shown the same view.
 */
stillMs?: number
/**
 * So long ago the last picture came that shows another view than the one before; absent: none came since the watch began.
 */
movedAgoMs?: number
}
