/** Progress of the demo on stderr: one line that is drawn over on a terminal, a line a change elsewhere. */
import type { OutputStream } from './context.ts'
import { visible } from './terminal-text.ts'

export interface ProgressLine {
  show(line: string): void
  end(): void
}

export function createProgressLine(stream: OutputStream): ProgressLine {
  const begun = Date.now()
  return {
    show(line) {
      const text = `${((Date.now() - begun) / 1000).toFixed(1).padStart(5)} s  ${visible(line)}`
      if (stream.isTTY) stream.write(`\r\x1b[K${text.slice(0, (stream.columns ?? 80) - 1)}`)
      else stream.write(`${text}\n`)
    },
    end() {
      if (stream.isTTY) stream.write('\r\x1b[K')
    },
  }
}
