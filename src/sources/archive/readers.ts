/** Which reader opens which format. Each is loaded at the first archive of its kind: most scans meet two or three. */
import type { Stretches } from './blanked.ts'
import { ByteReader } from './byte-reader.ts'
import type { CompressedFormat } from './compressed.ts'
import type { ArchiveFormat } from './format.ts'
import { type Budget, LimitReached } from './limits.ts'
import type { PackedMember } from './members.ts'
import type { RandomAccess } from './random-access.ts'

/** Read here and there. */
export type WholeFormat = 'zip' | '7z' | 'sqlite' | 'pdf'
/** Read from front to back. */
export type StreamedFormat = Exclude<ArchiveFormat, WholeFormat>
type StreamedContainer = Exclude<StreamedFormat, CompressedFormat>

const whole: ReadonlySet<ArchiveFormat> = new Set(['zip', '7z', 'sqlite', 'pdf'])

export function isStreamed(format: ArchiveFormat): format is StreamedFormat {
  return !whole.has(format)
}

/** The members of an archive of this format, to be read one after the other. */
export async function* streamedMembers(
  format: StreamedContainer,
  packed: AsyncIterable<Uint8Array>,
  budget: Budget,
): AsyncGenerator<PackedMember> {
  if (format === 'tar') {
    const { tarMembers } = await import('./tar.ts')
    yield* tarMembers(packed, budget)
    return
  }
  const reader = new ByteReader(packed)
  try {
    if (format === 'ar') yield* (await import('./ar.ts')).arMembers(reader, budget)
    else if (format === 'cpio') yield* (await import('./cpio.ts')).cpioMembers(reader, budget)
    else yield* (await import('./cpio.ts')).rpmMembers(reader, budget)
  } finally {
    await reader.close()
  }
}

/** @param covered hears which bytes need not be scanned as they are, where that is not all of them */
export async function* wholeMembers(
  format: WholeFormat,
  access: RandomAccess,
  budget: Budget,
  covered: Stretches,
): AsyncGenerator<PackedMember> {
  switch (format) {
    case 'zip': {
      const { zipMembers } = await import('./zip.ts')
      return yield* zipMembers(access, budget)
    }
    case '7z': {
      const { sevenZipMembers } = await import('./seven-zip.ts')
      return yield* sevenZipMembers(access, budget)
    }
    case 'sqlite': {
      const { sqliteMembers } = await import('./sqlite.ts')
      return yield* sqliteMembers(access, budget, covered)
    }
    case 'pdf': {
      const { longestPdf, pdfMembers } = await import('./pdf.ts')
      if (access.size > longestPdf) {
        throw new LimitReached(`it is larger than ${longestPdf} bytes; it was scanned packed`, false)
      }
      return yield* pdfMembers(await access.bytes(0, access.size), budget, covered)
    }
  }
}
