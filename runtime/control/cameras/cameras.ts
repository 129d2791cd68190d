import { asErrorCode, VistterError } from '../../contract/errors.ts'
import type { SourceState } from '../../contract/generated/engine.v1.ts'
import type {
  Camera,
  CameraPatch,
  CameraTarget,
  NewCamera,
  PtzState,
  TestResult,
} from '../../contract/generated/openapi.v1.ts'
import type { WiredDriver } from '../../contract/generated/wiring.v1.ts'
import { type Clock, rfc3339 } from '../../lib/clock.ts'
import { newId } from '../../lib/ids.ts'
import { mergePatch } from '../../lib/merge-patch.ts'
import { type Operations, operation, type Recorder, type Secrets, type Shelf, type Stored } from '../ports.ts'
import { type CameraUrl, splitCameraUrl } from './camera-url.ts'
import { onvifTarget, USUAL_PORT, withPort } from './onvif-access.ts'
import { onvifStep } from './onvif-step.ts'
import { PortSearch } from './port-search.ts'
import type { MovedCamera } from './ptz/heads.ts'

/** A camera as it is stored; its passwords are kept apart and sealed. */
export interface CameraBody {
  name: string
  url: string
  username?: string
  /** `guessed`: nobody has said the port, and none answered. */
  onvif?: { host: string; port: number; profile?: string; username?: string; guessed?: true }
  audio: 'off' | 'on'
  /** dB. */
  gain?: number
  onFrozen: 'flag' | 'slate'
  /** Absent in what was stored before there were these. */
  fit?: Camera['fit']
  mode?: Camera['mode']
}

interface Deps {
  shelf: Shelf<CameraBody>
  clock: Clock
  /** Tries a camera out; throws ENGINE_DOWN when nobody can. */
  probe(target: { url: string; username?: string; password?: string }): Promise<TestResult>
  stateOf(id: string): SourceState | undefined
  /** Undefined: it cannot be moved. */
  ptzOf(id: string): PtzState | undefined
  changed(): Promise<void>
  record: Recorder
}

