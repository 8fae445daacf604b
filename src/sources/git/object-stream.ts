/** What one git prints, piece by piece: a large object streams from a git of its own. */
import { startChild } from '../../base/child.ts'

/** The output of a child that reads nothing. Throws what `startChild` says of a failure; ended early, the child is stopped. */
export async function* streamOutput(options: Parameters<typeof startChild>[0]): AsyncGenerator<Buffer> {
  const child = startChild(options)
  child.stdin.end()
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer
    await child.done
  } finally {
    await child.stop()
  }
}
