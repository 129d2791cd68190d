// Generated from ../schemas/openapi.v1.json by `npm run generate`. Do not edit.

/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "CommandStatus".
 */
export type CommandStatus = ("received" | "ready" | "running" | "done" | "failed" | "rejected" | "expired")
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Username".
 */
export type Username = string
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Password".
 */
export type Password = string
/**
 * A name of the IANA time zone database.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Timezone".
 */
export type Timezone = string
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Role".
 */
export type Role = ("viewer" | "operator" | "admin")
/**
 * `read` reads as a viewer does, and may validate overlays; the others do what the role may.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Scope".
 */
export type Scope = ("read" | "operate" | "admin")
/**
 * HH:MM
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "TimeOfDay".
 */
export type TimeOfDay = string
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "PresetName".
 */
export type PresetName = string
/**
 * What Studio calls this shot; one preset of all cameras.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "ShotId".
 */
export type ShotId = string
/**
 * How a picture of another shape fills the program's: with black bars (default), or cut at its sides.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "CameraFit".
 */
export type CameraFit = ("letterbox" | "crop")
/**
 * hot: ready at once. standby: only keyframes are decoded until it is taken, which costs little and makes a take wait for the camera's next keyframe, 10 s at most. auto (default): hot while the machine has room, else in standby; never what is on air, next, a fallback or watched. off: no connection.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "CameraMode".
 */
export type CameraMode = ("auto" | "hot" | "standby" | "off")
/**
 * rtsp, rtmp or http address; credentials in it are moved to their fields.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "CameraUrl".
 */
export type CameraUrl = string
/**
 * What viewers see while a camera on air turns to its preset: the turning (show), the last picture before it (freeze, the default), the slate, or another camera, by its id or name. A camera that nobody sees turns before it is taken.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Swing".
 */
export type Swing = (("show" | "freeze" | "slate") | Cutaway)
/**
 * slate: the slate is on air; hold: the last picture, in silence; pause-overlays: none is shown; stop: its destinations end.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "OverrideKind".
 */
export type OverrideKind = ("slate" | "hold" | "pause-overlays" | "stop")
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Platform".
 */
export type Platform = ("youtube" | "facebook" | "twitch" | "rtmp" | "srt" | "file")
/**
 * Speed against quality of software encoding. `auto`, as if left out: the best one that this machine can hold.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "X264Preset".
 */
export type X264Preset = ("auto" | "ultrafast" | "superfast" | "veryfast" | "faster" | "fast" | "medium")
/**
 * `high` where left out.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "H264Profile".
 */
export type H264Profile = ("baseline" | "main" | "high")
/**
 * `auto`, as if left out: the encoder chooses.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "H264Level".
 */
export type H264Level = ("auto" | "3.0" | "3.1" | "3.2" | "4.0" | "4.1" | "4.2" | "5.0" | "5.1" | "5.2")
/**
 * The video bitrate follows the uplink: down as soon as it gets too narrow, up again when it has been free for a while. The profile's is the most.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "AutoBitrate".
 */
export type AutoBitrate = boolean
/**
 * The least that `autoBitrate` goes down to, kbit/s; a quarter of the profile's where left out.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "AutoBitrateFloor".
 */
export type AutoBitrateFloor = number
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "DestinationUrl".
 */
export type DestinationUrl = string
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "OverlayId".
 */
export type OverlayId = string
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "TimelineName".
 */
export type TimelineName = string
/**
 * Where no cue has a picture: the one before stays, the slate is shown, or what `filler` names, one after the other and again from the first.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "TimelineGap".
 */
export type TimelineGap = ("hold" | "slate" | "filler")
/**
 * For gap `filler`.
 * 
 * @maxItems 100
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Filler".
 */
export type Filler = FillerItem[]
/**
 * clock: cues begin at their times, and a camera that turns does so within its cue. arrival: a cue with a preset begins with the first frame of its shot, and whatever follows waits as long: each dwells for exactly its duration.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "TimelineTiming".
 */
export type TimelineTiming = ("clock" | "arrival")
/**
 * @maxItems 5000
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Cues".
 */
export type Cues = Cue[]
/**
 * HH:MM in the time zone of the schedule, or `sunrise`, `sunset`, `sunrise+30`, `sunset-15` (minutes) where settings say the `location`. A `to` that is not after `from` is of the next day.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "ScheduleTime".
 */
export type ScheduleTime = string
/**
 * Where schedules of one program overlap, the higher one wins; of equal ones the one that began later, then the shorter one.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "SchedulePriority".
 */
export type SchedulePriority = number

export interface Api {

}
/**
 * A problem document (RFC 9457). Some carry more members, such as the errors of a refused overlay.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Problem".
 */
