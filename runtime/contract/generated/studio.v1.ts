// Generated from ../schemas/studio.v1.json by `npm run generate`. Do not edit.

/**
 * UTC, RFC 3339. One in the past means now.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "Moment".
 */
export type Moment = string
/**
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "Name".
 */
export type Name = string
/**
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "Sha256".
 */
export type Sha256 = string
/**
 * What Studio asks of an appliance.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "Command".
 */
export type Command = (TimelinePublish | TimelineStart | TimelineStop | PresetMove | OverlayApply | OverlayScene | OverlayStop | AssetsSync | SegmentPublish | SegmentPlay | ProgramTake | StreamStart | StreamStop | HealthRequest | ConfigGet | ConfigPatch | CredentialsRotate | CredentialsRevoke | Heartbeat)
/**
 * received or rejected comes within 3 s; exactly one of done, failed, rejected, expired is the last.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "AckStatus".
 */
export type AckStatus = ("received" | "ready" | "running" | "done" | "failed" | "rejected" | "expired")
/**
 * What an appliance tells Studio.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "Told".
 */
export type Told = (Ack | ToldEvent | Proof | Capabilities | Telemetry | Summary | Status)

/**
 * The channel between Studio and an appliance, version 1.0: MQTT over TLS, topics vistter/v1/{tenant}/{appliance}/command, ack, event, telemetry, status.
 */
export interface StudioChannel {

}
/**
 * What every message has, in both directions: a CloudEvents 1.0 JSON object. Further attributes are extensions and are left alone.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "Envelope".
 */
export interface Envelope {
specversion: "1.0"
/**
 * Unique for ever; a ULID is best. A command with an id that was seen is not run again.
 */
id: string
/**
 * Who says it: a URI reference.
 */
source: string
type: string
/**
 * When it was said, by the clock of whoever says it.
 */
time: string
datacontenttype?: "application/json"
/**
 * Of this contract, MAJOR.MINOR. Fields that a later minor version adds are left out by an appliance that does not know them.
 */
schemaversion: string
/**
 * A command that was not begun by then ends as `expired`. Left out: 60 s after `time`.
 */
expiresat?: string
/**
 * Of acks, events and proof of an appliance: counts without a gap, 16 digits.
 */
sequence?: string
data: {
[k: string]: unknown
}
[k: string]: unknown
}
/**
 * Keeps a timeline, or replaces the one with this id. It does not start it.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "TimelinePublish".
 */
export interface TimelinePublish {
type: "vistter.command.timeline.publish"
data: {
/**
 * As POST /timelines takes it, with its id.
 */
timeline: {
id: Name
name: Name
/**
 * @maxItems 5000
 */
cues: {
[k: string]: unknown
}[]
[k: string]: unknown
}
/**
 * @maxItems 5000
 */
assets?: ManifestAsset[]
}
[k: string]: unknown
}
/**
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "ManifestAsset".
 */
export interface ManifestAsset {
id: Name
url: string
sha256: Sha256
mediaType: Name
version?: (string | number)
}
/**
 * Starts a timeline.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "TimelineStart".
 */
export interface TimelineStart {
type: "vistter.command.timeline.start"
data: {
timeline: Name
at?: Moment
/**
 * ms from its beginning.
 */
position?: number
}
[k: string]: unknown
}
/**
 * Stops a timeline.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "TimelineStop".
 */
export interface TimelineStop {
type: "vistter.command.timeline.stop"
data: {
timeline: Name
}
[k: string]: unknown
}
/**
 * Turns a camera to a preset: `camera` and `preset`, or `shot`.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "PresetMove".
 */
export interface PresetMove {
type: "vistter.command.preset.move"
data: ({
[k: string]: unknown
} & {
camera?: Name
/**
 * A shot is one preset of one camera, under Studio's own name.
 */
shot?: string
preset?: Name
at?: Moment
})
[k: string]: unknown
}
/**
 * Keeps an overlay and plays it.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "OverlayApply".
 */
export interface OverlayApply {
type: "vistter.command.overlay.apply"
data: {
id: Name
/**
 * An OCL document.
 */
ocl: {
[k: string]: unknown
}
}
[k: string]: unknown
}
/**
 * Plays a scene of an overlay.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "OverlayScene".
 */
export interface OverlayScene {
type: "vistter.command.overlay.scene"
data: {
id: Name
scene: Name
at?: Moment
}
[k: string]: unknown
}
/**
 * Takes an overlay off the air.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "OverlayStop".
 */
