import { afterEach, expect, test, vi } from 'vitest'
import { progressLine, startProgress } from '../../src/cli/progress.ts'
import { newTally } from '../../src/cli/tally.ts'
import { columnsOf } from '../../src/cli/terminal-text.ts'

afterEach(() => {
  vi.useRealTimers()
})

function terminal(): { columns: number; written: string[]; write(text: string): void } {
  const written: string[] = []
  return { columns: 60, written, write: (text) => written.push(text) }
}

test('the line holds bytes, rate, blobs, units and what is read now', () => {
  const tally = {
    ...newTally(),
    startedAt: 0,
    bytesRead: 5_000_000,
    tasksStarted: 9,
    tasksDone: 4,
    current: 'a.env',
  }
  tally.engine.blobs = 12

  expect(progressLine(tally, 2_000, 100)).toBe('5.0 MB, 2.5 MB/s, 12 blobs, 4/9 units  a.env')
})

test('the line tells how long it will take once all of what there is to read is known', () => {
  const tally = {
    ...newTally(),
    startedAt: 0,
    bytesRead: 4_000_000,
    // What other threads are at counts.
    underway: () => 1_000_000,
    bytesListed: 10_000_000,
    tasksStarted: 1,
  }

  expect(progressLine(tally, 2_000, 100)).toBe('5.0 MB, 2.5 MB/s, 0 blobs')
  tally.tasksListed = 1
  expect(progressLine(tally, 2_000, 100)).toBe('5.0 MB, 2.5 MB/s, 2 s left, 0 blobs')
  tally.bytesListed = 1_005_000_000
  expect(progressLine(tally, 2_000, 100)).toContain(', 6 min 40 s left,')
  tally.bytesListed = 10_005_000_000
  expect(progressLine(tally, 2_000, 100)).toContain(', 1 h 6 min left,')
  // More was read than listed: archives.
  tally.bytesListed = 4_000_000
  expect(progressLine(tally, 2_000, 100)).not.toContain('left')
})

test('the line stays within the terminal and escapes the path', () => {
  const tally = { ...newTally(), current: `\u001b[2J${'日本'.repeat(100)}` }

  const line = progressLine(tally, performance.now(), 50)

  expect(columnsOf(line)).toBeLessThan(50)
  expect(line).not.toContain('\u001b')
})

test('the line is drawn over itself and erased at the end, and nothing comes after that', () => {
  vi.useFakeTimers()
  const stream = terminal()
  const progress = startProgress(stream, newTally())

  vi.advanceTimersByTime(1_000)
  progress.stop()
  progress.update()
  vi.advanceTimersByTime(1_000)

  expect(stream.written.length).toBeGreaterThan(2)
  expect(stream.written.every((text) => text.startsWith('\r\u001b[K'))).toBe(true)
  expect(stream.written.at(-1)).toBe('\r\u001b[K')
})

test('a burst of updates draws once', () => {
  vi.useFakeTimers()
  const stream = terminal()
  const progress = startProgress(stream, newTally())
  vi.advanceTimersByTime(150)
  stream.written.length = 0

  for (let index = 0; index < 1_000; index += 1) progress.update()

  expect(stream.written).toHaveLength(1)
  progress.stop()
})
