import { join } from 'node:path'
import { expect, test } from 'vitest'
import { People } from '../../runtime/control/access/people.ts'
import { openStore } from '../../runtime/control/store/open.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { scratch } from './studio-stage.ts'

test('the live stream tells sign-ins and the code of a pairing to administrators, everything else to all', async () => {
  const sql = await openStore(join(scratch(), 'vistter.db'), systemClock)
  const people = new People({ sql, clock: systemClock, record: () => {}, settings: { change: async () => {} } })
  const studio = { paired: false, code: 'ABCD-2345', codeUntil: '2026-03-01T12:00:00.000Z' }
  const heard: [event: string, data: object, others: object | undefined][] = [
    ['studio', studio, { paired: false }],
    ['event', { type: 'auth.failed' }, undefined],
    [
      'event',
      { type: 'camera.offline', data: { code: 'CAMERA_SILENT' } },
      expect.objectContaining({ data: expect.anything() }),
    ],
    ['camera', { id: 'c', code: 1 }, { id: 'c', code: 1 }],
  ]
  for (const [event, data, others] of heard) {
    expect(people.heardBy('admin', event, data)).toEqual(data)
    for (const role of ['operator', 'viewer'] as const) expect(people.heardBy(role, event, data)).toEqual(others)
  }
  await sql.close()
})
