import { describe, expect, test } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import type { StudioCommand } from '../../runtime/contract/flow.ts'
import type { Command } from '../../runtime/contract/generated/studio.v1.ts'
import { Offers } from '../../runtime/control/studio/offers.ts'
import type { Order } from '../../runtime/control/studio/runner.ts'

type Flow = (command: StudioCommand) => Promise<boolean>

/** A box whose flow does with a command what the test says. */
function box(flow: Flow) {
  const seen = { carried: [] as object[], told: [] as string[], progress: [] as string[] }
  const offers = new Offers({
    hand: flow,
    record: ({ message }) => void seen.told.push(message),
    ...{ takeUpMs: 40, answerMs: 80 },
  })
  const run = (type: string, data: object, id = 'a') => {
    const command = { type: `vistter.command.${type}`, data } as Command
    const order: Order = { id, command, progress: async ({ status }) => void seen.progress.push(status) }
    return offers.carryOut(order, async ({ command }) => {
      seen.carried.push(command.data)
      return { metrics: { n: 1 } }
    })
  }
  return { ...seen, offers, ask: offers.requests(), run }
}

const slate = { source: 'slate' }
const code = (wanted: string) => expect.objectContaining({ code: wanted })

describe('a command on its way through the flow', () => {
  test('is carried out as the flow sends it back, and the flow hears how it ended', async () => {
    let heard: unknown
    const it = box(async ({ id, type, data }) => {
      expect(type).toBe('program.take')
      heard = it.ask['studio.carryOut']({ command: id, data: { ...data, transition: { type: 'fade', duration: 500 } } })
      return true
    })
    expect(await it.run('program.take', slate)).toEqual({ metrics: { n: 1 } })
    expect(it.carried).toEqual([{ ...slate, transition: { type: 'fade', duration: 500 } }])
    expect(await heard).toEqual({ status: 'done', metrics: { n: 1 } })
    expect(it.told).toEqual([])
  })

  test('of which the flow made no command is not carried out like that', async () => {
    const it = box(async ({ id }) => {
      await expect(it.ask['studio.carryOut']({ command: id, data: { source: 7 } })).rejects.toEqual(code('BAD_REQUEST'))
      await it.ask['studio.answer']({ command: id, status: 'failed', message: 'My own fault.' })
      return true
    })
    await expect(it.run('program.take', slate)).rejects.toEqual(code('COMMAND_FAILED'))
    expect(it.carried).toEqual([])
  })

  test('that the flow refuses, or has done by itself, does nothing here', async () => {
    const refusing = box(async ({ id }) => {
      await refusing.ask['studio.answer']({ command: id, status: 'rejected', message: 'No takes at night.' })
      return true
    })
    await expect(refusing.run('program.take', slate)).rejects.toThrow('No takes at night.')
    const doing = box(async ({ id }) => {
      await doing.ask['studio.answer']({ command: id, status: 'done', result: { lights: 'on' } })
      return true
    })
    expect(await doing.run('program.take', slate)).toEqual({ result: { lights: 'on' } })
    expect([...refusing.carried, ...doing.carried]).toEqual([])
  })

  test('on which the flow works may take longer', async () => {
    const it = box(async ({ id }) => {
      await it.ask['studio.answer']({ command: id, status: 'ready' })
      setTimeout(() => void it.ask['studio.carryOut']({ command: id }), 150)
      return true
    })
    await it.run('program.take', slate)
    expect(it.progress).toEqual(['ready'])
    expect(it.told).toEqual([])
  })
})

describe('without the flow', () => {
  const gone: [string, Flow, RegExp | undefined][] = [
    ['no inbox in it', async () => false, undefined],
    ['no process', async () => Promise.reject(new Error('closed')), undefined],
    ['one that hangs', () => new Promise(() => {}), /did not take it up/],
    ['one that loses it', async () => true, /said nothing/],
  ]
  test.each(gone)('%s: it is carried out here, once', async (_, flow, said) => {
    const it = box(flow)
    expect(await it.run('program.take', slate)).toEqual({ metrics: { n: 1 } })
    expect(it.carried).toEqual([slate])
    if (said) expect(it.told).toEqual([expect.stringMatching(said)])
    else expect(it.told).toEqual([])
    await expect(it.ask['studio.carryOut']({ command: 'a' })).rejects.toEqual(code('CONFLICT'))
    await expect(it.ask['studio.answer']({ command: 'a', status: 'rejected' })).rejects.toEqual(code('CONFLICT'))
    expect(it.carried.length).toBe(1)
  })

  test('a process that ends has what it held done here at once', async () => {
    const it = box(async () => {
      setTimeout(() => it.offers.flowLeft(), 5)
      return true
    })
    const began = performance.now()
    await it.run('program.take', slate)
    expect(performance.now() - began).toBeLessThan(60)
    expect(it.told).toEqual([expect.stringMatching(/Node-RED ended/)])
  })

  test('nobody decides twice: of two outboxes the second is refused', async () => {
    const it = box(async ({ id }) => {
      const both = [it.ask['studio.carryOut']({ command: id }), it.ask['studio.carryOut']({ command: id })]
      const [first, second] = await Promise.allSettled(both)
      expect(first).toMatchObject({ status: 'fulfilled' })
      expect(second).toMatchObject({ status: 'rejected', reason: code('CONFLICT') })
      return true
    })
    await it.run('program.take', slate)
    expect(it.carried.length).toBe(1)
  })
})

test('no flow keeps Studio from taking its credentials back', async () => {
  const it = box(async ({ id }) => {
    await it.ask['studio.answer']({ command: id, status: 'rejected', message: 'Never.' })
    return true
  })
  await it.run('credentials.revoke', {})
  expect(it.carried).toEqual([{}])
})

test('what fails here fails for the flow, too', async () => {
  const offers = new Offers({ hand: async ({ id }) => hand(id), record: () => {} })
  let heard: Promise<unknown> | undefined
  const hand = (id: string) => {
    heard = offers
      .requests()
      ['studio.carryOut']({ command: id })
      .catch(thrown => thrown.code)
    return true
  }
  const command = { type: 'vistter.command.program.take', data: slate } as Command
  const failing = offers.carryOut({ id: 'a', command, progress: async () => true }, () =>
    Promise.reject(new VistterError('ENGINE_DOWN', 'It is away.')),
  )
  await expect(failing).rejects.toEqual(code('ENGINE_DOWN'))
  expect(await heard).toBe('ENGINE_DOWN')
})
