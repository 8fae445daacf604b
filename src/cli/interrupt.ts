/**
 * The first SIGINT or SIGTERM asks a scan to end with what it has; a second one finds no listener and ends the
 * process at once, as the person wants by then.
 */
export interface Interrupt {
  signal: AbortSignal
  /** Takes the listeners away. */
  release(): void
}

export function catchInterrupt(): Interrupt {
  const controller = new AbortController()
  function release(): void {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
  function stop(): void {
    release()
    controller.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return { signal: controller.signal, release }
}
