/** What a job may hold, and what the queue may keep of one that failed, on both backends. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { seededRandom } from '../../detectors/checks/random.ts'
import { AppError } from '../../src/model/errors.ts'
import { isJobName, type JobName, jobPayloads, queueNames, queueOfJob } from '../../src/model/jobs.ts'
import type { QueueBackend } from '../../src/queue/backend.ts'
import type { Handlers } from '../../src/queue/handlers.ts'
import { startWorkers } from '../../src/queue/workers.ts'
import { testBackends } from './backends.ts'

const backends = testBackends()
const names = Object.keys(jobPayloads) as JobName[]
const random = seededRandom(5)
const credential = [
  'npm',
  Array.from({ length: 36 }, () => Math.floor(random() * 36).toString(36)).join(''),
].join('_')

type AnyHandler = (payload: object, signal: AbortSignal) => Promise<unknown>

/** Every handler is the one given. */
function allHandlers(handler: AnyHandler): Handlers {
  return Object.fromEntries(names.map((name) => [name, handler])) as Handlers
}

describe.each(backends)('a job on $name', (backend) => {
  const test = it.runIf(backend.there)

  async function begin(handler: AnyHandler) {
    const queues = await backend.open()
    startWorkers(queues, allHandlers(handler), { name: 'test', scanConcurrency: 1 })
    return queues
  }

  test.each([
    ['no id', 'git', {}],
    ['an id that is none', 'git', { taskId: 'x' }],
    ['more than ids', 'deliver', { deliveryId: randomUUID(), body: 'x' }],
    ['a name that is none', 'rm', {}],
    ['a name of every object', 'constructor', {}],
  ])('with %s reaches no handler and fails with a code', async (_, name, data) => {
    const handler = vi.fn(async () => {})
    const queues = await begin(handler)

    const failed = await fail(queues, name, data)

    expect(handler).not.toHaveBeenCalled()
    expect(failed).toEqual({ failedReason: `${name}: internal`, stacktrace: [] })
  })

  test('with a payload that fits is handed it and nothing else', async () => {
    const handler = vi.fn(async (_payload: object, signal: AbortSignal) => signal.throwIfAborted())
    const queues = await begin(handler)
    const payload = { findingId: randomUUID() }

    await queues.queue('respond').add('notify', payload)

    await expect.poll(() => handler.mock.calls.map(([first]) => first)).toEqual([payload])
    await expect.poll(() => queues.queue('respond').getCompletedCount()).toBe(1)
    expect((await queues.queue('respond').getCompleted())[0]?.returnvalue).toBeFalsy()
  })

  test('that a scheduler made carries its own id as the key of its run', async () => {
    const handler = vi.fn(async (_payload: object) => {})
    const queues = await begin(handler)
    const scheduleId = randomUUID()

    await queues.queue('upkeep').add('run-schedule', { scheduleId }, { jobId: 'repeat-x-1' })

    await expect
      .poll(() => handler.mock.calls.map(([first]) => first))
      .toEqual([{ scheduleId, runKey: 'repeat-x-1' }])
  })

  test.each([
    ['an error that quotes a credential', () => new Error(`refused: ${credential}`), 'internal'],
    ['a NUL', () => new Error(`a\0b ${credential}`), 'internal'],
    ['a lone surrogate', () => new Error(`\ud800 ${credential} \udfff`), 'internal'],
    ['a text', () => `not an error ${credential}`, 'internal'],
    [
      'one of our errors with a cause',
      () => new AppError('remote_failed', `x ${credential}`, { cause: new Error(`\0${credential}`) }),
      'remote_failed',
    ],
  ])('whose handler throws %s leaves a code in the queue and none of it', async (_, thrown, code) => {
    const queues = await begin(() => Promise.reject(thrown()))

    const failed = await fail(queues, 'deliver', { deliveryId: randomUUID() })
    const stored = await backend.stored()

    expect(failed).toEqual({ failedReason: `deliver: ${code}`, stacktrace: [] })
    expect(stored).toContain(`deliver: ${code}`)
    expect(stored).not.toContain(credential)
  })
})

describe('the workers', () => {
  it('leave queues alone that are not named', () => {
    const begun: string[] = []
    const queues = { work: (name: string) => begun.push(name) } as unknown as QueueBackend

    startWorkers(
      queues,
      allHandlers(async () => {}),
      { name: 'x', scanConcurrency: 1, only: ['respond'] },
    )
    startWorkers(
      queues,
      allHandlers(async () => {}),
      { name: 'x', scanConcurrency: 1 },
    )

    expect(begun).toEqual(['respond', ...queueNames])
  })
})

/** Runs a job that is tried once and must fail; gives what the queue keeps of that. */
async function fail(queues: QueueBackend, name: string, data: object) {
  const queue = queues.queue(isJobName(name) ? queueOfJob[name] : 'upkeep')
  const { id } = await queue.add(name, data, { attempts: 1 })
  await expect.poll(() => queue.getJobState(id ?? ''), { timeout: 20_000 }).toBe('failed')
  const job = await queue.getJob(id ?? '')
  return { failedReason: job?.failedReason, stacktrace: job?.stacktrace }
}
