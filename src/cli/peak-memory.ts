/**
 * The most memory this process has held. What the system counts for `getrusage` also covers whatever the process was
 * before it became this program: started by a large one, it would be told as large itself.
 */
import { readFileSync } from 'node:fs'

/** In bytes; as `/proc` says where there is one, else as `getrusage` does. */
export function peakMemory(): number {
  return peakOf(statusOf()) ?? process.resourceUsage().maxRSS * 1024
}

/** Bytes of the line `VmHWM` of proc(5), in which they are KiB; null where there is none. */
export function peakOf(status: string): number | null {
  const line = /^VmHWM:\s*(\d+) kB$/m.exec(status)
  return line ? Number(line[1]) * 1024 : null
}

function statusOf(): string {
  try {
    return readFileSync('/proc/self/status', 'latin1')
  } catch {
    return ''
  }
}