export interface Problem {
type: string
title: string
status: number
/**
 * Stable; never changes its meaning.
 */
code: string
/**
 * What happened.
 */
detail: string
/**
 * What to do next.
 */
hint: string
[k: string]: unknown
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Studio".
 */
export interface Studio {
paired: boolean
connected: boolean
/**
 * Since when it is connected, or is not.
 */
since: string
transport?: ("mqtts" | "wss")
/**
 * Commands that are not finished, and messages that Studio has not heard yet.
 */
queue: {
in: number
out: number
}
/**
 * To be typed in at Studio; told to administrators.
 */
code?: string
codeUntil?: string
/**
 * Its address.
 */
studio?: string
error?: Fault
/**
 * Messages that were not taken since control's start.
 */
refused: {
junk: number
refused: number
expired: number
replayed: number
}
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Fault".
 */
export interface Fault {
code: string
detail: string
hint: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "StudioPairing".
 */
export interface StudioPairing {
/**
 * https://…
 */
url: string
code?: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "StudioCommand".
 */
export interface StudioCommand {
id: string
type: string
status: CommandStatus
/**
 * When Studio sent it, by its clock.
 */
time: string
arrivedAt: string
expiresAt: string
data?: {

}
/**
 * The beginning of a message that was no command.
 */
refused?: string
/**
 * As Studio got them.
 */
acks: {

}[]
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "SetupState".
 */
export interface SetupState {
done: boolean
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Setup".
 */
export interface Setup {
admin: {
username: Username
password: Password
}
timezone: Timezone
locationName: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Credentials".
 */
export interface Credentials {
username: string
password: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Session".
 */
export interface Session {
username: string
role: Role
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "User".
 */
export interface User {
/**
 * ULID.
 */
id: string
username: string
role: Role
createdAt: string
signedInAt: (string | null)
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "NewUser".
 */
export interface NewUser {
username: Username
password: Password
role: Role
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "UserPatch".
 */
export interface UserPatch {
password?: Password
role?: Role
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Token".
 */
export interface Token {
/**
 * ULID.
 */
id: string
name: string
scope: Scope
createdBy: string
createdAt: string
expires: (string | null)
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "NewToken".
 */
export interface NewToken {
name: string
scope: Scope
expires?: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "MadeToken".
 */
export interface MadeToken {
/**
 * ULID.
 */
id: string
/**
 * Shown this once.
 */
token: string
}
/**
 * The HTTP proxy through which RTMP, RTMPS, uploads, files of overlays and the channel to Studio go out (CONNECT).
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "HttpProxy".
 */
export interface HttpProxy {
url: string
username?: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "NewHttpProxy".
 */
export interface NewHttpProxy {
url: string
/**
 * null: it asks for no login.
 */
username?: (string | null)
password?: (string | null)
}
/**
 * When uploads may run, in the site's time zone; over midnight where `to` is earlier. The same twice: all day.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "UploadWindow".
 */
export interface UploadWindow {
from: TimeOfDay
to: TimeOfDay
}
/**
 * Where finished recordings are uploaded to; without it they stay here.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Upload".
 */
export interface Upload {
/**
 * put: HTTP PUT, such as WebDAV. s3: S3-compatible (Signature Version 4).
 */
kind: ("put" | "s3")
/**
 * The folder (put), or the bucket with an optional prefix (s3), to which ID/PIECE is added.
 */
url: string
/**
 * put: the user. s3: the access key id.
 */
username?: string
region?: string
/**
 * The most that uploads take of the uplink (kbit/s).
 */
maxKbits: number
window?: UploadWindow
/**
 * Recordings that are uploaded are deleted here.
 */
deleteAfter: boolean
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "UploadPatch".
 */
export interface UploadPatch {
kind?: ("put" | "s3")
url?: string
username?: (string | null)
/**
 * put: the password. s3: the secret access key.
 */
password?: (string | null)
region?: (string | null)
maxKbits?: (number | null)
window?: (UploadWindow | null)
deleteAfter?: boolean
}
/**
 * Where the appliance stands, in degrees (east and north are positive): when the sun rises and sets for schedules.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "SiteLocation".
 */
export interface SiteLocation {
latitude: number
longitude: number
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Settings".
 */
export interface Settings {
timezone: Timezone
locationName: string
location?: SiteLocation
/**
 * A BCP 47 language tag. Not in use yet: kept for a later release.
 */
locale: string
/**
 * Values of {{tokens}} in overlay texts.
 */
tokens: {
[k: string]: string
}
proxy?: HttpProxy
upload?: Upload
/**
 * A source without a new frame for this long is replaced (ms).
 */
slateAfterMs: number
/**
 * Presets that nobody went to for a week are visited at night (3 to 5 o'clock), where no viewer sees the camera (event `preset.unverified`).
 */
checkPresets: boolean
/**
 * How long before its start a timeline is made ready and checked (ms); 0: it is not.
 */
readinessMs: number
recordings: {
/**
 * All recordings together (GB); the oldest make room.
 */
quotaGb: number
/**
 * Older ones are deleted; 0 keeps them for ever.
 */
keepDays: number
}
/**
 * Hosts of private networks (or without https) that assets of overlays may be fetched from.
 * 
 * @maxItems 100
 */
privateAssetHosts: string[]
/**
 * Country of the site (ISO 3166-1, two letters): assets with tags `territory:XX` are shown only where one of them names it.
 */
territory?: string
assets: {
/**
 * All files of overlays together (GB); what was not used for longest makes room.
 */
quotaGb: number
}
segments: {
/**
 * Ed25519 public keys (32 bytes, base64) whose signatures on segment packages are trusted.
 * 
 * @maxItems 20
 */
keys: []|[string]|[string, string]|[string, string, string]|[string, string, string, string]|[string, string, string, string, string]|[string, string, string, string, string, string]|[string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string]
/**
 * Take only packages that one of them has signed.
 */
signedOnly: boolean
/**
 * Packages on removable media that are mounted below this folder are taken by themselves; empty: none are.
 */
mediaFolder: string
}
program: {
width: number
height: number
fps: number
}
}
/**
 * A merge patch (RFC 7396); null brings back what was there from the start.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "SettingsPatch".
 */
export interface SettingsPatch {
timezone?: Timezone
locationName?: string
/**
 * Not in use yet.
 */
locale?: string
tokens?: ({
[k: string]: string | null
} | null)
proxy?: (NewHttpProxy | null)
upload?: (UploadPatch | null)
slateAfterMs?: (number | null)
location?: (SiteLocation | null)
checkPresets?: (boolean | null)
/**
 * How long before its start a timeline is made ready and checked (ms).
 */
readinessMs?: (number | null)
recordings?: {
/**
 * All recordings together (GB); the oldest make room.
 */
quotaGb?: number
/**
 * Older ones are deleted; 0 keeps them for ever.
 */
keepDays?: number
}
/**
 * Hosts of private networks (or without https) that assets of overlays may be fetched from.
 * 
 * @maxItems 100
 */
privateAssetHosts?: (string[] | null)
/**
 * Country of the site (ISO 3166-1, two letters): assets with tags `territory:XX` are shown only where one of them names it.
 */
territory?: (string | null)
assets?: {
/**
 * All files of overlays together (GB); what was not used for longest makes room.
 */
quotaGb?: number
}
segments?: {
/**
 * Ed25519 public keys (32 bytes, base64) whose signatures on segment packages are trusted.
 * 
 * @maxItems 20
 */
keys?: []|[string]|[string, string]|[string, string, string]|[string, string, string, string]|[string, string, string, string, string]|[string, string, string, string, string, string]|[string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string]
/**
 * Take only packages that one of them has signed.
 */
signedOnly?: boolean
/**
 * Packages on removable media that are mounted below this folder are taken by themselves; empty: none are.
 */
mediaFolder?: string
}
program?: {
width?: number
height?: number
fps?: number
}
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "SettingsVersion".
 */
export interface SettingsVersion {
version: number
time: string
actor: string
settings: Settings
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Difference".
 */
export interface Difference {
/**
 * JSON pointer.
 */
path: string
from?: unknown
to?: unknown
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Video".
 */
export interface Video {
codec: string
width: number
height: number
fps: number
}
/**
 * How a camera is moved. Without a user name that of the stream counts, and its password.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Onvif".
 */
export interface Onvif {
host: string
port: number
profile?: string
username?: string
}
/**
 * Where a camera looks: right and up are positive, zoom 0 is wide.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "PtzPosition".
 */
export interface PtzPosition {
pan: number
tilt: number
zoom: number
}
/**
 * How fast it moves, each from -1 to 1 of its full speed. Lasts 450 ms unless it is sent again.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "PtzVelocity".
 */
export interface PtzVelocity {
pan?: number
tilt?: number
zoom?: number
}
/**
 * One of `move`, `to` and `stop`.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "PtzRequest".
 */
export interface PtzRequest {
move?: PtzVelocity
to?: PtzPosition
stop?: true
/**
 * Also when viewers see it.
 */
override?: boolean
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "PtzState".
 */
export interface PtzState {
/**
 * Whether its ONVIF service answers.
 */
reachable: boolean
moving: boolean
currentPreset: (string | null)
/**
 * Of the current preset.
 */
presetName?: string
position?: PtzPosition
/**
 * Who moves it; ends 5 s after the last move.
 */
heldBy?: string
heldUntil?: string
/**
 * The preset it goes to when it answers again.
 */
pending?: string
error?: Fault
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Preset".
 */
export interface Preset {
/**
 * ULID.
 */
id: string
name: string
shotId: (string | null)
/**
 * null: the camera does not say where it looks.
 */
position: (PtzPosition | null)
/**
 * Whether the camera itself keeps it, too.
 */
onCamera: boolean
/**
 * Path of the picture when it was kept.
 */
thumbnail: (string | null)
/**
 * pending: the camera goes there when it answers again. repaired: the camera has forgotten it, and goes there by the position that was kept. lost: the camera has forgotten it, and cannot be told the position.
 */
state: ("ready" | "pending" | "repaired" | "lost")
/**
 * How long the last 100 verified arrivals took, ms.
 */
journeys: {
count: number
p50: (number | null)
p95: (number | null)
}
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "NewPreset".
 */
export interface NewPreset {
name: PresetName
shotId?: ShotId
}
/**
 * A merge patch (RFC 7396).
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "PresetPatch".
 */
export interface PresetPatch {
name?: PresetName
shotId?: (string | null)
/**
 * It is from now on where the camera looks now.
 */
here?: true
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "PresetOrder".
 */
export interface PresetOrder {
/**
 * Those left out come after, as they were.
 * 
 * @maxItems 5000
 */
ids: string[]
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "ExportedPreset".
 */
export interface ExportedPreset {
name: PresetName
shotId?: ShotId
position?: PtzPosition
/**
 * The camera's own; where no position is known.
 */
token?: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "PresetFile".
 */
export interface PresetFile {
/**
 * @maxItems 5000
 */
presets: ExportedPreset[]
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "GoToRequest".
 */
export interface GoToRequest {
/**
 * Also when viewers see it.
 */
override?: boolean
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Arrival".
 */
export interface Arrival {
/**
 * The camera stands, by all that is known of it: its word, its place and its picture.
 */
arrived: boolean
ms: number
/**
 * How it is known that it stands where it should: by its place (within 0.01), or, where it tells none, by its picture (likeness 0.8 or more).
 */
verified?: ("position" | "picture")
/**
 * Of its picture and the one that was kept with the preset, 1 is the same; where the camera tells no place.
 */
likeness?: number
/**
 * The camera does not answer; it goes there when it does.
 */
pending?: boolean
error?: Fault
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "CameraState".
 */
export interface CameraState {
status: ("connecting" | "online" | "degraded" | "frozen" | "offline")
lastFrameAt: (string | null)
currentPreset: (string | null)
moving: boolean
video: (Video | null)
/**
 * Of its sound in the last quarter of a second, dBFS, on air or not; absent while it has none.
 */
soundPeak?: number
/**
 * The effective mode; warming: on its way from standby to hot. Absent while it is off.
 */
mode?: ("hot" | "warming" | "standby")
/**
 * What decodes it: software, or the hardware's name.
 */
decoder?: string
ptz?: PtzState
error?: Fault
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Camera".
 */
export interface Camera {
/**
 * ULID.
 */
id: string
name: string
/**
 * Without credentials.
 */
url: string
username?: string
onvif?: Onvif
audio: ("off" | "on")
/**
 * Of its sound, dB.
 */
gain: number
onFrozen: ("flag" | "slate")
fit: CameraFit
mode: CameraMode
state: CameraState
}
/**
 * How a camera is moved. Without a port the usual ones are tried: 80, 8899, 8000, 8080, 2020. Without a user name that of the stream counts, and its password.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "NewOnvif".
 */
export interface NewOnvif {
host: string
port?: number
/**
 * Token or name of a media profile.
 */
profile?: string
username?: string
password?: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "NewCamera".
 */
export interface NewCamera {
name: string
url: CameraUrl
username?: string
password?: string
onvif?: NewOnvif
audio?: ("off" | "on")
/**
 * Of its sound, dB.
 */
gain?: number
onFrozen?: ("flag" | "slate")
fit?: CameraFit
mode?: CameraMode
}
/**
 * A camera's body, to be tried out.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "CameraTarget".
 */
export interface CameraTarget {
name?: string
url: CameraUrl
username?: string
password?: string
onvif?: NewOnvif
audio?: ("off" | "on")
/**
 * Of its sound, dB.
 */
gain?: number
onFrozen?: ("flag" | "slate")
fit?: CameraFit
mode?: CameraMode
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "DiscoverRequest".
 */
export interface DiscoverRequest {
/**
 * Addresses that are asked one by one besides, because multicast ends at routers and container bridges: `192.168.1.0/24`, `192.168.1.10-192.168.1.60`; 1024 at most.
 */
range?: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "DiscoveredCameras".
 */
export interface DiscoveredCameras {
devices: DiscoveredCamera[]
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "DiscoveredCamera".
 */
export interface DiscoveredCamera {
name: string
host: string
/**
 * Of its ONVIF service.
 */
port: number
/**
 * Address of its ONVIF service.
 */
xaddr: string
}
/**
 * Without a port the usual ones are tried: 80, 8899, 8000, 8080, 2020.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "DeviceLogin".
 */
export interface DeviceLogin {
host: string
port?: number
username?: string
password?: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "DeviceProfiles".
 */
export interface DeviceProfiles {
/**
 * Manufacturer and model, where the device says them.
 */
name: string
/**
 * Of its ONVIF service.
 */
port: number
/**
 * The largest picture first: main, then sub.
 */
profiles: MediaProfile[]
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "MediaProfile".
 */
export interface MediaProfile {
token: string
name: string
/**
 * As the device says it, such as H264.
 */
codec?: string
width?: number
height?: number
fps?: number
/**
 * Without credentials: the `url` of a camera.
 */
url?: string
/**
 * Whether the camera can be moved by it.
 */
ptz: boolean
}
/**
 * A merge patch (RFC 7396): what is left out stays, also secrets; null clears.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "CameraPatch".
 */
export interface CameraPatch {
name?: string
url?: CameraUrl
username?: (string | null)
password?: (string | null)
/**
 * null: it is not moved any more.
 */
onvif?: (null | {
host?: string
port?: number
profile?: (string | null)
username?: (string | null)
password?: (string | null)
})
audio?: ("off" | "on" | null)
/**
 * Of its sound, dB.
 */
gain?: (number | null)
onFrozen?: ("flag" | "slate" | null)
fit?: ("letterbox" | "crop" | null)
mode?: ("auto" | "hot" | "standby" | "off" | null)
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "TestStep".
 */
export interface TestStep {
step: ("reach" | "auth" | "stream" | "onvif")
ok: boolean
ms: number
code?: string
detail: string
hint: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "TestResult".
 */
export interface TestResult {
ok: boolean
steps: TestStep[]
video?: Video
/**
 * A first picture: a JPEG as a `data:` address.
 */
picture?: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "TransitionRequest".
 */
export interface TransitionRequest {
type: ("cut" | "fade" | "wipe" | "slide")
/**
 * ms, or an OCL duration such as "500ms", "1s". Default 500 ms.
 */
duration?: (number | string)
direction?: ("left" | "right" | "up" | "down" | "up-left" | "up-right" | "down-left" | "down-right")
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "TakeRequest".
 */
export interface TakeRequest {
/**
 * A camera by its id or name, `slate`, or what a wire makes a source: `bars`, `bars-silent`, a clip by its id or file name.
 */
source: string
/**
 * Of the camera, by its id, name or shot id. The camera goes there first, out of sight (see `swing`); the answer comes when its picture is taken, after 12 s at the latest.
 */
preset?: string
swing?: Swing
transition?: TransitionRequest
/**
 * Why, for the activity log and for who asks.
 */
reason?: string
/**
 * In the past means now.
 */
at?: string
}
export interface Cutaway {
cutaway: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "OverrideRequest".
 */
export interface OverrideRequest {
kind: OverrideKind
reason: string
/**
 * Left out: until it is deleted.
 */
until?: string
}
/**
 * Who has control: whoever ranks lower is refused meanwhile (409 CONTROL_HELD). schedule: a timeline runs in its course, and refuses nobody.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "ProgramControl".
 */
export interface ProgramControl {
rank: ("emergency" | "operator" | "studio" | "schedule")
by: string
/**
 * What gives it, in words.
 */
what: string
why?: string
since: string
/**
 * As far as it is known.
 */
until?: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Override".
 */
export interface Override {
kind: OverrideKind
reason: string
since: string
until?: string
actor: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Program".
 */
export interface Program {
id: string
/**
 * On air now: a camera id, `slate`, `bars`, or a clip.
 */
source: string
/**
 * What people call it: the camera's name, a clip's file, a slate's picture or title.
 */
sourceName: string
/**
 * Viewers see a picture of it that is held, for instance while the camera turns.
 */
still?: boolean
/**
 * What was taken; differs from `source` during a fallback.
 */
wanted: string
wantedName: string
/**
 * Id of the preset at which the camera on air verifiably stands.
 */
preset?: string
presetName?: string
/**
 * How the source in force came on air.
 */
transition?: {
type: string
/**
 * ms
 */
duration: number
direction?: string
}
overlays: {
id: string
scene: (string | null)
layers: number
}[]
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
 * The last take that changed the picture: ms from the request (or its `at`) to the first changed frame.
 */
taken?: {
take: string
latencyMs: number
}
override: (Override | null)
control: (ProgramControl | null)
/**
 * What its wires lead from besides cameras: clips, pictures, colour bars. Takes and cues name them by id or name.
 */
clips?: WiredClip[]
fallback: boolean
frames: {
produced: number
dropped: number
repeated: number
}
/**
 * When this was so.
 */
time: string
}
export interface WiredClip {
id: string
name: string
}
/**
 * A program's sound besides that of its sources: what was set here, else what the flow says.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "ProgramSound".
 */
export interface ProgramSound {
/**
 * Silence, whatever is on air.
 */
mute: boolean
bed: (SoundBed | null)
/**
 * LUFS at which the program is kept; null: as loud as it comes.
 */
loudness: (number | null)
}
/**
 * Sound that is repeated for ever under everything.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "SoundBed".
 */
export interface SoundBed {
/**
 * Id of an asset; or what the flow names: an asset, or a path.
 */
asset: string
/**
 * dB
 */
gain: number
mute: boolean
/**
 * By so much (dB) it is quieter while a source is heard.
 */
ducking: number
/**
 * False while it is being read, and when it cannot be.
 */
playing: boolean
error?: Fault
}
/**
 * A merge patch (RFC 7396): what is left out stays; null gives back to the flow what it says.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "SoundPatch".
 */
export interface SoundPatch {
mute?: (boolean | null)
bed?: ({
/**
 * An asset, by its id or name.
 */
asset?: (string | null)
gain?: (number | null)
mute?: (boolean | null)
ducking?: (number | null)
} | null)
/**
 * LUFS, such as -16; 0: as loud as it comes.
 */
loudness?: (number | null)
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "SoundAsset".
 */
export interface SoundAsset {
/**
 * ULID.
 */
id: string
name: string
mediaType: string
bytes: number
sha256: string
createdAt: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "AssetReadiness".
 */
export interface AssetReadiness {
/**
 * As in the document.
 */
id: string
/**
 * `missing`: it is fetched when its overlay is stored again or played. `failed`: it is tried again at `nextAt`, or may not be shown.
 */
status: ("missing" | "fetching" | "ready" | "failed")
percent?: number
error?: Fault
nextAt?: string
/**
 * Of its rights.
 */
tags?: string[]
/**
 * From this moment on it may not be shown.
 */
until?: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "AnnouncedAsset".
 */
export interface AnnouncedAsset {
id: string
version: number
status: ("missing" | "fetching" | "ready" | "failed")
percent?: number
error?: Fault
nextAt?: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "AssetManifest".
 */
export interface AssetManifest {
/**
 * @maxItems 5000
 */
manifest: {
id: string
url: string
sha256: string
mediaType: string
/**
 * An older version does not replace a newer one.
 */
version: number
}[]
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "AssetCache".
 */
export interface AssetCache {
quotaBytes: number
usedBytes: number
files: {
sha256: string
mediaType: string
bytes: number
addedAt: string
usedAt: string
/**
 * On air or announced: it is not evicted.
 */
pinned: boolean
uses: {
/**
 * Left out: the manifest announced it.
 */
overlay?: string
/**
 * Its id there.
 */
asset: string
/**
 * Of the document's timeline, or of the manifest's asset.
 */
version: (string | number)
playing: boolean
}[]
}[]
}
/**
 * An OCL 1.0 document. Checked by the OCL validator, which names every error by its path.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "OclDocument".
 */
export interface OclDocument {

}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "OclFinding".
 */
export interface OclFinding {
code: string
/**
 * JSON pointer.
 */
path: string
message: string
hint?: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "OclAccepted".
 */
export interface OclAccepted {
accepted: true
warnings: OclFinding[]
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "OverlaySummary".
 */
export interface OverlaySummary {
id: string
playing: (null | {
/**
 * When its t was 0.
 */
startedAt: string
scene: (string | null)
})
/**
 * How it goes on from a moment that was asked for, if it was.
 */
next?: {
at: string
/**
 * false: it is stopped then.
 */
playing: boolean
scene: (string | null)
}
updatedAt: string
/**
 * Of its timeline, ms.
 */
duration?: number
/**
 * Ids of its scenes, without the one that is only a fallback.
 */
scenes?: string[]
/**
 * The values that its words show, from outside the document; `default` stands there while there is none.
 */
tokens?: {
key: string
default?: string
}[]
warnings: OclFinding[]
/**
 * How far each asset of its document is.
 */
assets: AssetReadiness[]
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "PlayRequest".
 */
export interface PlayRequest {
scene?: string
/**
 * In the past means now, except with a position. What plays until then goes on.
 */
at?: string
/**
 * Its t (ms) at `at`, or now: it joins as if it had been started earlier. One that plays and is off by less than a frame stays as it is.
 */
position?: number
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "StopRequest".
 */
export interface StopRequest {
/**
 * In the past means now.
 */
at?: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "DataRequest".
 */
export interface DataRequest {
value: (string | number | boolean)
/**
 * ms; after that the value is stale. It is gone, except where a document's `data` says what is shown of a stale value.
 */
ttl?: number
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "DataValue".
 */
export interface DataValue {
key: string
value: string
/**
 * When it was pushed.
 */
time: string
expires: (string | null)
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Profile".
 */
export interface Profile {
width: number
height: number
fps: number
/**
 * kbit/s
 */
videoBitrate: number
/**
 * kbit/s
 */
audioBitrate: number
/**
 * s
 */
keyframeInterval: number
preset?: X264Preset
h264Profile?: H264Profile
level?: H264Level
}
/**
 * What is left out is 1920×1080 at the frame rate of the program, 4500 + 128 kbit/s, a keyframe every 2 s.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "ProfilePatch".
 */
export interface ProfilePatch {
width?: number
height?: number
fps?: number
/**
 * kbit/s
 */
videoBitrate?: number
/**
 * kbit/s
 */
audioBitrate?: number
/**
 * s
 */
keyframeInterval?: number
preset?: X264Preset
h264Profile?: H264Profile
level?: H264Level
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "ProfileWarning".
 */
export interface ProfileWarning {
code: string
/**
 * The member of the profile.
 */
field: string
message: string
hint: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "DestinationState".
 */
export interface DestinationState {
/**
 * `live`: bytes were accepted in the last 5 s.
 */
status: ("idle" | "connecting" | "live" | "reconnecting" | "failed")
since: string
/**
 * Measured, kbit/s.
 */
videoBitrate: number
queueSeconds: number
encoder?: EffectiveEncoder
/**
 * The preset to which its camera is brought; `connecting` means then that nothing goes out before it stands there.
 */
moving?: {
preset: string
name: string
}
error?: Fault
}
/**
 * What really encodes for it now.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "EffectiveEncoder".
 */
export interface EffectiveEncoder {
/**
 * `libx264` is software; the others are hardware.
 */
codec: string
/**
 * Of software.
 */
preset?: string
/**
 * What it aims at now, kbit/s; less than the profile's while `autoBitrate` has turned it down.
 */
videoBitrate?: number
/**
 * By how many destinations.
 */
shared: number
/**
 * The encoder that failed here, and why.
 */
insteadOf?: {
codec: string
reason: string
}
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Destination".
 */
export interface Destination {
/**
 * ULID.
 */
id: string
name: string
platform: Platform
url: string
profile: Profile
source?: FeedSource
autoBitrate: AutoBitrate
autoBitrateFloor?: AutoBitrateFloor
/**
 * Where the profile is not what the platform asks for. Nothing is refused for that.
 */
warnings: ProfileWarning[]
/**
 * Whether it is to run: what the last start or stop said. `state` tells how far that goes: it is `idle` with an error while an override or a missing wire keeps it.
 */
started: boolean
state: DestinationState
}
/**
 * A camera's own feed instead of the program: its picture with the program's fallbacks, without overlays.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "FeedSource".
 */
export interface FeedSource {
camera: string
/**
 * Id of a preset of the camera: it is brought there at the start, and nothing goes out before it verifiably stands there.
 */
preset?: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "FeedSourcePatch".
 */
export interface FeedSourcePatch {
camera: string
/**
 * null: wherever it looks.
 */
preset?: (string | null)
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "StartRequest".
 */
export interface StartRequest {
/**
 * Its camera may be moved to its preset also when viewers see it.
 */
override?: boolean
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "NewDestination".
 */
export interface NewDestination {
name: string
platform: Platform
url?: DestinationUrl
/**
 * Appended to the url as the stream name.
 */
streamKey?: string
profile?: ProfilePatch
source?: FeedSource
autoBitrate?: AutoBitrate
autoBitrateFloor?: AutoBitrateFloor
}
/**
 * A destination's body, to be tried out.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "DestinationTarget".
 */
export interface DestinationTarget {
name?: string
platform: Platform
url?: DestinationUrl
streamKey?: string
profile?: ProfilePatch
autoBitrate?: boolean
}
/**
 * It ends at the first step that fails.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "DestinationTest".
 */
export interface DestinationTest {
ok: boolean
steps: DestinationTestStep[]
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "DestinationTestStep".
 */
export interface DestinationTestStep {
step: ("proxy" | "dns" | "tcp" | "tls" | "handshake" | "connect" | "key" | "uplink" | "folder")
ok: boolean
ms: number
code?: string
detail: string
hint: string
}
/**
 * A merge patch (RFC 7396): what is left out stays, also the key; null clears.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "DestinationPatch".
 */
export interface DestinationPatch {
name?: string
platform?: Platform
url?: (DestinationUrl | null)
streamKey?: (string | null)
profile?: (ProfilePatch | null)
source?: (FeedSourcePatch | null)
autoBitrate?: AutoBitrate
autoBitrateFloor?: (AutoBitrateFloor | null)
}
/**
 * What a timeline does at its `start`. A picture: `camera` (with or without `preset`), `clip`, or `preset` alone, by its id or shot id. An overlay plays for as long as the cue lasts, and begins with its picture.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Cue".
 */
export interface Cue {
/**
 * Unique in its timeline; made by the appliance where left out.
 */
id?: string
/**
 * ms from the beginning of the timeline.
 */
start: number
/**
 * ms
 */
duration: number
/**
 * Its id or name; or `slate`.
 */
camera?: string
/**
 * A clip or colour bars that are wired to the program, by id or file name.
 */
clip?: string
/**
 * Of the camera, by its id, name or shot id.
 */
preset?: string
overlay?: (OverlayId | OverlayScene)
ads?: AdBreak
transition?: TransitionRequest
swing?: Swing
audio?: SoundPatch
}
export interface OverlayScene {
id: OverlayId
scene: string
}
/**
 * A break: it is filled with spots of campaigns when its time comes, as many as fit.
 */
export interface AdBreak {
/**
 * How long each is (ms).
 */
spot?: number
}
/**
 * What became of one cue. Kept for 35 days.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "CueLogRow".
 */
export interface CueLogRow {
/**
 * Higher is newer.
 */
n: number
cue: string
planned: string
/**
 * Its first frame, as the engine tells it; of a cue without a picture, when it was begun.
 */
actual?: string
/**
 * From `planned` to `actual`.
 */
latencyMs?: number
/**
 * missed: it began while the appliance did not run. dropped: the flow let it go.
 */
outcome: ("done" | "failed" | "missed" | "dropped")
/**
 * Who took it up: the flow, or the appliance by itself.
 */
by: ("flow" | "control")
program?: string
camera?: string
preset?: string
overlay?: string
scene?: string
/**
 * How long the camera turned.
 */
journeyMs?: number
code?: string
why?: string
}
/**
 * Of the cues that were planned in that time.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "CueLogSummary".
 */
export interface CueLogSummary {
cues: number
done: number
failed: number
missed: number
dropped: number
/**
 * Carried out by the appliance itself.
 */
byControl: number
/**
 * From the planned to the first frame.
 */
latencyMs?: {
p50: number
p99: number
max: number
}
}
/**
 * Either a camera or a clip.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "FillerItem".
 */
export interface FillerItem {
/**
 * Its id or name; or `slate`.
 */
camera?: string
/**
 * As a cue's.
 */
clip?: string
/**
 * ms
 */
duration: number
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "NewTimeline".
 */
export interface NewTimeline {
name: TimelineName
loop?: boolean
gap?: TimelineGap
filler?: Filler
timing?: TimelineTiming
/**
 * A tour: its cameras turn from preset to preset and nothing is put on air. It needs no wire, and takes a camera from nobody.
 */
offAir?: boolean
cues: Cues
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "TimelinePatch".
 */
export interface TimelinePatch {
name?: TimelineName
loop?: boolean
gap?: TimelineGap
filler?: Filler
timing?: TimelineTiming
offAir?: boolean
cues?: Cues
/**
 * The one from which the change was made: 409 TIMELINE_CHANGED where there is another by now. Left out: whatever is there is changed.
 */
revision?: number
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Timeline".
 */
export interface Timeline {
/**
 * ULID.
 */
id: string
name: TimelineName
loop: boolean
gap: TimelineGap
filler?: Filler
timing: TimelineTiming
offAir: boolean
cues: Cues
/**
 * ms to the end of its last cue.
 */
duration: number
/**
 * What keeps it from being started: cameras, presets, shots, overlays that are not there.
 */
problems: CueProblem[]
state: TimelineState
/**
 * From 1 on; each change counts.
 */
revision: number
changedAt?: string
changedBy?: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "CueProblem".
 */
export interface CueProblem {
cue: string
code: string
detail: string
}
/**
 * waiting: it was started for later.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "TimelineState".
 */
export interface TimelineState {
status: ("idle" | "waiting" | "running")
program?: string
startedAt?: string
startedBy?: string
/**
 * When its position was 0, in the present arithmetic: now minus this is the position (of all rounds of a loop). Journeys of timing `arrival`, jumps, holds and extensions move it. Absent while it is `held`: its position stands still there.
 */
zeroAt?: string
/**
 * Of a loop, from 0.
 */
round?: number
/**
 * The cue whose picture is on air, or about to be.
 */
cue?: {
id: string
/**
 * Its camera is still turning.
 */
moving: boolean
/**
 * Its first frame.
 */
since?: string
until?: string
}
/**
 * Its position stands still, by somebody's word.
 */
held?: {
since: string
by: string
/**
 * Where it stands (ms, of all rounds of a loop).
 */
position: number
why?: string
/**
 * Left out: until it is released.
 */
until?: string
}
readiness?: Readiness
next?: {
id: string
at: string
}
}
/**
 * Of a timeline that starts within `readinessMs` (settings), or has just started. It starts all the same.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Readiness".
 */
export interface Readiness {
/**
 * Its start.
 */
at: string
/**
 * There is no reason of severity error.
 */
ready: boolean
reasons: ReadinessReason[]
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "ReadinessReason".
 */
export interface ReadinessReason {
/**
 * error: viewers would miss something.
 */
severity: ("error" | "warning")
code: string
cue?: string
/**
 * JSON pointer into the timeline; empty: all of it.
 */
path: string
detail: string
hint: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "MomentRequest".
 */
export interface MomentRequest {
/**
 * A camera by its id or name, or `slate`; it looks as it does now. Left out: black.
 */
source?: string
/**
 * Of the camera, by its id, name or shot id: it looks as it did when that was kept.
 */
preset?: string
/**
 * From the lowest to the highest.
 * 
 * @maxItems 20
 */
overlays?: []|[MomentOverlay]|[MomentOverlay, MomentOverlay]|[MomentOverlay, MomentOverlay, MomentOverlay]|[MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay]|[MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay]|[MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay]|[MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay]|[MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay]|[MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay]|[MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay]|[MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay]|[MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay]|[MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay]|[MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay]|[MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay]|[MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay]|[MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay]|[MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay]|[MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay]|[MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay, MomentOverlay]
/**
 * Pixels; never wider than the program.
 */
width?: number
}
export interface MomentOverlay {
id: OverlayId
scene?: string
/**
 * ms since it began.
 */
at: number
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "TimelineStart".
 */
export interface TimelineStart {
/**
 * In the past means now.
 */
at?: string
/**
 * Where it begins (ms).
 */
position?: number
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "TimelineWhy".
 */
export interface TimelineWhy {
/**
 * Why, for the activity log and for who asks.
 */
reason?: string
}
/**
 * Either a cue or a position.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "TimelineJump".
 */
export interface TimelineJump {
/**
 * ms, of the present round.
 */
position?: number
/**
 * To its beginning.
 */
cue?: string
/**
 * Why, for the activity log and for who asks.
 */
reason?: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "TimelineExtension".
 */
export interface TimelineExtension {
ms: number
/**
 * Why, for the activity log and for who asks.
 */
reason?: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "TimelineHold".
 */
export interface TimelineHold {
/**
 * Left out: until it is released.
 */
until?: string
/**
 * Why, for the activity log and for who asks.
 */
reason?: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "SegmentPlay".
 */
export interface SegmentPlay {
/**
 * In the past means now.
 */
at?: string
}
/**
 * Something to know of a segment that was taken: a login that was stripped, a part that was left out.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "SegmentNote".
 */
export interface SegmentNote {
/**
 * In the package.
 */
file: string
/**
 * JSON pointer in the file.
 */
path: string
code: ("CREDENTIALS" | "LEFT_OUT" | "OLD_FORMAT" | "OCL")
message: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Segment".
 */
export interface Segment {
/**
 * As its author gave it; the same in all versions.
 */
id: string
version: (string | number)
name: string
/**
 * ms
 */
duration: number
/**
 * Of the package.
 */
sha256: string
/**
 * Of the package.
 */
bytes: number
source: ("upload" | "media")
/**
 * By a key that is trusted here.
 */
signed: boolean
addedAt: string
addedBy: string
/**
 * Id of its timeline here; its `problems` say what keeps it from being started.
 */
timeline: string
cues: number
/**
 * Ids of its overlays here.
 */
overlays: string[]
/**
 * How many files of overlays came with it.
 */
files: number
notes: SegmentNote[]
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "PreviewStart".
 */
export interface PreviewStart {
/**
 * ms from its beginning.
 */
position?: number
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Preview".
 */
export interface Preview {
/**
 * Id of the timeline that is previewed; null: none.
 */
timeline: (string | null)
name?: string
/**
 * When its position was, or is, 0.
 */
zeroAt?: string
/**
 * It ends by itself; a loop after ten minutes.
 */
until?: string
/**
 * Where its picture is, as that of programs: HTTP-FLV.
 */
url?: string
/**
 * Views that it has on air. A preview turns no camera: each is shown as it stands.
 */
shots?: PreviewShot[]
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "PreviewShot".
 */
export interface PreviewShot {
cue: string
/**
 * Its name.
 */
camera: string
/**
 * To which it turns on air, by name.
 */
preset: string
/**
 * It stands there now: what is previewed is that view.
 */
stands: boolean
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "SegmentQueueEntry".
 */
export interface SegmentQueueEntry {
id: string
/**
 * Its id.
 */
segment: string
name: string
/**
 * ms; where it cannot be shown, for how long the slate stands in.
 */
duration: number
addedAt: string
addedBy: string
/**
 * Its first frame, as far as that is known.
 */
at?: string
until?: string
/**
 * Why the slate stands in for it.
 */
problem?: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "SegmentQueue".
 */
export interface SegmentQueue {
/**
 * Nothing begins by itself.
 */
held: boolean
playing: (SegmentQueueEntry | null)
/**
 * What waits, in its order.
 */
entries: SegmentQueueEntry[]
/**
 * What ruled the program before, and does so again after the last: a timeline or a source, by name. null: nothing of the queue is on air.
 */
after: (string | null)
error?: Fault
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "SegmentQueueOrder".
 */
export interface SegmentQueueOrder {
/**
 * Ids of entries that wait; others keep their order behind them.
 * 
 * @maxItems 100
 */
entries: string[]
}
/**
 * From the first to the last date, YYYY-MM-DD.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "DateRange".
 */
export interface DateRange {
from: string
to: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "NewSchedule".
 */
export interface NewSchedule {
/**
 * Id of a timeline, which may be a tour.
 */
timeline: string
/**
 * On which days it begins: 0 is Sunday.
 * 
 * @minItems 1
 * @maxItems 7
 */
days: [number]|[number, number]|[number, number, number]|[number, number, number, number]|[number, number, number, number, number]|[number, number, number, number, number, number]|[number, number, number, number, number, number, number]
from: ScheduleTime
to: ScheduleTime
dates?: DateRange
/**
 * Dates on which it does not begin.
 * 
 * @maxItems 500
 */
blackouts?: DateRange[]
timezone?: Timezone
priority?: SchedulePriority
enabled?: boolean
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "SchedulePatch".
 */
export interface SchedulePatch {
/**
 * Id of a timeline, which may be a tour.
 */
timeline?: string
/**
 * On which days it begins: 0 is Sunday.
 * 
 * @minItems 1
 * @maxItems 7
 */
days?: [number]|[number, number]|[number, number, number]|[number, number, number, number]|[number, number, number, number, number]|[number, number, number, number, number, number]|[number, number, number, number, number, number, number]
from?: ScheduleTime
to?: ScheduleTime
dates?: (DateRange | null)
blackouts?: (DateRange[] | null)
timezone?: (Timezone | null)
priority?: SchedulePriority
enabled?: boolean
}
/**
 * One time that a schedule runs.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "CalendarWindow".
 */
export interface CalendarWindow {
schedule: string
timeline: string
/**
 * Of the timeline.
 */
name: string
/**
 * null: a tour, or a timeline from which no wire leads to a program.
 */
program: (string | null)
priority: SchedulePriority
from: string
to: string
/**
 * Its timeline is on air for the whole of it.
 */
winner: boolean
/**
 * The window, cut where overlaps begin and end: whose timeline is on air in each part.
 */
parts: CalendarPart[]
}
export interface CalendarPart {
from: string
to: string
/**
 * The winner.
 */
schedule: string
/**
 * Of its timeline.
 */
name: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Schedule".
 */
export interface Schedule {
/**
 * ULID.
 */
id: string
/**
 * Id of a timeline, which may be a tour.
 */
timeline: string
/**
 * On which days it begins: 0 is Sunday.
 * 
 * @minItems 1
 * @maxItems 7
 */
days: [number]|[number, number]|[number, number, number]|[number, number, number, number]|[number, number, number, number, number]|[number, number, number, number, number, number]|[number, number, number, number, number, number, number]
from: ScheduleTime
to: ScheduleTime
dates?: DateRange
/**
 * Dates on which it does not begin.
 * 
 * @maxItems 500
 */
blackouts?: DateRange[]
timezone?: Timezone
priority: SchedulePriority
enabled: boolean
/**
 * Its hours are now.
 */
open: boolean
/**
 * The hours that are now, or the next ones; null where it is off, or none come within a year.
 */
next: (ScheduleWindow | null)
}
export interface ScheduleWindow {
from: string
to: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "DryRunRequest".
 */
export interface DryRunRequest {
/**
 * Left out: now.
 */
from?: string
hours?: number
}
/**
 * Something that would go wrong, or that somebody ought to know.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "DryRunFinding".
 */
export interface DryRunFinding {
/**
 * error: viewers miss something. warning: they see something other than planned. info: nobody has to do anything.
 */
severity: ("error" | "warning" | "info")
code: string
timeline: string
/**
 * Of the timeline.
 */
name: string
cue?: string
/**
 * JSON pointer into the timeline; empty: all of it.
 */
path: string
detail: string
hint: string
/**
 * The first time.
 */
at: string
/**
 * Until when, that time.
 */
to: string
/**
 * How often in this span.
 */
count: number
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "DryRun".
 */
export interface DryRun {
from: string
to: string
/**
 * How long the dry run took.
 */
ms: number
/**
 * There is no finding of severity error.
 */
ok: boolean
/**
 * Each thing once; errors first, then by time.
 */
findings: DryRunFinding[]
/**
 * How many others were left out: 100 of each code are told.
 */
more: number
}
/**
 * A cue that was to be shown, and was not.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "MakeGood".
 */
export interface MakeGood {
id: number
/**
 * When it was to begin.
 */
at: string
timeline: string
/**
 * Of the timeline.
 */
name: string
/**
 * null: of a tour.
 */
program: (string | null)
cue: string
overlay: (string | null)
/**
 * ms
 */
duration: number
why: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Recording".
 */
export interface Recording {
/**
 * ULID.
 */
id: string
name: string
program: string
startedAt: string
/**
 * null while it runs.
 */
endedAt: (string | null)
bytes: number
/**
 * Files on the disk.
 */
pieces: number
state: RecordingStatus
upload?: RecordingUpload
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "RecordingStatus".
 */
export interface RecordingStatus {
/**
 * waiting: it goes on by itself once the cause in `error` has gone.
 */
status: ("starting" | "recording" | "waiting" | "done")
error?: Fault
}
/**
 * Missing while it is recorded, and where nothing is set up.
 * 
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "RecordingUpload".
 */
export interface RecordingUpload {
/**
 * failed: it is tried again by itself, as waiting, at `nextAt`.
 */
status: ("waiting" | "uploading" | "uploaded" | "failed")
/**
 * Pieces that the other side has acknowledged.
 */
sent: number
of: number
/**
 * When it goes on, where that is known.
 */
nextAt?: string
error?: Fault
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "RecordingStart".
 */
export interface RecordingStart {
program?: string
name?: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "RecordingStop".
 */
export interface RecordingStop {
program?: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "CampaignCreative".
 */
export interface CampaignCreative {
overlay: OverlayId
scene?: string
weight?: number
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Daypart".
 */
export interface Daypart {
/**
 * On which days it begins: 0 is Sunday.
 * 
 * @minItems 1
 * @maxItems 7
 */
days: [number]|[number, number]|[number, number, number]|[number, number, number, number]|[number, number, number, number, number]|[number, number, number, number, number, number]|[number, number, number, number, number, number, number]
from: ScheduleTime
to: ScheduleTime
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "NewCampaign".
 */
export interface NewCampaign {
name: string
/**
 * As it stands in the report.
 */
advertiser: string
/**
 * So many a day.
 */
spots: number
/**
 * Shown in turn, by their weights.
 * 
 * @minItems 1
 * @maxItems 100
 */
creatives: [CampaignCreative, ...(CampaignCreative)[]]
/**
 * When it may be shown; left out: always.
 * 
 * @minItems 1
 * @maxItems 50
 */
dayparts?: [Daypart, ...(Daypart)[]]
/**
 * At most so many in an hour of the clock.
 */
perHour?: number
/**
 * At most so many in a break; left out: one.
 */
perBreak?: number
/**
 * Where not all fit, the higher one comes first; left out: 0.
 */
priority?: number
/**
 * Its first date.
 */
from?: string
/**
 * Its last date.
 */
to?: string
enabled?: boolean
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "CampaignPatch".
 */
export interface CampaignPatch {
name?: string
/**
 * As it stands in the report.
 */
advertiser?: string
/**
 * So many a day.
 */
spots?: number
/**
 * Shown in turn, by their weights.
 * 
 * @minItems 1
 * @maxItems 100
 */
creatives?: [CampaignCreative, ...(CampaignCreative)[]]
/**
 * null: always.
 * 
 * @minItems 1
 * @maxItems 50
 */
dayparts?: ([Daypart, ...(Daypart)[]] | null)
/**
 * At most so many in an hour of the clock.
 */
perHour?: (number | null)
/**
 * At most so many in a break; left out: one.
 */
perBreak?: (number | null)
/**
 * Where not all fit, the higher one comes first; left out: 0.
 */
priority?: (number | null)
/**
 * Its first date.
 */
from?: (string | null)
/**
 * Its last date.
 */
to?: (string | null)
enabled?: boolean
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Campaign".
 */
export interface Campaign {
/**
 * ULID.
 */
id: string
name: string
/**
 * As it stands in the report.
 */
advertiser: string
/**
 * So many a day.
 */
spots: number
/**
 * Shown in turn, by their weights.
 * 
 * @minItems 1
 * @maxItems 100
 */
creatives: [CampaignCreative, ...(CampaignCreative)[]]
/**
 * When it may be shown; left out: always.
 * 
 * @minItems 1
 * @maxItems 50
 */
dayparts?: [Daypart, ...(Daypart)[]]
/**
 * At most so many in an hour of the clock.
 */
perHour?: number
/**
 * At most so many in a break; left out: one.
 */
perBreak?: number
/**
 * Where not all fit, the higher one comes first; left out: 0.
 */
priority?: number
/**
 * Its first date.
 */
from?: string
/**
 * Its last date.
 */
to?: string
enabled: boolean
/**
 * It is shown today.
 */
active: boolean
today: CampaignToday
}
/**
 * Counted by what was on air.
 */
export interface CampaignToday {
booked: number
/**
 * What was missed in the days before and belongs to today.
 */
owed: number
aired: number
missed: number
/**
 * Still to come.
 */
ahead: number
/**
 * What cannot be had: no break in its dayparts, its own caps, or all places are taken.
 */
short: (CampaignShortfall | null)
}
export interface CampaignShortfall {
count: number
why: ("dayparts" | "caps" | "full")
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "SpotMakeGood".
 */
export interface SpotMakeGood {
/**
 * Break and place of the spot that was missed.
 */
id: string
campaign: string
name: string
advertiser: string
creative: string
at: string
why: string
madeGoodAt: (string | null)
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "ProofRow".
 */
export interface ProofRow {
/**
 * The number of its row.
 */
id: number
/**
 * An element of an overlay, or the picture beneath.
 */
kind: ("overlay" | "picture")
program: string
overlay: (string | null)
cue: (string | null)
/**
 * Of a picture.
 */
source: (string | null)
/**
 * Of the source, or the timeline's id of the overlay; as it was then.
 */
name: (string | null)
/**
 * Of the overlay, as it was then.
 */
version: (string | null)
asset: (string | null)
/**
 * Of the content that was shown.
 */
sha256: (string | null)
/**
 * Of the asset's rights, as they were then.
 */
tags: string[]
/**
 * What stands behind `advertiser:` in the tags.
 */
advertisers: string[]
/**
 * Its first frame.
 */
from: string
/**
 * Its last frame, or the last that was told.
 */
to: string
frames: number
/**
 * It has left the air.
 */
ended: boolean
/**
 * What it looked like: sha256 of a small JPEG of the program, at `/proof-of-play/pictures/{sha256}` while there is room for it. Taken at the first frame, or when its transition is over.
 */
picture?: string
/**
 * An earlier release counted it, which kept nothing of destinations, overrides and timelines.
 */
inherited?: boolean
/**
 * Those of the program that were live meanwhile, and when.
 */
destinations: {
id: string
name: string
platform: string
from: string
to: (string | null)
}[]
overrides: {
kind: string
reason: string
actor: string
from: string
to: (string | null)
}[]
timelines: {
id: string
name: string
from: string
to: (string | null)
}[]
/**
 * The package that the overlay came with.
 */
segment: ({
id: string
version: string
} | null)
/**
 * Covers this row and all before it.
 */
hash: string
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "AdvertiserReport".
 */
export interface AdvertiserReport {
advertiser: string
/**
 * Spots of timelines; `aired`, `unseen` and `missed` are their sum.
 */
planned: number
aired: number
/**
 * On air while no destination was live.
 */
unseen: number
missed: number
/**
 * Shown by hand or by a flow.
 */
unplanned: number
airedMs: number
spots: SpotReport[]
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "SpotReport".
 */
export interface SpotReport {
/**
 * When it was planned; of an unplanned one, its first frame.
 */
at: string
program: string
/**
 * Its name then; null: it was not planned.
 */
timeline: (string | null)
/**
 * Its name then, of a spot in a break.
 */
campaign: (string | null)
/**
 * The spot that was missed, and in whose stead this one is.
 */
makesGood: (string | null)
cue: string
overlay: string
asset: string
sha256: string
plannedMs: number
/**
 * From the frames that were counted.
 */
airedMs: number
frames: number
outcome: ("aired" | "unseen" | "missed")
/**
 * Why it was not seen.
 */
why: (string | null)
destinations: string[]
/**
 * The ids of its rows.
 */
proof: number[]
/**
 * Of its rows: `/proof-of-play/pictures/{sha256}`.
 */
pictures: string[]
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "ProofVerdict".
 */
export interface ProofVerdict {
ok: boolean
rows: number
first: (number | null)
last: (number | null)
/**
 * Of the last row: who keeps it elsewhere can prove later that nothing before it was changed.
 */
hash: (string | null)
/**
 * The first hundred.
 */
faults: {
/**
 * The row, or the first of those that are gone.
 */
n: number
/**
 * The last of those that are gone.
 */
to?: number
what: ("changed" | "removed" | "inserted" | "unsealed")
detail: string
}[]
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Event".
 */
export interface Event {
/**
 * ULID.
 */
id: string
time: string
type: string
severity: ("info" | "warning" | "error")
actor?: string
message: string
data: {

}
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "ChildState".
 */
export interface ChildState {
cause: string
child: string
kind: string
generation: number
pid?: number
wanted: {
command: string
why: string
}
happened: string
decided: {
action: ("run" | "retry" | "restart" | "stop")
inMs?: number
}
failures: number
}
/**
 * This interface was referenced by `Api`'s JSON-Schema
 * via the `definition` "Health".
 */
export interface Health {
status: ("ok" | "degraded")
build: string
startedAt: string
engine: {
connected: boolean
pid?: number
startedAt?: string
encoders?: {

}[]
/**
 * Which hardware coders passed their trial.
 */
hardware?: {

}
/**
 * How fast software codes here, in megapixels per processor second.
 */
speed?: {

}
}
flowHost: {
status: ("starting" | "running" | "safe-mode" | "down")
restarts: number
}
/**
 * Every child process, with the cause of its present state; the events child.* tell its history.
 */
children: ChildState[]
system: {
cpus: number
load: number[]
memory: {
total: number
free: number
}
uptime: number
}
}