export interface OverlayStop {
type: "vistter.command.overlay.stop"
data: {
id: Name
}
[k: string]: unknown
}
/**
 * Announces files, so that they are there before they are needed.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "AssetsSync".
 */
export interface AssetsSync {
type: "vistter.command.assets.sync"
data: {
/**
 * @maxItems 5000
 */
manifest: ManifestAsset[]
}
[k: string]: unknown
}
/**
 * Fetches a segment package and keeps it.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "SegmentPublish".
 */
export interface SegmentPublish {
type: "vistter.command.segment.publish"
data: {
url: string
sha256: Sha256
}
[k: string]: unknown
}
/**
 * Plays a segment.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "SegmentPlay".
 */
export interface SegmentPlay {
type: "vistter.command.segment.play"
data: {
segment: Name
at?: Moment
}
[k: string]: unknown
}
/**
 * Puts a source on air.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "ProgramTake".
 */
export interface ProgramTake {
type: "vistter.command.program.take"
data: {
/**
 * A camera's id, or `slate`.
 */
source: string
preset?: Name
transition?: TakeTransition
at?: Moment
}
[k: string]: unknown
}
/**
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "TakeTransition".
 */
export interface TakeTransition {
type: ("cut" | "fade" | "wipe" | "slide")
/**
 * In any form of OCL.
 */
duration?: (string | number)
direction?: ("left" | "right" | "up" | "down")
}
/**
 * Starts a destination.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "StreamStart".
 */
export interface StreamStart {
type: "vistter.command.stream.start"
data: {
destination: Name
}
[k: string]: unknown
}
/**
 * Stops a destination.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "StreamStop".
 */
export interface StreamStop {
type: "vistter.command.stream.stop"
data: {
destination: Name
}
[k: string]: unknown
}
/**
 * Asks for a summary now.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "HealthRequest".
 */
export interface HealthRequest {
type: "vistter.command.health.request"
data: {

}
[k: string]: unknown
}
/**
 * Asks for the configuration and its version; secrets are never in it.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "ConfigGet".
 */
export interface ConfigGet {
type: "vistter.command.config.get"
data: {

}
[k: string]: unknown
}
/**
 * Changes the configuration, or goes back to a version of it.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "ConfigPatch".
 */
export interface ConfigPatch {
type: "vistter.command.config.patch"
data: ({
[k: string]: unknown
} & {
/**
 * JSON Patch (RFC 6902).
 * 
 * @minItems 1
 * @maxItems 500
 */
patch?: [PatchStep, ...(PatchStep)[]]
/**
 * Refused when the configuration is no longer this version.
 */
base?: number
/**
 * Instead of a patch: the version to go back to.
 */
rollback?: number
})
[k: string]: unknown
}
/**
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "PatchStep".
 */
export interface PatchStep {
op: ("add" | "remove" | "replace" | "move" | "copy" | "test")
path: string
from?: string
value?: unknown
}
/**
 * Makes a new key and asks for a new certificate.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "CredentialsRotate".
 */
export interface CredentialsRotate {
type: "vistter.command.credentials.rotate"
data: {

}
[k: string]: unknown
}
/**
 * Ends the pairing: closes the channel and erases the key. The show goes on.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "CredentialsRevoke".
 */
export interface CredentialsRevoke {
type: "vistter.command.credentials.revoke"
data: {

}
[k: string]: unknown
}
/**
 * Tells Studio's time. It is not kept: the next one replaces it.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "Heartbeat".
 */
export interface Heartbeat {
type: "vistter.command.heartbeat"
data: {
timeline?: Name
position?: number
/**
 * Studio's clock when this was sent.
 */
studioTime: string
/**
 * When, by Studio's clock, the ack `received` of an earlier heartbeat came in: so the way there and back is known, and the clocks agree also over a slow line.
 */
heard?: {
command: string
at: string
}
}
[k: string]: unknown
}
/**
 * How far a command is.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "Ack".
 */
export interface Ack {
type: "vistter.ack"
data: {
/**
 * The id of the command.
 */
command: string
status: AckStatus
code?: string
/**
 * One sentence: what happened.
 */
message?: string
/**
 * What to do next.
 */
hint?: string
/**
 * JSON pointer into the command.
 */
path?: string
/**
 * Everything that was wrong, where it is more than one thing.
 */
problems?: {
path: string
message: string
}[]
/**
 * With COMMAND_UNSUPPORTED and COMMAND_VERSION: what would have been understood.
 */
supported?: string[]
/**
 * When, by the clock of Studio as the appliance knows it.
 */
at: string
/**
 * Measured, in ms unless the name says otherwise.
 */
metrics?: {
[k: string]: number
}
/**
 * What was asked for, such as the configuration.
 */
result?: {
[k: string]: unknown
}
}
[k: string]: unknown
}
/**
 * Something that happened, of the activity log.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "ToldEvent".
 */
