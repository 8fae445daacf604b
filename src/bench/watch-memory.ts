/**
 * Peak memory of a process and all that it starts, read from `/proc` while they run. The kernel's own peak
 * (`ru_maxrss`) is not used: a child inherits the peak of whoever started it.
 */
import { existsSync, readFileSync } from 'node:fs'

const millisecondsBetween = 20

export interface MemoryWatch {
  /** Ends the watch; the peak in bytes, null where the system does not tell. */
  stop(): number | null
}

/** @param pid the process at the top, which is not counted itself: it is the shell that waits */
export function watchMemory(pid: number): MemoryWatch {
  if (!existsSync('/proc/self/status')) return { stop: () => null }
  let peak = 0
  const look = (): void => {
    let together = 0
    for (const one of descendants(pid)) {
      const { now, highest } = readStatus(one)
      together += now
      // One process alone was at its own peak, perhaps between two looks.
      peak = Math.max(peak, highest)
    }
    peak = Math.max(peak, together)
  }
  const timer = setInterval(look, millisecondsBetween)
  return {
    stop() {
      clearInterval(timer)
      return peak === 0 ? null : peak
    },
  }
}

function descendants(pid: number): number[] {
  const found: number[] = []
  const waiting = [pid]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const children = read(`/proc/${next}/task/${next}/children`).trim()
    for (const child of children === '' ? [] : children.split(' ')) {
      found.push(Number(child))
      waiting.push(Number(child))
    }
  }
  return found
}

function readStatus(pid: number): { now: number; highest: number } {
  const status = read(`/proc/${pid}/status`)
  const field = (name: RegExp): number => Number(name.exec(status)?.[1] ?? 0) * 1024
  return { now: field(/^VmRSS:\s+(\d+) kB/m), highest: field(/^VmHWM:\s+(\d+) kB/m) }
}

/** Empty once the process is gone. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
