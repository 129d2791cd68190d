// Generated from ../schemas/ocl.v1.json by `npm run generate`. Do not edit.

/**
 * Version of the language, MAJOR.MINOR. An unknown minor version is read as far as it is understood.
 */
export type Version = string
/**
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Id".
 */
export type Id = string
/**
 * Frames per second, 1 to 240: a number, or an exact fraction such as "60000/1001". The program's own rate is used on air.
 */
export type FrameRate = (number | string)
/**
 * A length of time: "500ms", "5s", "00:00:05.000" or a number of ms.
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Duration".
 */
export type Duration = (number | string)
/**
 * Id of the asset that stands in where this one is missing.
 */
export type Id1 = string
/**
 * A moment. Relative: "t+1500ms", "t+2s" or a number of ms; a scene's to the timeline's start, a cue's to its scene's start, a keyframe's to its cue's start. Absolute on the timeline: "00:01:23.500" (hours, minutes, seconds).
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Time".
 */
export type Time = (number | string)
/**
 * A length of time: "500ms", "5s", "00:00:05.000" or a number of ms.
 */
export type Duration1 = (number | string)
/**
 * Default #ffffff.
 */
export type Color = string
/**
 * A box behind the words, with a margin of 0.5 of the font's size left and right and 0.25 above and below. Default none.
 */
export type Color1 = string
/**
 * sRGB, "#rrggbb" or, with opacity, "#rrggbbaa".
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Color".
 */
export type Color2 = string
/**
 * cut: at once. fade: opacity. wipe: an edge runs over it. slide: it moves in from, or out to, outside the frame. scale: it grows from, or shrinks to, its centre.
 */
export type TransitionType = ("cut" | "fade" | "wipe" | "slide" | "scale")
/**
 * A length of time: "500ms", "5s", "00:00:05.000" or a number of ms.
 */
export type Duration2 = (number | string)
/**
 * Where the edge (wipe) or the element (slide) moves to. Default right.
 */
export type Direction = ("left" | "right" | "up" | "down")
/**
 * How progress p (0..1) runs. ease-in: p^2; ease-out: 1-(1-p)^2; ease-in-out: both halves; with -cubic the same with p^3. Default linear.
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Easing".
 */
export type Easing = ("linear" | "ease-in" | "ease-out" | "ease-in-out" | "ease-in-cubic" | "ease-out-cubic" | "ease-in-out-cubic")
export type AutomatedProperty = ("opacity" | "position.x" | "position.y" | "scale" | "text")
/**
 * How progress p (0..1) runs. ease-in: p^2; ease-out: 1-(1-p)^2; ease-in-out: both halves; with -cubic the same with p^3. Default linear.
 */
export type Easing1 = ("linear" | "ease-in" | "ease-out" | "ease-in-out" | "ease-in-cubic" | "ease-out-cubic" | "ease-in-out-cubic")
/**
 * A length of time: "500ms", "5s", "00:00:05.000" or a number of ms.
 */
export type Duration3 = (number | string)
/**
 * After the timeout: play the cue all the same, skip it, or show the fallback in its place. Default play.
 */
export type Otherwise = ("play" | "skip" | "fallback")
export type Otherwise1 = ("play" | "skip" | "fallback")
/**
 * Played from its start for as long as the cue lasts.
 */
export type Id2 = string

/**
 * Overlay Composition Language 1.0: what is drawn over the picture, where, when and how it moves. An appliance of the same major version drops what it does not know (a key, a transition type, an easing, a property, a sync directive) and says so in a warning; this schema is the strict form.
 */
export interface OclDocument {
ocl: Version
timeline: Timeline
assets?: Asset[]
scenes: Scene[]
/**
 * Waits of cues, kept apart from them. What a cue says itself wins.
 */
sync?: CueSync[]
fallbacks?: Fallbacks
}
/**
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Timeline".
 */
export interface Timeline {
id: Id
/**
 * Counts the author's revisions.
 */
version: (string | number)
frameRate: FrameRate
resolution: Resolution
duration?: Duration
/**
 * Begin again at the end: of `duration`, or of the last cue where it is left out; of the scene where one scene is played. Default false.
 */
loop?: boolean
}
/**
 * The base resolution: every position and size of the document is in its pixels. A program of another size scales them.
 */
export interface Resolution {
width: number
height: number
}
/**
 * A file that cues show.
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Asset".
 */
