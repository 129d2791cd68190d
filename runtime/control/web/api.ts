import express, { type RequestHandler, type Router } from 'express'
import * as OpenApiValidator from 'express-openapi-validator'
import document from '../../contract/schemas/openapi.v1.json' with { type: 'json' }
import type { Operations, Role } from '../ports.ts'
import { type Gate, guard, identityOf, ownPagesOnly } from './guard.ts'
import { packageUpload } from './package-upload.ts'

/** Overlays may carry pictures in data: addresses, and manifests name many; nothing else is large. */
const LARGE = '16mb'
const SMALL = '100kb'
/** Thousands of presets, or of cues. */
const LIST = '2mb'
/** Sound files. */
const FILE = '64mb'

export interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** As in the document: /cameras/{id} */
  path: string
  operationId: string
  /** Undefined: open to everyone. */
  role: Role | undefined
  readsOnly: boolean
  /** Of success. */
  status: number
}

interface DocumentedOperation {
  operationId: string
  security: { session?: string[] }[]
  responses: Record<string, unknown>
  'x-reads-only'?: boolean
}

/** Every operation of the OpenAPI document: the one table of paths, operations and roles. */
export function routes(): Route[] {
  const paths: Record<string, Record<string, DocumentedOperation>> = document.paths
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method as Route['method'],
      path,
      operationId: operation.operationId,
      role: operation.security.flatMap(({ session }) => session ?? [])[0] as Role | undefined,
      readsOnly: operation['x-reads-only'] ?? false,
      status: Number(Object.keys(operation.responses)[0]),
    })),
  )
}

interface Options {
  gate: Gate
  operations: Operations
  /** For operations whose answer is not one JSON document. */
  handlers: Record<string, RequestHandler>
  /** Where packages that are uploaded are put first. */
  incoming: string
  /** Checks answers against the document as well, and the document itself: for tests, since it costs time. */
  checkAnswers: boolean
}

/**
 * The API as the OpenAPI document says: for each operation first who may, then whether the request is well formed, then
 * the operation. Throws when the document and the operations do not match.
 */
export function apiRouter({ gate, operations, handlers, incoming, checkAnswers }: Options): Router {
  const router = express.Router()
  const table = routes()
  for (const { method, path, role, readsOnly } of table)
    router[method](patternOf(path), role ? guard(gate, { role, readsOnly }) : ownPagesOnly(gate))
  const json = ['application/json', 'application/merge-patch+json']
  router.use('/assets', express.raw({ type: ['application/octet-stream', 'audio/*'], limit: FILE }))
  router.use(['/overlays', '/ocl', '/assets/sync'], express.json({ type: json, limit: LARGE }))
  router.use(['/cameras/:id/presets', '/timelines'], express.json({ type: json, limit: LIST }))
  router.use(express.json({ type: json, limit: SMALL }))
  router.use('/segments', packageUpload(incoming))
  // A copy: the validator resolves references in place.
  const apiSpec: object = structuredClone(document)
  router.use(
    OpenApiValidator.middleware({
      apiSpec: apiSpec as Parameters<typeof OpenApiValidator.middleware>[0]['apiSpec'],
      validateApiSpec: checkAnswers,
      validateSecurity: false,
      validateRequests: { allErrors: true },
      validateResponses: checkAnswers,
      fileUploader: false,
    }),
  )
  for (const route of table) router[route.method](patternOf(route.path), handlerOf(route, operations, handlers))
  return router
}

function handlerOf(route: Route, operations: Operations, handlers: Record<string, RequestHandler>): RequestHandler {
  const special = handlers[route.operationId]
  if (special) return special
  const operate = operations[route.operationId]
  if (!operate) throw new Error(`the OpenAPI document names ${route.operationId}, which nobody does`)
  return (request, response, next) => {
    const actor = route.role ? identityOf(response).actor : NOBODY
    const { params, query, body } = request
    operate({ params, query, body, actor }).then(answer => {
      response.status(route.status).set('cache-control', 'no-store')
      if (answer === undefined) response.end()
      else if (Buffer.isBuffer(answer)) response.type('png').send(answer)
      else if (typeof answer === 'string') response.type('csv').send(answer)
      else response.json(answer)
    }, next)
  }
}

const NOBODY = { kind: 'system', name: 'nobody', role: 'viewer' } as const

const patternOf = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1')
