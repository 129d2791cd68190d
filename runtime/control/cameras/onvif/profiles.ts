import { all, attribute, numeric, response, text, type Xml } from './soap.ts'

/** One way in which a camera offers its picture: usually a large one (main) and a small one (sub). */
export interface MediaProfile {
  token: string
  name: string
  /** As the camera says it, such as H264. */
  codec?: string
  width?: number
  height?: number
  fps?: number
  /** Its PTZ configuration; a profile without one cannot be moved. */
  ptz?: { node: string | undefined }
}

/** The profiles of an answer, of the first media service or the second; the largest picture first. */
export function profilesOf(body: Xml): MediaProfile[] {
  const profiles = all(response(body, 'getProfilesResponse'), 'profiles').flatMap(profileOf)
  return profiles.sort((a, b) => pixels(b) - pixels(a))
}

function profileOf(node: Xml): MediaProfile[] {
  const token = attribute(node, 'token')
  if (token === undefined) return []
  const [encoder] = [...all(node, 'videoEncoderConfiguration'), ...all(node, 'configurations', 'videoEncoder')]
  const [ptz] = [...all(node, 'PTZConfiguration'), ...all(node, 'configurations', 'PTZ')]
  const codec = text(encoder, 'encoding')
  const width = numeric(text(encoder, 'resolution', 'width'))
  const height = numeric(text(encoder, 'resolution', 'height'))
  const fps = numeric(text(encoder, 'rateControl', 'frameRateLimit'))
  return [
    {
      token,
      name: text(node, 'name') ?? token,
      ...(codec !== undefined && { codec }),
      ...(width && height && { width, height }),
      ...(fps && { fps }),
      ...(ptz !== undefined && { ptz: { node: text(ptz, 'nodeToken') } }),
    },
  ]
}

const pixels = ({ width = 0, height = 0 }: MediaProfile): number => width * height
