import type { EngineState } from '../../contract/generated/engine.v1.ts'

type Labels = Record<string, string>
type Sample = [labels: Labels, value: number]

interface Facts {
  build: string
  engine: EngineState | undefined
  flowHostRestarts: number
  children: { child: string; kind: string; failures: number }[]
}

/** The state in Prometheus' text exposition format 0.0.4. Pure. */
export function metrics({ build, engine, flowHostRestarts, children }: Facts): string {
  const { programs = [], sources = [], outputs = [], encoders = [] } = engine ?? {}
  return [
    gauge('vistter_build_info', 'The running build.', [[{ build }, 1]]),
    gauge('vistter_engine_up', 'Whether the picture engine is there.', [[{}, engine ? 1 : 0]]),
    counter('vistter_flow_host_restarts_total', 'Restarts of the flow host.', [[{}, flowHostRestarts]]),
    counter(
      'vistter_child_failures_total',
      'Ends of a child process that nobody had asked for.',
      children.map(({ child, kind, failures }) => [{ child, kind }, failures]),
    ),
    counter('vistter_program_frames_total', 'Frames of a program, by what became of them.', [
      ...programs.flatMap(({ id, frames }) =>
        Object.entries(frames).map(([kind, count]): Sample => [{ program: id, kind }, count]),
      ),
    ]),
    gauge(
      'vistter_program_fallback',
      'Whether a fallback stands in.',
      programs.map(({ id, fallback }) => [{ program: id }, fallback ? 1 : 0]),
    ),
    gauge(
      'vistter_source_online',
      'Whether a source gives pictures.',
      sources.map(({ id, status }) => [{ source: id }, status === 'online' || status === 'degraded' ? 1 : 0]),
    ),
    counter(
      'vistter_encoder_restarts_total',
      'Restarts of an encoder.',
      encoders.map(({ id, restarts }) => [{ encoder: id }, restarts]),
    ),
    gauge(
      'vistter_output_live',
      'Whether a destination accepts the stream.',
      outputs.map(({ id, status }) => [{ destination: id }, status === 'live' ? 1 : 0]),
    ),
    gauge(
      'vistter_output_queue_seconds',
      'What waits to be sent.',
      outputs.map(({ id, queueSeconds }) => [{ destination: id }, queueSeconds]),
    ),
    gauge(
      'vistter_output_video_bitrate_kbps',
      'Measured bitrate.',
      outputs.map(({ id, videoBitrate }) => [{ destination: id }, videoBitrate]),
    ),
  ].join('')
}

const gauge = (name: string, help: string, samples: Sample[]) => family(name, help, 'gauge', samples)
const counter = (name: string, help: string, samples: Sample[]) => family(name, help, 'counter', samples)

function family(name: string, help: string, type: string, samples: Sample[]): string {
  const lines = samples.map(([labels, value]) => `${name}${labelled(labels)} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

function labelled(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length > 0 ? `{${pairs.join(',')}}` : ''
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
