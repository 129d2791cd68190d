// Generated from ../schemas/wiring.v1.json by `npm run generate`. Do not edit.

/**
 * A source as a wire names it. camera: an id, a name, or `*`, the camera that the cue names.
 * 
 * This interface was referenced by `Wiring`'s JSON-Schema
 * via the `definition` "SourceRef".
 */
export type SourceRef = (CameraRef | SlateRef | ClipRef | BarsRef)

/**
 * What the flow's wires say, as the flow host tells control after each deploy: which sources reach which program, in which role, and which destinations are fed by what. The same wires always give the same document, whatever the nodes are called and wherever they stand.
 */
export interface Wiring {
programs: WiredProgram[]
outputs: WiredOutput[]
/**
 * Left out where no wire reaches a recorder.
 */
recorders?: WiredRecorder[]
/**
 * Left out where no flow moves a camera.
 */
drivers?: WiredDriver[]
/**
 * Which timelines may run on which program. Left out where no wire leads from a timeline.
 */
timelines?: WiredTimeline[]
}
/**
 * This interface was referenced by `Wiring`'s JSON-Schema
 * via the `definition` "WiredProgram".
 */
export interface WiredProgram {
id: string
picture?: WiredPicture
sound?: WiredSound
sources: SourceRef[]
/**
 * In the order they are tried.
 */
fallback: SourceRef[]
}
/**
 * Its own size and rate; what is missing is as in the settings.
 */
export interface WiredPicture {
width?: number
height?: number
fps?: number
fit?: ("letterbox" | "crop")
/**
 * Per cent.
 */
focusX?: number
}
/**
 * What the flow says of a program's sound; the API's word goes before it.
 * 
 * This interface was referenced by `Wiring`'s JSON-Schema
 * via the `definition` "WiredSound".
 */
export interface WiredSound {
bed?: WiredBed
/**
 * LUFS
 */
loudness?: number
}
export interface WiredBed {
/**
 * Id or name of an asset, or a path on the appliance.
 */
asset: string
gain: number
mute: boolean
ducking: number
}
export interface CameraRef {
kind: "camera"
camera: string
}
export interface SlateRef {
kind: "slate"
title: string
subtitle: string
image?: string
}
export interface ClipRef {
kind: "clip"
file: string
loop: boolean
/**
 * Of its sound, dB; 0 where left out.
 */
gain?: number
mute?: boolean
}
export interface BarsRef {
kind: "bars"
tone: boolean
}
/**
 * This interface was referenced by `Wiring`'s JSON-Schema
 * via the `definition` "WiredOutput".
 */
export interface WiredOutput {
/**
 * An id, a name, or `*`: every destination that is switched on.
 */
destination: string
program: string
/**
 * Overlays that the wire passed, in order: ids or `*`, whatever plays.
 */
overlays: string[]
/**
 * `destination`: what the destination asks for; or the encoder node's own.
 */
profile: ("destination" | WiredProfile)
}
/**
 * Within the engine's own ranges: a message may carry any numbers, and a profile that the engine refuses would stop everything else, too.
 */
export interface WiredProfile {
width: number
height: number
fps: number
videoBitrate: number
audioBitrate: number
keyframeInterval: number
preset?: ("ultrafast" | "superfast" | "veryfast" | "faster" | "fast" | "medium")
h264Profile?: ("baseline" | "main")
level?: ("3.0" | "3.1" | "3.2" | "4.0" | "4.1" | "4.2" | "5.0" | "5.1" | "5.2")
/**
 * How far down the video bitrate may follow an uplink, kbit/s; 0: not at all; left out: as the destination says.
 */
autoBitrateFloor?: number
}
/**
 * This interface was referenced by `Wiring`'s JSON-Schema
 * via the `definition` "WiredRecorder".
 */
export interface WiredRecorder {
program: string
/**
 * As of a wired output.
 */
overlays: string[]
/**
 * `destination`: the best that runs anyway, else a good one; or the encoder node's own.
 */
profile: ("destination" | WiredProfile)
}
/**
 * A camera that the flow moves, by its id or name, and what it can be asked.
 * 
 * This interface was referenced by `Wiring`'s JSON-Schema
 * via the `definition` "WiredDriver".
 */
export interface WiredDriver {
camera: string
/**
 * It moves at a speed until it is stopped.
 */
continuous: boolean
/**
 * It goes to positions.
 */
absolute: boolean
/**
 * It says where it looks.
 */
position: boolean
/**
 * It says whether it moves.
 */
moveStatus: boolean
/**
 * How many presets it keeps itself.
 */
presets: number
}
/**
 * This interface was referenced by `Wiring`'s JSON-Schema
 * via the `definition` "WiredTimeline".
 */
export interface WiredTimeline {
/**
 * An id, a name, or `*`: every timeline.
 */
timeline: string
program: string
}
