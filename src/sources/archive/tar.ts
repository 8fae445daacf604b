/**
 * tar: members in the order they stand in, streamed. Links, directories and devices hold no bytes and are
 * passed over; nothing is ever written to disk, so names and modes cannot do harm.
 */
import { extract } from 'tar-stream'
import { type Budget, boundMember, countMember } from './limits.ts'
import type { PackedMember } from './members.ts'

/** Archives from before `ustar` too; tar-stream's types leave this option out. */
const options: object = { allowUnknownFormat: true }

/** Yields members; each is to be read before the next is asked for, what is left of it is passed over. */
export async function* tarMembers(
  packed: AsyncIterable<Uint8Array>,
  budget: Budget,
): AsyncGenerator<PackedMember> {
  const reader = extract(options)
  const feeding = feed(packed, reader)
  let used = 0
  try {
    for await (const entry of reader) {
      countMember(budget)
      // Not `for await`: leaving that early would end the whole archive.
      const chunks = entry[Symbol.asyncIterator]()
      async function* bytes(): AsyncGenerator<Uint8Array> {
        for (let step = await chunks.next(); !step.done; step = await chunks.next()) {
          const chunk = step.value as Uint8Array
          used += chunk.length
          yield chunk
        }
      }
      const size = entry.header.size ?? 0
      if (size > 0) {
        // Not packed: what comes out went in.
        yield {
          name: entry.header.name,
          size,
          refused: null,
          bytes: boundMember(bytes(), budget, () => used),
        }
      }
      while (!(await chunks.next()).done);
    }
    await feeding
  } finally {
    reader.destroy()
    await feeding.catch(() => {})
  }
}

async function feed(packed: AsyncIterable<Uint8Array>, reader: ReturnType<typeof extract>): Promise<void> {
  try {
    for await (const chunk of packed) {
      if (reader.destroyed) return
      if (!reader.write(chunk)) await drained(reader)
    }
    reader.end(null)
  } catch (error) {
    reader.destroy(error as Error)
  }
}

async function drained(reader: ReturnType<typeof extract>): Promise<void> {
  await new Promise<void>((resolve) => {
    function done(): void {
      reader.off('drain', done)
      reader.off('close', done)
      resolve()
    }
    reader.on('drain', done)
    reader.on('close', done)
  })
}
