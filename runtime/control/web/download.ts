import type { Request, RequestHandler } from 'express'

/** A recording as one file, as the engine puts it together from its pieces. */
export function downloadHandler(media: (pathFor: (request: Request) => string) => RequestHandler): RequestHandler {
  const nameOf = ({ params, query }: Request) => `${params.id}.${query.format === 'ts' ? 'ts' : 'mp4'}`
  const pass = media(request => `/recordings/${encodeURIComponent(nameOf(request))}`)
  return (request, response, next) => {
    response.attachment(nameOf(request))
    pass(request, response, next)
  }
}
