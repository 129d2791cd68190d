import { describe, expect, it } from 'vitest'
import { DoubleBooking } from '../../runtime/control/show/rehearsal/double-booking.ts'
import type { Slot } from '../../runtime/control/show/schedule/calendar.ts'
import { house, kept, MIDNIGHT, slot } from './rehearsal-stage.ts'
import { cue, ofQuay } from './timeline-stage.ts'

const clock = { now: () => MIDNIGHT, mono: () => performance.now() }
const day = kept('Day', [cue('n', 0, 10_000, ofQuay('north')), cue('x', 10_000, 5_000, { camera: 'nave' })])
const twin = kept('Twin', [cue('z', 0, 12_000, { camera: 'nave' }), cue('s', 12_000, 9_000, ofQuay('south'))], {
  program: 'twin',
})
const tour = kept('Tour', [cue('t', 0, 60_000, ofQuay('east'))], { offAir: true })

function bookings(slots: Slot[], timelines = [day, twin, tour]): DoubleBooking {
  return new DoubleBooking({ house: () => house(), timelines: () => timelines, slots: () => slots, clock })
}

describe('a schedule that is saved', () => {
  const mornings = slot('Day', '08:00', '12:00')

  it('is refused where a camera would have to be at two presets, with who and when', async () => {
    const refused = bookings([mornings]).admit(slot('Twin', '11:00', '13:00', 'twin'))
    await expect(refused).rejects.toMatchObject({
      code: 'CAMERA_DOUBLE_BOOKED',
      message:
        'The camera quay is booked twice: cue s of Twin wants it at south, and at the same time cue n of Day wants it at north. The first time is 2026-07-01 11:00:15 (UTC).',
      extra: { timeline: 'Twin', cue: 's', at: '2026-07-01T11:00:15.000Z' },
    })
  })

  it('is taken beside the others, on other days, on the same program, and where a tour gives way', async () => {
    const taken = async (given: Slot) => expect(await bookings([mornings]).admit(given)).toBeUndefined()
    await taken(slot('Twin', '12:00', '13:00', 'twin'))
    await taken({ ...slot('Twin', '11:00', '13:00', 'twin'), hours: { days: [0], from: '12:30', to: '13:00' } })
    await taken(slot('Twin', '11:00', '13:00'))
    await taken(slot('Tour', '00:00', '23:00', null))
  })

  it('is refused for a week far ahead, too, and is no obstacle to itself', async () => {
    const season = { ...mornings, hours: { ...mornings.hours, dates: { from: '2026-12-20', to: '2026-12-24' } } }
    const twins = slot('Twin', '11:00', '13:00', 'twin')
    await expect(bookings([season]).admit(twins)).rejects.toMatchObject({ extra: { at: '2026-12-20T11:00:15.000Z' } })
    expect(
      await bookings([season, twins]).admit({ ...twins, hours: { ...twins.hours, from: '12:00' } }),
    ).toBeUndefined()
  })

  it('is checked again when the cues of its timeline change', async () => {
    const both = bookings(
      [mornings, slot('Twin', '11:00', '13:00', 'twin')],
      [day, kept('Twin', [cue('z', 0, 9_000, { camera: 'nave' })], { program: 'twin' })],
    )
    await expect(both.admitTimeline('Twin', twin.body)).rejects.toMatchObject({ code: 'CAMERA_DOUBLE_BOOKED' })
    expect(await both.admitTimeline('Twin', { ...twin.body, cues: twin.body.cues.slice(0, 1) })).toBeUndefined()
    expect(await both.admitTimeline('Tour', tour.body)).toBeUndefined()
  })

  it('is checked in small parts, however long its shows are', async () => {
    const taking = (preset: string, from: number) =>
      Array.from({ length: 599 }, (_, n) => cue(`${n}`, n * 200 + from, 100, ofQuay(preset)))
    const end = cue('end', 119_900, 100, { camera: 'nave' })
    // They want the camera by turns, all day.
    const one = kept('A', [...taking('north', 0), end])
    const other = kept('B', [...taking('south', 100), end], { program: 'twin' })
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const slots = [slot('A', '00:00', '04:00')]
    await bookings(slots, [one, other]).admit(slot('B', '00:00', '04:00', 'twin'))
    clearInterval(timer)
    // 14 windows of 72,000 airings of each.
    expect(turns).toBeGreaterThan(14)
  })
})