/** The cameras: kept here, shown by the engine. */
export class Cameras {
  private readonly ports: PortSearch
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
    this.ports = new PortSearch({ sought: () => this.portless(), found: (id, port) => this.answersAt(id, port) })
  }

  start(): void {
    this.ports.start()
  }

  stop(): void {
    this.ports.stop()
  }

  list(): Camera[] {
    return this.deps.shelf.list().map(camera => this.shown(camera))
  }

  names(): { id: string; name: string }[] {
    return this.deps.shelf.list().map(({ id, body }) => ({ id, name: body.name }))
  }

  /** Those that are not switched off, with passwords in clear: for the engine only. */
  planned() {
    return this.deps.shelf.list().flatMap(({ id, body, secrets }) => {
      const { name, url, username, audio, gain = 0, onFrozen, fit = 'letterbox', mode = 'auto' } = body
      if (mode === 'off') return []
      const { password } = secrets
      return [
        {
          id,
          name,
          url,
          audio,
          gain,
          onFrozen,
          fit,
          mode,
          ...(username && { username }),
          ...(password && { password }),
        },
      ]
    })
  }

  /** Those that can be moved, with passwords in clear: for who moves them only. A flow that moves one goes before its ONVIF. */
  moved(drivers: readonly WiredDriver[]): MovedCamera[] {
    return this.deps.shelf.list().flatMap(({ id, body, secrets }): MovedCamera[] => {
      const { name, username, onvif, mode } = body
      if (mode === 'off') return []
      const flow = drivers.find(({ camera }) => camera === id) ?? drivers.find(({ camera }) => camera === name)
      if (flow) return [{ id, name, flow }]
      if (!onvif) return []
      const { port } = onvif
      const own = { ...onvif, password: secrets.onvifPassword }
      return [{ id, name, target: { ...onvifTarget(own, { username, password: secrets.password }), port } }]
    })
  }

  operations(): Operations {
    return {
      listCameras: operation(() => this.list()),
      addCamera: operation<NewCamera, { force: boolean }>(({ body, query, actor }) =>
        this.add(body, query.force, actor.name),
      ),
      testCamera: operation<CameraTarget>(({ body }) => this.test(body)),
      getCamera: operation(({ params }) => this.get(params.id)),
      changeCamera: operation<CameraPatch>(({ params, body, actor }) => this.change(params.id, body, actor.name)),
      removeCamera: operation(({ params, actor }) => this.remove(params.id, actor.name)),
    }
  }

  private async add(wanted: NewCamera, force: boolean, actor: string): Promise<Camera> {
    storedFrom(wanted)
    const given = { ...wanted, ...(wanted.onvif && { onvif: await withPort(wanted.onvif) }) }
    if (!force) refuseFailed(await this.test(given))
    const { body, secrets } = storedFrom(given)
    const id = newId()
    await this.deps.shelf.write(id, () => ({ body, secrets }))
    this.note('camera.added', id, `Camera ${body.name} was added.`, actor)
    await this.deps.changed()
    return this.get(id)
  }

  /** Its stream and its ONVIF service at once, so that both together keep the time of one. */
  private async test(given: CameraTarget): Promise<TestResult> {
    const inUrl = splitCameraUrl(given.url)
    const username = given.username ?? inUrl.username
    const password = given.password ?? inUrl.password
    const stream = this.deps.probe({
      url: inUrl.url,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
    })
    if (!given.onvif) return stream
    const moving = onvifStep(onvifTarget(given.onvif, { username, password }), this.deps.clock)
    const [tested, step] = await Promise.all([stream, moving])
    return { ...tested, ok: tested.ok && step.ok, steps: [...tested.steps, step] }
  }

  private async change(id: string | undefined, wanted: CameraPatch, actor: string): Promise<Camera> {
    const { id: known, body } = this.stored(id)
    const patch = body.onvif ? wanted : await withGuess(wanted)
    await this.deps.shelf.write(known, present => {
      if (!present) throw missing(known)
      const before = givenFrom(present)
      const inUrl: Partial<CameraUrl> = patch.url === undefined ? {} : splitCameraUrl(patch.url)
      return storedFrom(mergePatch(before, { ...inUrl, ...patch, url: inUrl.url ?? before.url }))
    })
    const { name } = this.stored(known).body
    this.note('camera.changed', known, `Camera ${name} was changed: ${Object.keys(patch).join(', ')}.`, actor)
    await this.deps.changed()
    return this.get(known)
  }

  private portless(): { id: string; host: string }[] {
    return this.deps.shelf.list().flatMap(({ id, body: { onvif, mode } }) => {
      const away = mode !== 'off' && !this.deps.ptzOf(id)?.reachable
      return onvif?.guessed && away ? [{ id, host: onvif.host }] : []
    })
  }

  private async answersAt(id: string, port: number): Promise<void> {
    await this.deps.shelf.write(id, present => {
      if (!present) throw missing(id)
      const { onvif, ...body } = present.body
      if (!onvif?.guessed) return { body: present.body }
      const { guessed: _, ...rest } = onvif
      return { body: { ...body, onvif: { ...rest, port } } }
    })
    const { name } = this.stored(id).body
    this.note('camera.port-found', id, `The ONVIF service of ${name} answers at port ${port}.`)
    await this.deps.changed()
  }

  private async remove(id: string | undefined, actor: string): Promise<void> {
    const { id: known, body } = this.stored(id)
    await this.deps.shelf.remove(known)
    this.note('camera.removed', known, `Camera ${body.name} was deleted.`, actor)
    await this.deps.changed()
  }

  private get(id: string | undefined): Camera {
    return this.shown(this.stored(id))
  }

  private shown({ id, body }: Stored<CameraBody>): Camera {
    const state = this.deps.stateOf(id)
    const ptz = this.deps.ptzOf(id)
    const { onvif, ...rest } = body
    return {
      id,
      ...rest,
      ...(onvif && { onvif: saidOf(onvif) }),
      gain: body.gain ?? 0,
      fit: body.fit ?? 'letterbox',
      mode: body.mode ?? 'auto',
      state: {
        status: state?.status ?? (body.mode === 'off' ? 'offline' : 'connecting'),
        lastFrameAt: state?.lastFrameAt === undefined ? null : rfc3339(state.lastFrameAt),
        currentPreset: ptz?.currentPreset ?? null,
        moving: ptz?.moving ?? false,
        video: state?.video ?? null,
        ...(state?.soundPeak !== undefined && { soundPeak: state.soundPeak }),
        ...(state?.mode && { mode: state.mode }),
        ...(state?.decoder && { decoder: state.decoder }),
        ...(ptz && { ptz }),
        ...(state?.error && { error: state.error }),
      },
    }
  }

  private stored(id: string | undefined): Stored<CameraBody> {
    const camera = this.deps.shelf.find(id ?? '')
    if (!camera) throw missing(id)
    return camera
  }

  private note(type: string, camera: string, message: string, actor?: string): void {
    this.deps.record({ type, severity: 'info', message, ...(actor && { actor }), data: { camera } })
  }
}