export interface ToldEvent {
type: string
data: {
severity: ("info" | "warning" | "error")
message: string
actor?: string
code?: string
details?: {
[k: string]: unknown
}
}
[k: string]: unknown
}
/**
 * One unbroken time of something on air, as a row of the appliance's ledger. What is told again (same kind, program, overlay or source, cue, asset and from) has more frames and a higher id, and replaces what was told before.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "Proof".
 */
export interface Proof {
type: "vistter.proof"
data: {
/**
 * The number of its row.
 */
id: number
/**
 * An element of an overlay, or the picture beneath.
 */
kind: ("overlay" | "picture")
program: string
overlay?: (string | null)
cue?: (string | null)
/**
 * Of a picture.
 */
source?: (string | null)
/**
 * Of the source, or the timeline's id of the overlay; as it was then.
 */
name?: (string | null)
/**
 * Of the overlay, as it was then.
 */
version?: (string | null)
asset?: (string | null)
/**
 * Of the content that was shown.
 */
sha256?: (string | null)
/**
 * Of the asset's rights, as they were then.
 */
tags?: string[]
/**
 * What stands behind `advertiser:` in the tags.
 */
advertisers?: string[]
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
 * Those of the program that were live meanwhile, and when.
 */
destinations?: {
[k: string]: unknown
}[]
overrides?: {
[k: string]: unknown
}[]
timelines?: {
[k: string]: unknown
}[]
segment?: ({
[k: string]: unknown
} | null)
/**
 * Chains the row to the one before.
 */
hash: string
[k: string]: unknown
}
[k: string]: unknown
}
/**
 * What this appliance can do, whenever it changes.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "Capabilities".
 */
export interface Capabilities {
type: "vistter.capabilities"
data: {
capabilities: {
[k: string]: unknown
}
}
[k: string]: unknown
}
/**
 * Every 10 s. May be thinned out while the appliance is offline.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "Telemetry".
 */
export interface Telemetry {
type: "vistter.telemetry"
data: {
program?: {
[k: string]: unknown
}
outputs?: {
[k: string]: unknown
}[]
cameras?: {
[k: string]: unknown
}[]
health: {
[k: string]: unknown
}
}
[k: string]: unknown
}
/**
 * Every 5 minutes, and when Studio asks.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "Summary".
 */
export interface Summary {
type: "vistter.summary"
data: {
from?: string
to?: string
/**
 * As in telemetry, and of the time since the last summary: looks, frames {produced, dropped, repeated}, fallback (share of looks from 0 to 1), live {destination: share}, online {camera: share}, peakLoad.
 */
health: {
[k: string]: unknown
}
}
[k: string]: unknown
}
/**
 * Retained on topic `status`; the broker says offline in the name of an appliance that is gone.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "Status".
 */
export interface Status {
type: "vistter.status"
data: {
state: ("online" | "offline")
software?: string
since?: string
}
[k: string]: unknown
}
/**
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "Device".
 */
export interface Device {
/**
 * Also the common name of the CSR.
 */
serial: string
model: string
software: string
/**
 * As vistter.capabilities: contract, commands, ocl, segment (versions), program, encoders (fps as measured, one core), cameras with presets, cache.
 */
capabilities: {
[k: string]: unknown
}
}
/**
 * POST {studio}/v1/pair and /v1/pair/offer.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "PairRequest".
 */
export interface PairRequest {
code: string
/**
 * PKCS #10, PEM.
 */
csr: string
device: Device
}
/**
 * The answer of pairing and of rotation.
 * 
 * This interface was referenced by `StudioChannel`'s JSON-Schema
 * via the `definition` "PairAnswer".
 */
export interface PairAnswer {
/**
 * PEM, for the key of the CSR; a chain may follow.
 */
certificate: string
/**
 * PEM: who signs the certificates of brokers.
 */
ca: string
tenant: string
appliance: string
/**
 * @minItems 1
 * @maxItems 16
 */
brokers: [string]|[string, string]|[string, string, string]|[string, string, string, string]|[string, string, string, string, string]|[string, string, string, string, string, string]|[string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string, string, string, string]|[string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string]
[k: string]: unknown
}
