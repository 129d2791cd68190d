// Generated from ../schemas/segment.v1.json by `npm run generate`. Do not edit.

/**
 * segment.json of a segment package (.vseg): a slice of a show that is authored elsewhere and runs here, with its overlays and their files. Keys that are not known here are left alone.
 */
export interface SegmentDocument {
/**
 * Version of this format, MAJOR.MINOR. An unknown minor version is read as far as it is understood.
 */
segment: string
/**
 * Of the segment, in all its versions.
 */
id: string
/**
 * Counts the author's revisions.
 */
version: (string | number)
name: string
/**
 * ms
 */
duration: number
/**
 * As POST /api/v1/timelines takes it. `overlay` of a cue names one of the package: by the path of its file, its file name without .json, or the id of its OCL timeline; or else one that the appliance has.
 */
timeline: {

}
/**
 * Paths of OCL documents in the package.
 * 
 * @maxItems 200
 */
overlays?: string[]
/**
 * For people and other systems; nothing here depends on it.
 */
metadata?: {

}
[k: string]: unknown
}