const missing = (id: string | undefined) => new VistterError('NOT_FOUND', `There is no camera ${id}.`)

/** As a client gives it, with secrets among the other members: what a merge patch is applied to. */
function givenFrom({ body, secrets }: Stored<CameraBody>): NewCamera {
  const { guessed, port, ...rest } = body.onvif ?? { host: '', port: USUAL_PORT }
  const said = { ...rest, ...(!guessed && { port }), ...(secrets.onvifPassword && { password: secrets.onvifPassword }) }
  const onvif = body.onvif && said
  return { ...body, ...(secrets.password && { password: secrets.password }), ...(onvif && { onvif }) }
}

function storedFrom(given: NewCamera): { body: CameraBody; secrets: Secrets } {
  const inUrl = splitCameraUrl(given.url)
  const username = given.username ?? inUrl.username
  const { password: onvifPassword, ...onvif } = given.onvif ?? { host: '' }
  if (given.onvif && !onvif.host) throw new VistterError('BAD_REQUEST', '/onvif: it needs a host.')
  return {
    body: {
      name: given.name,
      url: inUrl.url,
      ...(username !== undefined && { username }),
      ...(given.onvif && { onvif: { ...onvif, ...portOf(onvif) } }),
      audio: given.audio ?? 'off',
      gain: given.gain ?? 0,
      onFrozen: given.onFrozen ?? 'flag',
      fit: given.fit ?? 'letterbox',
      mode: given.mode ?? 'auto',
    },
    secrets: { password: given.password ?? inUrl.password, onvifPassword },
  }
}

const saidOf = ({ guessed: _, ...onvif }: NonNullable<CameraBody['onvif']>) => onvif

const portOf = ({ port }: { port?: number }) =>
  port === undefined ? { port: USUAL_PORT, guessed: true as const } : { port }

/** A camera that becomes one that is moved may leave its port to us, too. */
async function withGuess(patch: CameraPatch): Promise<CameraPatch> {
  const { host, port } = patch.onvif ?? {}
  if (host === undefined || port !== undefined) return patch
  return { ...patch, onvif: { ...patch.onvif, ...(await withPort({ host })) } }
}

/** The first step that failed says why; its code where it has one, else what such a step usually means. */
function refuseFailed({ ok, steps }: TestResult): void {
  if (ok) return
  const failed = steps.find(step => !step.ok)
  const usual = {
    reach: 'CAMERA_UNREACHABLE',
    auth: 'CAMERA_AUTH',
    stream: 'CAMERA_NOT_A_STREAM',
    onvif: 'PTZ_UNREACHABLE',
  } as const
  const code = asErrorCode(failed?.code) ?? usual[failed?.step ?? 'stream']
  throw new VistterError(code, failed?.detail ?? 'The camera did not pass its test.', { steps })
}
