import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { type ChildOptions, runChild, startChild } from '../../src/base/child.ts'
import { AppError } from '../../src/model/errors.ts'

const never = new AbortController().signal

function shell(script: string, more: Partial<ChildOptions> = {}): ChildOptions {
  return {
    phase: 'try something',
    command: '/bin/sh',
    args: ['-c', script],
    env: { PATH: process.env['PATH'] ?? '' },
    cwd: '/',
    signal: never,
    ...more,
  }
}

/** Whether a process is there and not just waiting to be collected. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')
  return stat !== '' && !/^\d+ \(.*\) Z/.test(stat)
}

async function endsSoon(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 200; tries++) {
    if (!(await isRunning(pid))) return true
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return false
}

async function thrown(work: Promise<unknown>): Promise<AppError> {
  const error: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  )
  if (error instanceof AppError) return error
  throw new Error('did not end with an AppError')
}

describe('runChild', () => {
  it('gives back what the child printed', async () => {
    const output = await runChild({ ...shell('cat; printf end'), input: 'in ', maxOutput: 100 })

    expect(output.toString()).toBe('in end')
  })

  it('hands over the given environment and nothing else', async () => {
    const output = await runChild({
      ...shell(''),
      command: '/usr/bin/env',
      args: [],
      env: { ONLY: 'this' },
      maxOutput: 10_000,
    })

    expect(output.toString()).toBe('ONLY=this\n')
  })

  it('kills a child that prints more than it may', async () => {
    const error = await thrown(runChild({ ...shell('yes'), maxOutput: 100_000 }))

    expect(error.code).toBe('too_large')
  })

  it('says what failed and how, but not the command, the environment or the output', async () => {
    const secret = ['hush', 'hush'].join('-')
    const error = await thrown(
      runChild({
        ...shell(`echo ${secret}; echo ${secret} >&2; exit 3`, { env: { PATH: '/bin', KEY: secret } }),
        maxOutput: 1000,
      }),
    )

    expect(error.message).toBe('could not try something (exit status 3)')
    expect(error.code).toBe('git_failed')
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(secret)
  })

  it('lets known failures be told apart by standard error', async () => {
    const explain = (stderr: string): AppError | null =>
      stderr.includes('no such thing') ? new AppError('not_found', 'there is none') : null

    const error = await thrown(
      runChild({ ...shell('echo no such thing >&2; exit 1', { explain }), maxOutput: 1 }),
    )

    expect(error.code).toBe('not_found')
  })

  it('reports a program that is not there', async () => {
    const error = await thrown(runChild({ ...shell(''), command: 'no-such-program', maxOutput: 1 }))

    expect(error.code).toBe('git_failed')
    expect(error.message).toContain('is the program installed')
    expect(error.message).not.toContain('no-such-program')
  })

  it('is not started by a signal that was aborted before', async () => {
    const error = await thrown(
      runChild({ ...shell('sleep 1000', { signal: AbortSignal.abort() }), maxOutput: 1 }),
    )

    expect(error.code).toBe('timeout')
  })
})

describe('the process group of a child', () => {
  /** Starts a grandchild that would outlive its parent, and gives its id. */
  async function withGrandchild(more: Partial<ChildOptions>) {
    const child = startChild(shell('sleep 1000 & echo $!; wait', more))
    const first = await new Promise<Buffer>((resolve) => child.stdout.once('data', resolve))
    return { child, grandchild: Number.parseInt(first.toString(), 10) }
  }

  it('is killed as a whole when time is up', async () => {
    const { child, grandchild } = await withGrandchild({ timeoutMs: 300 })

    const error = await thrown(child.done)

    expect(error.code).toBe('timeout')
    expect(error.retryable).toBe(true)
    expect(await endsSoon(grandchild)).toBe(true)
  })

  it('is killed as a whole on abort, with the reason of the abort', async () => {
    const stop = new AbortController()
    const { child, grandchild } = await withGrandchild({ signal: stop.signal })

    stop.abort(new AppError('too_large', 'enough'))

    expect((await thrown(child.done)).message).toBe('enough')
    expect(await endsSoon(grandchild)).toBe(true)
  })

  it('is killed as a whole when its output is not wanted any more', async () => {
    const { child, grandchild } = await withGrandchild({})

    await child.stop()

    expect(await endsSoon(grandchild)).toBe(true)
  })

  it('does not outlive a leader that ends by itself', async () => {
    const child = startChild(shell('sleep 1000 >/dev/null 2>&1 & echo $!'))
    const first = await new Promise<Buffer>((resolve) => child.stdout.once('data', resolve))
    child.stdout.resume()

    await child.done

    expect(await endsSoon(Number.parseInt(first.toString(), 10))).toBe(true)
  })

  it('ends a reader of its output with the same error', async () => {
    const stop = new AbortController()
    const child = startChild(shell('yes', { signal: stop.signal }))
    async function readAll(): Promise<void> {
      for await (const _ of child.stdout) stop.abort(new AppError('too_large', 'enough'))
    }

    expect((await thrown(readAll())).message).toBe('enough')
    expect((await thrown(child.done)).message).toBe('enough')
  })
})
