/** Measuring: what is asked for runs, fails or is stopped, and its children are counted with it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { measure } from '../../src/bench/measure.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyrecall-measure-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const { signal } = new AbortController()

function node(script: string) {
  return { name: 'node', command: process.execPath, args: ['-e', script], cores: null, statuses: [0] }
}

test('takes time, processor time and memory of a program and of what it starts', async () => {
  const hold = `const b = Buffer.alloc(150e6, 1); let n = 0; for (let i = 0; i < 2e8; i++) n += i % 7; setTimeout(() => b[n % 9], 200)`
  const script = `require('child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(hold)}])`

  const measured = await measure(node(script), signal)

  expect(measured.seconds).toBeGreaterThan(0.2)
  expect(measured.cpu_seconds ?? 0).toBeGreaterThan(0)
  if (process.platform === 'linux') expect(measured.peak_bytes ?? 0).toBeGreaterThan(150e6)
})

test('writes standard output where it is told to', async () => {
  const output = join(folder, 'output.txt')

  await measure({ ...node("console.log('said')"), output }, signal)

  expect(await readFile(output, 'utf8')).toBe('said\n')
})

test('takes no time of a program that fails, and says how it ended', async () => {
  const failing = measure(node("console.error('broken'); process.exit(3)"), signal)

  await expect(failing).rejects.toThrow(/^node ended with status 3: broken$/)
  await expect(measure({ ...node('process.exit(3)'), statuses: [3] }, signal)).resolves.toBeDefined()
})

test('stops a program at its limit, and says so', async () => {
  const measured = await measure({ ...node('setInterval(() => {}, 1000)'), limit: 0.5 }, signal)

  expect(measured.stopped).toBe(true)
})

test('ends with the signal that interrupts it', async () => {
  const controller = new AbortController()
  const running = measure(node('setInterval(() => {}, 1000)'), controller.signal)
  setTimeout(() => controller.abort(), 300)

  await expect(running).rejects.toThrow(/abort/)
})