export interface Asset {
id: Id
url: string
/**
 * Checksum of the file, 64 hexadecimal digits.
 */
sha256: string
/**
 * As image/png, image/jpeg, image/webp, image/svg+xml.
 */
mediaType: string
rights?: Rights
fallback?: Id1
}
export interface Rights {
tags: string[]
/**
 * Date (2027-01-31) or RFC 3339 time from which it may not be shown.
 */
expires?: string
}
/**
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Scene".
 */
export interface Scene {
id: Id
start: Time
duration?: Duration1
tracks: Track[]
}
/**
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Track".
 */
export interface Track {
id: Id
/**
 * For people: "background", "lower-third", "fullscreen" or any other word.
 */
kind: string
cues: Cue[]
}
/**
 * One element on the screen, from its start up to, not including, start + duration. It has exactly one of assetRef, text and shape.
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Cue".
 */
export interface Cue {
id: Id
start: Time
duration: Duration
/**
 * Higher ones are painted later, that is in front. Ties: order of the document.
 */
layer: number
/**
 * Measure the position from the frame's edge, not from the safe grid's (90 %). Default false.
 */
unsafe?: boolean
assetRef?: Id
text?: Text
shape?: Shape
transition?: Transitions
properties?: Properties
automation?: Automation[]
sync?: Sync
}
/**
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Text".
 */
export interface Text {
/**
 * The words. {{token}} is replaced; a line feed begins a new line.
 */
value: string
/**
 * Family, optionally followed by its weight: "Inter", "Inter Bold". Default "Inter", which every appliance has.
 */
font?: string
/**
 * Height of the font, pixels of the base resolution. Default 48.
 */
size?: number
color?: Color
background?: Color1
/**
 * Of the lines among each other, and in the box where `size` is given. Default left.
 */
align?: ("left" | "center" | "right")
}
/**
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Shape".
 */
export interface Shape {
type: "rectangle"
color: Color2
/**
 * Of the corners, pixels of the base resolution. Default 0.
 */
radius?: number
}
export interface Transitions {
in?: OclTransition
out?: OclTransition
}
/**
 * How the element comes or goes, inside the cue's own time.
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "OclTransition".
 */
export interface OclTransition {
type: TransitionType
duration?: Duration2
direction?: Direction
easing?: Easing
}
/**
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Properties".
 */
export interface Properties {
/**
 * 0 (not visible) to 1. Default 1.
 */
opacity?: number
position?: Position
/**
 * Times the size, around the anchor. Default 1.
 */
scale?: number
size?: Size
/**
 * Replaces the value of the cue's text.
 */
text?: string
}
/**
 * From the anchor of the safe grid (of the frame where the cue is unsafe) inwards to the same anchor of the element, pixels of the base resolution; from a centre, to the right and down. Without a position the element stands in the centre.
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Position".
 */
export interface Position {
/**
 * Default top-left.
 */
anchor?: ("top-left" | "top" | "top-center" | "top-right" | "left" | "center-left" | "center" | "right" | "center-right" | "bottom-left" | "bottom" | "bottom-center" | "bottom-right")
/**
 * Default 0.
 */
x?: number
/**
 * Default 0.
 */
y?: number
}
/**
 * Left out: the image's own size, the size of the words, the whole frame for a shape. Text is wrapped into it.
 */
export interface Size {
width: number
height: number
}
/**
 * An envelope: its value replaces the property. Before the first and after the last keyframe the nearest value holds. text changes at the keyframe.
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Automation".
 */
export interface Automation {
property: AutomatedProperty
/**
 * @minItems 1
 */
keyframes: [Keyframe, ...(Keyframe)[]]
}
/**
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Keyframe".
 */
export interface Keyframe {
at: Time
/**
 * In the unit and range of the property: a number, for text a string.
 */
value: (number | string)
easing?: Easing1
}
/**
 * The cue waits at its start until everything named was reached; then it runs its whole duration, within its scene.
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Sync".
 */
export interface Sync {
/**
 * Name of a camera preset whose arrival was verified.
 */
awaitPreset?: string
/**
 * Name of a milestone of the stream.
 */
awaitMilestone?: string
timeout?: Duration3
otherwise?: Otherwise
}
/**
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "CueSync".
 */
export interface CueSync {
cue: Id
awaitPreset?: string
awaitMilestone?: string
timeout?: Duration
otherwise?: Otherwise1
}
/**
 * What is shown in place of a cue whose asset (and that asset's own fallback) is missing: the first of these that there is, in this order.
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Fallbacks".
 */
export interface Fallbacks {
asset?: Id
scene?: Id2
text?: string
}
/**
 * Pixels of the base resolution.
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Size".
 */
export interface Size1 {
width: number
height: number
}
