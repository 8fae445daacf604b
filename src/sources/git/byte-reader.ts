/** Lines and counted bytes off one stream, as `git cat-file --batch` mixes them. */
import type { Readable } from 'node:stream'
import { AppError } from '../../model/errors.ts'

export interface ByteReader {
  /** The next line without its newline; null at the end of the stream. */
  line(): Promise<string | null>
  /** Exactly `size` bytes; null when the stream ends before. */
  take(size: number): Promise<Buffer | null>
  /** At most `size` bytes, whatever is there; null at the end of the stream. */
  some(size: number): Promise<Buffer | null>
}

/** Longest line expected by far: an object id, a type and a size. */
const maxLine = 4096

export function createByteReader(stream: Readable): ByteReader {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let rest: Buffer = Buffer.alloc(0)

  async function more(): Promise<boolean> {
    const step = await chunks.next()
    if (step.done) return false
    rest = rest.length === 0 ? step.value : Buffer.concat([rest, step.value])
    return true
  }

  async function some(size: number): Promise<Buffer | null> {
    if (rest.length === 0 && !(await more())) return null
    const part = rest.subarray(0, size)
    rest = rest.subarray(part.length)
    return part
  }

  return {
    some,
    async line() {
      let end = rest.indexOf(10)
      while (end < 0) {
        if (rest.length > maxLine) throw new AppError('git_failed', 'git said something unexpected')
        if (!(await more())) return null
        end = rest.indexOf(10)
      }
      const line = rest.toString('latin1', 0, end)
      rest = rest.subarray(end + 1)
      return line
    },
    async take(size) {
      if (rest.length >= size) {
        const whole = rest.subarray(0, size)
        rest = rest.subarray(size)
        return whole
      }
      const whole = Buffer.allocUnsafe(size)
      for (let at = 0; at < size; ) {
        const part = await some(size - at)
        if (part === null) return null
        part.copy(whole, at)
        at += part.length
      }
      return whole
    },
  }
}
