// Generated from ../schemas/ocl.v1.json by `npm run generate`. Do not edit.

/**
 * Version of the language, MAJOR.MINOR. An unknown minor version is read as far as it is understood.
 */
export type Version = string
/**
 * Of numbers, dates and plurals in this document. Default: the appliance's.
 */
export type Locale = string
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
 * A length of time: "500ms", "5s", "45f" (frames of the timeline's frameRate), "00:00:05.000" or a number of ms.
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
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "DataFormat".
 */
export type DataFormat = (NumberFormat | DateFormat | UnitFormat | PluralFormat | MapFormat)
/**
 * How a time is written: yyyy yy LLLL LLL LL L dd d EEEE EEE HH H hh h mm m ss s SSS a; for a countdown d, hh, mm, ss (the largest one given takes the rest). Other letters stand between single quotes.
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "TimePattern".
 */
export type TimePattern = string
/**
 * IANA name, as "Europe/Berlin". Default: the site's.
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Timezone".
 */
export type Timezone = string
/**
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Unit".
 */
export type Unit = ("celsius" | "fahrenheit" | "kelvin" | "m/s" | "km/h" | "mph" | "knots" | "m" | "km" | "ft" | "mi" | "nmi" | "mm" | "in" | "hPa" | "inHg" | "mmHg")
/**
 * A length of time: "500ms", "5s", "45f" (frames of the timeline's frameRate), "00:00:05.000" or a number of ms.
 */
export type Duration1 = (number | string)
/**
 * What is shown of a stale value. keep: as it is. age: as it is, followed by how old it is. hide: the cue that uses it is not shown. text: `staleText`. Default keep.
 */
export type StaleRule = ("keep" | "age" | "hide" | "text")
/**
 * A time of the world (RFC 3339, "2026-12-31T23:59:59+01:00") or of this document ("t+60s", "00:10:00.000").
 */
export type Moment = string
/**
 * A moment. Relative: "t+1500ms", "t+2s", "t+45f" (frames of the timeline's frameRate) or a number of ms; a scene's to the timeline's start, a cue's to its scene's start, a keyframe's to its cue's start. Absolute on the timeline: "00:01:23.500" (hours, minutes, seconds).
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Time".
 */
export type Time = (number | string)
/**
 * A length of time: "500ms", "5s", "45f" (frames of the timeline's frameRate), "00:00:05.000" or a number of ms.
 */
export type Duration2 = (number | string)
/**
 * Default #ffffff.
 */
export type Color = string
/**
 * A box behind the words. Default none.
 */
export type Color1 = string
/**
 * Default auto: that of the first letter that has one.
 */
export type TextDirection = ("auto" | "ltr" | "rtl")
/**
 * In the box where `size` is given. wrap: broken into lines, what is too much stands out. shrink: wrapped, with the largest font size up to `size` that fits. clip: wrapped, what is too much is cut off. Default wrap.
 */
export type TextFit = ("wrap" | "shrink" | "clip")
/**
 * sRGB, "#rrggbb" or, with opacity, "#rrggbbaa".
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Color".
 */
export type Color2 = string
/**
 * sRGB, "#rrggbb" or, with opacity, "#rrggbbaa".
 */
export type Color3 = string
/**
 * sRGB, "#rrggbb" or, with opacity, "#rrggbbaa".
 */
export type Color4 = string
/**
 * sRGB, "#rrggbb" or, with opacity, "#rrggbbaa".
 */
export type Color5 = string
/**
 * How much may be damaged: L 7 %, M 15 %, Q 25 %, H 30 %. Default M.
 */
export type QrLevel = ("L" | "M" | "Q" | "H")
/**
 * A length of time: "500ms", "5s", "45f" (frames of the timeline's frameRate), "00:00:05.000" or a number of ms.
 */
export type Duration3 = (number | string)
/**
 * A length of time: "500ms", "5s", "45f" (frames of the timeline's frameRate), "00:00:05.000" or a number of ms.
 */
export type Duration4 = (number | string)
/**
 * cut: at once. fade: opacity. wipe: an edge runs over it. slide: it moves in from, or out to, outside the frame. scale: it grows from, or shrinks to, `from` times its size, around its centre.
 */
export type TransitionType = ("cut" | "fade" | "wipe" | "slide" | "scale")
/**
 * A length of time: "500ms", "5s", "45f" (frames of the timeline's frameRate), "00:00:05.000" or a number of ms.
 */
export type Duration5 = (number | string)
/**
 * Where the edge (wipe) or the element (slide) moves to. Default right.
 */
export type Direction = ("left" | "right" | "up" | "down")
/**
 * How progress p (0..1) runs: linear, ease-in (p^2), ease-out (1-(1-p)^2), ease-in-out (both halves), ease-in-cubic, ease-out-cubic, ease-in-out-cubic (the same with p^3), hold (0 until the end) or "cubic-bezier(x1, y1, x2, y2)" as in CSS, x within 0..1. Default linear.
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Easing".
 */
export type Easing = string
/**
 * How an asset fills its `size`. fill: stretched. contain: whole, with nothing around it. cover: filled, what stands out is cut off. Default fill.
 */
export type AssetFit = ("fill" | "contain" | "cover")
export type AutomatedProperty = ("opacity" | "position.x" | "position.y" | "scale" | "rotation" | "crop.left" | "crop.top" | "crop.right" | "crop.bottom" | "color" | "text" | "number" | "scroll")
/**
 * How progress p (0..1) runs: linear, ease-in (p^2), ease-out (1-(1-p)^2), ease-in-out (both halves), ease-in-cubic, ease-out-cubic, ease-in-out-cubic (the same with p^3), hold (0 until the end) or "cubic-bezier(x1, y1, x2, y2)" as in CSS, x within 0..1. Default linear.
 */
export type Easing1 = string
/**
 * A length of time: "500ms", "5s", "45f" (frames of the timeline's frameRate), "00:00:05.000" or a number of ms.
 */
export type Duration6 = (number | string)
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
 * BCP 47 language tag, as "en-GB".
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Locale".
 */
export type Locale1 = string

/**
 * Overlay Composition Language 1.0: what is drawn over the picture, where, when and how it moves. An appliance of the same major version drops what it does not know (a key, a transition type, an easing, a property, a sync directive) and says so in a warning; this schema is the strict form.
 */
export interface OclDocument {
/**
 * Address of this schema, for editors. It changes nothing.
 */
$schema?: string
ocl: Version
locale?: Locale
timeline: Timeline
assets?: Asset[]
/**
 * Tokens with a source, a form or a rule of their own; every other token is taken as it comes.
 * 
 * @maxItems 500
 */
data?: DataBinding[]
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
 * As image/png, image/jpeg, image/webp, image/avif, image/gif, image/apng, image/svg+xml, video/webm.
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
 * How a token gets its value and how it is written. The value is what was pushed under this name (by API, by a flow, by Studio) or one of the site's settings; with `clock` or `countdown` the time itself.
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "DataBinding".
 */
export interface DataBinding {
/**
 * Name of the token: {{key}}.
 */
key: string
format?: DataFormat
ttl?: Duration1
onStale?: StaleRule
/**
 * Stands in for a stale value. Default: nothing.
 */
staleText?: string
/**
 * Stands in while there is no value at all.
 */
default?: string
clock?: Clock
countdown?: Countdown
}
/**
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "NumberFormat".
 */
export interface NumberFormat {
type: "number"
/**
 * Default 0.
 */
decimals?: number
/**
 * Separate thousands. Default true.
 */
grouping?: boolean
/**
 * Default auto: only of negative numbers.
 */
sign?: ("auto" | "always")
/**
 * Stands behind it, after a narrow space.
 */
unit?: string
}
/**
 * Of an RFC 3339 time or a number of ms since 1970.
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "DateFormat".
 */
export interface DateFormat {
type: "date"
pattern: TimePattern
timezone?: Timezone
}
/**
 * A measured value in another unit, with its sign behind it.
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "UnitFormat".
 */
export interface UnitFormat {
type: "unit"
from: Unit
to: Unit
/**
 * Default 0.
 */
decimals?: number
}
/**
 * The words for a number by the rules of the language (Unicode CLDR); "#" is the number itself. zero stands for exactly 0 in any language.
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "PluralFormat".
 */
export interface PluralFormat {
type: "plural"
zero?: string
one?: string
two?: string
few?: string
many?: string
other: string
}
/**
 * A word for each value.
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "MapFormat".
 */
export interface MapFormat {
type: "map"
values: {
[k: string]: string
}
/**
 * For every other value. Default: the value itself.
 */
other?: string
}
/**
 * The time of day is the value.
 */
export interface Clock {
pattern: TimePattern
timezone?: Timezone
}
/**
 * How long it is until a moment is the value, in whole seconds, rounded up.
 */
export interface Countdown {
to: Moment
pattern: TimePattern
/**
 * What stands there afterwards. Default: the pattern at 0.
 */
done?: string
}
/**
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Scene".
 */
export interface Scene {
id: Id
start: Time
duration?: Duration2
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
 * One element on the screen, from its start up to, not including, start + duration. It has exactly one of assetRef, text, shape, qr and slides.
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
qr?: Qr
slides?: Slides
/**
 * Of an animated asset: begin again at its end. Otherwise its last picture stays. Default true.
 */
loop?: boolean
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
padding?: Padding
/**
 * Of the background's corners, pixels of the base resolution. Default 0.
 */
radius?: number
/**
 * Times the font's size. Default 1.25.
 */
lineHeight?: number
/**
 * In the box where `size` is given. Default middle.
 */
verticalAlign?: ("top" | "middle" | "bottom")
direction?: TextDirection
fit?: TextFit
/**
 * More lines end with "…". Default: no limit.
 */
maxLines?: number
outline?: Outline
shadow?: Shadow
ticker?: Ticker
}
/**
 * Between the words and the edge of their box. Default with a background: 0.5 of the font's size left and right, 0.25 above and below; otherwise 0.
 */
export interface Padding {
/**
 * Left and right, pixels of the base resolution.
 */
x?: number
/**
 * Above and below, pixels of the base resolution.
 */
y?: number
}
export interface Outline {
color: Color2
/**
 * Pixels of the base resolution, outside the letters.
 */
width: number
}
export interface Shadow {
color: Color2
/**
 * To the right, pixels of the base resolution. Default 0.
 */
x?: number
/**
 * Down, pixels of the base resolution. Default 0.
 */
y?: number
/**
 * Radius, pixels of the base resolution. Default 0.
 */
blur?: number
}
/**
 * One line that runs through the box, towards the side where its words begin. It starts at the edge where it comes in, with nothing to be seen yet, and comes again and again. It needs `size`. With automation of `scroll` that decides instead of `speed`, and the line comes once: at 0 it is about to come in, at 1 it has left.
 */
export interface Ticker {
/**
 * Pixels of the base resolution a second.
 */
speed: number
/**
 * Between the end of the words and their next beginning, pixels of the base resolution. Default: two sizes of the font.
 */
gap?: number
}
/**
 * It needs at least one of color, gradient and stroke.
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Shape".
 */
export interface Shape {
type: ("rectangle" | "ellipse")
color?: Color3
gradient?: Gradient
/**
 * Of the corners, pixels of the base resolution. Default 0.
 */
radius?: number
stroke?: Stroke
}
/**
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Gradient".
 */
export interface Gradient {
/**
 * Degrees clockwise; 0 runs from left to right. Default 0.
 */
angle?: number
/**
 * @minItems 2
 * @maxItems 16
 */
stops: [GradientStop, GradientStop]|[GradientStop, GradientStop, GradientStop]|[GradientStop, GradientStop, GradientStop, GradientStop]|[GradientStop, GradientStop, GradientStop, GradientStop, GradientStop]|[GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop]|[GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop]|[GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop]|[GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop]|[GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop]|[GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop]|[GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop]|[GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop]|[GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop]|[GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop]|[GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop, GradientStop]
}
export interface GradientStop {
/**
 * 0 at its beginning, 1 at its end.
 */
at: number
color: Color2
}
export interface Stroke {
color: Color2
/**
 * Pixels of the base resolution, inside the edge.
 */
width: number
}
/**
 * A QR code (ISO/IEC 18004). Without a `size` it is 200 x 200 pixels of the base resolution.
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Qr".
 */
export interface Qr {
/**
 * What it says, usually an address. {{token}} is replaced.
 */
value: string
color?: Color4
background?: Color5
level?: QrLevel
/**
 * Modules around it. Default 4, as scanners want it.
 */
margin?: number
}
/**
 * Pictures one after the other. With a transition the new one comes over the old one, within their own place; without, it is a cut.
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Slides".
 */
export interface Slides {
/**
 * @minItems 1
 * @maxItems 500
 */
items: [Slide, ...(Slide)[]]
every: Duration4
transition?: OclTransition
/**
 * Begin again after the last one. Otherwise it stays. Default true.
 */
loop?: boolean
}
export interface Slide {
assetRef: Id
duration?: Duration3
}
/**
 * How the element comes or goes, inside the cue's own time.
 * 
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "OclTransition".
 */
export interface OclTransition {
type: TransitionType
duration?: Duration5
direction?: Direction
easing?: Easing
/**
 * Of a scale: the factor at which it begins (ends, when it goes). Above 1 it comes from larger. Default 0.
 */
from?: number
}
export interface Transitions {
in?: OclTransition
out?: OclTransition
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
/**
 * Degrees clockwise, around the centre of the element. Default 0.
 */
rotation?: number
crop?: Crop
fit?: AssetFit
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
 * What is left stays where it was.
 */
export interface Crop {
/**
 * Fraction of the element cut off on the left. Default 0.
 */
left?: number
/**
 * Fraction of the element cut off above. Default 0.
 */
top?: number
/**
 * Fraction of the element cut off on the right. Default 0.
 */
right?: number
/**
 * Fraction of the element cut off below. Default 0.
 */
bottom?: number
}
/**
 * An envelope: its value replaces the property. Before the first and after the last keyframe the nearest value holds. text changes at the keyframe. color runs in sRGB. number is the token {{number}} of the cue's text, written by format (default: no decimals). scroll (0..1) is how far a ticker has run.
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
format?: NumberFormat
}
/**
 * This interface was referenced by `OclDocument`'s JSON-Schema
 * via the `definition` "Keyframe".
 */
export interface Keyframe {
at: Time
/**
 * In the unit and range of the property: a number; for text a string; for color as a Color.
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
timeout?: Duration6
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
