/** ar, and so `.deb` and static libraries: plain members behind headers of sixty characters. */
import type { ByteReader } from './byte-reader.ts'
import { type Budget, boundMember, countMember } from './limits.ts'
import type { PackedMember } from './members.ts'

const headerLength = 60
/** The table of long names of GNU's ar; nobody needs a longer one. */
const longestNames = 16 * 1024 * 1024

/** Throws plain errors where a header is none. */
export async function* arMembers(reader: ByteReader, budget: Budget): AsyncGenerator<PackedMember> {
  await reader.take(8)
  let longNames = ''
  while ((await reader.peek(1)).length > 0) {
    const header = (await reader.take(headerLength)).toString('latin1')
    const size = Number(header.slice(48, 58).trim())
    if (!header.endsWith('`\n') || !Number.isSafeInteger(size) || size < 0)
      throw new Error('the ar archive is damaged')
    const written = header.slice(0, 16).trimEnd()
    const before = reader.used
    if (written === '//' && size <= longestNames) longNames = (await reader.take(size)).toString('latin1')
    else {
      countMember(budget)
      const name = await nameOf(written, longNames, reader)
      const length = size - (reader.used - before)
      if (length > 0) {
        const bytes = boundMember(reader.pieces(length), budget, () => reader.used - before)
        yield { name, size: length, refused: null, bytes }
      }
    }
    for await (const _ of reader.pieces(size - (reader.used - before)));
    if (size % 2 === 1 && (await reader.peek(1)).length > 0) reader.skipHeld(1)
  }
}

/** GNU writes `/12` for a place in the table, BSD `#1/20` for a name of 20 bytes before the content. */
async function nameOf(written: string, longNames: string, reader: ByteReader): Promise<string> {
  const inTable = /^\/(\d+)$/.exec(written)
  if (inTable) return longNames.slice(Number(inTable[1])).split(/\/?\n/, 1)[0] ?? written
  const inFront = /^#1\/(\d{1,4})$/.exec(written)
  if (inFront) return (await reader.take(Number(inFront[1]))).toString('latin1').replace(/\0+$/, '')
  return written.replace(/\/$/, '') || written
}
