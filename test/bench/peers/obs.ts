import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { spawnOwned } from '../../../runtime/lib/child.ts'
import { within } from '../../../runtime/lib/clock.ts'
import { cpuSeconds } from '../../peers/processes.ts'
import { obsFiles } from './obs-files.ts'
import { onPath, type Performer, perform, type Show, type Tool, versionOf } from './tool.ts'

/** OBS Studio on a display that exists in memory only; without a graphics card its OpenGL is Mesa's llvmpipe. */
export const obs: Tool = {
  name: 'OBS Studio',
  packages: ['obs-studio', 'xvfb', 'libgl1-mesa-dri'],
  lacks: () => ['obs', 'Xvfb'].filter(program => !onPath(program)),
  version: () => versionOf('obs', '--version'),
  start,
}

async function start(show: Show): Promise<Performer> {
  const home = join(show.folder, 'obs')
  for (const [path, text] of Object.entries(obsFiles(show))) {
    const file = join(home, '.config', 'obs-studio', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  const screen = ['-screen', '0', '1024x768x24', '-nolisten', 'tcp', '-displayfd', '3']
  const xvfb = spawnOwned('Xvfb', screen, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const display = xvfb.stdio[3]
  if (!display) throw new Error('Xvfb has no pipe to tell its display')
  const [number] = await within(15_000, 'no display', once(display, 'data'))
  const args = '--startstreaming --multi --disable-missing-files-check --collection Bench --profile Bench'.split(' ')
  const performer = perform('obs', args, {
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    DISPLAY: `:${String(number).trim()}`,
    LIBGL_ALWAYS_SOFTWARE: '1',
  })
  return {
    cpu: performer.cpu,
    aside: () => cpuSeconds(Number(xvfb.pid)),
    stop: async () => {
      await performer.stop()
      if (xvfb.exitCode !== null || xvfb.signalCode !== null) return
      const ended = once(xvfb, 'exit')
      // Killed, it would leave its lock file behind.
      xvfb.kill('SIGTERM')
      await ended
    },
  }
}
