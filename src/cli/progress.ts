/**
 * One line on standard error that is drawn over itself while a scan runs and erased at its end. The engine is
 * synchronous, so a timer alone would stand still during big blobs: whoever makes progress also calls `update`.
 */
import type { Tally } from './tally.ts'
import { columnsOf, count, formatBytes, visible } from './terminal-text.ts'

const millisecondsBetween = 100

export interface Progress {
  /** Draws when the last drawing is old enough; cheap otherwise. */
  update: () => void
  /** Takes the line away, so that other output has the terminal to itself; the next update brings it back. */
  erase: () => void
  stop: () => void
}

/** What progress needs of a terminal. */
export interface ProgressStream {
  write(text: string): unknown
  columns?: number
}

export const noProgress: Progress = { update() {}, erase() {}, stop() {} }

export function startProgress(stream: ProgressStream, tally: Tally): Progress {
  let drawnAt = 0
  let shown = false
  let stopped = false

  function update(): void {
    const now = performance.now()
    if (stopped || now - drawnAt < millisecondsBetween) return
    drawnAt = now
    shown = true
    stream.write(`\r\u001b[K${progressLine(tally, now, stream.columns ?? 80)}`)
  }

  function erase(): void {
    if (shown) stream.write('\r\u001b[K')
    shown = false
  }

  // Clones and slow servers make no progress of their own; unref'd, so that it holds nothing open.
  const timer = setInterval(update, millisecondsBetween * 2).unref()

  return {
    update,
    erase,
    stop() {
      stopped = true
      clearInterval(timer)
      erase()
    },
  }
}

/** Never wider than the terminal: a line that wraps cannot be erased. */
export function progressLine(tally: Tally, now: number, width: number): string {
  const seconds = Math.max(0.001, (now - tally.startedAt) / 1000)
  const bytes = tally.bytesRead + tally.underway()
  const rate = bytes / seconds
  const tasks = tally.tasksStarted > 1 ? `, ${tally.tasksDone}/${tally.tasksStarted} units` : ''
  const left = timeLeft(tally, bytes, rate)
  const head = `${formatBytes(bytes)}, ${formatBytes(rate)}/s${left}, ${count(tally.engine.blobs, 'blob')}${tasks}`
  const line = tally.current === '' ? head : `${head}  ${visible(tally.current)}`
  if (columnsOf(line) < width) return line
  let cut = ''
  let columns = 1
  for (const character of line) {
    columns += columnsOf(character)
    if (columns >= width) break
    cut += character
  }
  return `${cut}…`
}

/** Told only once all of what there is to read is known, and while it is not more than was listed, as of archives. */
function timeLeft(tally: Tally, bytes: number, rate: number): string {
  const left = tally.bytesListed - bytes
  if (tally.tasksListed < tally.tasksStarted || left <= 0 || rate === 0) return ''
  const seconds = Math.ceil(left / rate)
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (hours > 0) return `, ${hours} h ${minutes % 60} min left`
  return minutes > 0 ? `, ${minutes} min ${seconds % 60} s left` : `, ${seconds} s left`
}
