import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ProofRow } from '../../runtime/contract/generated/openapi.v1.ts'
import { Airtimes } from '../../runtime/control/proof/airtimes.ts'
import { rfc3339 } from '../../runtime/lib/clock.ts'

const rowOf = (id: number, { overlay, at, ms }: { overlay: string; at: number; ms: number }): ProofRow => ({
  ...{ id, kind: 'overlay', program: 'main', overlay, cue: 'c', source: null, asset: null, sha256: null, frames: 1 },
  ...{ from: rfc3339(at), to: rfc3339(at + ms), ended: true, name: null, version: null, tags: [], advertisers: [] },
  ...{ destinations: [], overrides: [], timelines: [], segment: null, hash: '' },
})

test('are the same as if all had been looked through, whatever came in which order', () => {
  const time = fc.record({
    overlay: fc.constantFrom('a', 'b'),
    at: fc.integer({ min: 0, max: 500 }),
    ms: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 600 })),
  })
  const span = fc.record({ from: fc.integer({ min: -10, max: 600 }), ms: fc.integer({ min: 0, max: 100 }) })
  fc.assert(
    fc.property(fc.array(time, { maxLength: 40 }), fc.array(span, { maxLength: 5 }), (times, spans) => {
      const rows = times.map((each, n) => rowOf(n, each))
      const airtimes = new Airtimes()
      airtimes.add(rows.slice(0, 7))
      airtimes.during('a', 0, 100)
      airtimes.add(rows.slice(7))
      for (const { from, ms } of spans) {
        const meets = rows.filter(
          row => row.overlay === 'a' && Date.parse(row.from) < from + ms && Date.parse(row.to) >= from,
        )
        expect(airtimes.during('a', from, from + ms).map(({ id }) => id)).toEqual(meets.map(({ id }) => id))
      }
      expect([...airtimes.all()].map(({ id }) => id)).toEqual(rows.map(({ id }) => id))
    }),
  )
})
