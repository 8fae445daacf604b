/** Formats that hold one stream and at most its name: gzip, bzip2, xz and Zstandard. */

import { withReader } from './byte-reader.ts'
import { bunzip2 } from './bzip2.ts'
import { gunzip, nameInHeader } from './gzip.ts'
import { type Budget, boundMember, countMember } from './limits.ts'
import type { PackedMember } from './members.ts'
import { unxz } from './xz.ts'

export type CompressedFormat = 'gzip' | 'bzip2' | 'xz' | 'zstd'

const endings: Readonly<Record<CompressedFormat, RegExp>> = {
  gzip: /\.(?:gz|(tgz))$/i,
  bzip2: /\.(?:bz2?|(tbz2?|tb2))$/i,
  xz: /\.(?:xz|(txz))$/i,
  zstd: /\.(?:zst|(tzst))$/i,
}

/**
 * @param head first bytes of the file, for the name that may be in them
 * @param path name of the file itself, for when there is none
 */
export async function compressedMember(
  format: CompressedFormat,
  packed: AsyncIterable<Uint8Array>,
  head: Buffer,
  path: string,
  budget: Budget,
): Promise<PackedMember> {
  countMember(budget)
  let used = 0
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of packed) {
      used += chunk.length
      yield chunk
    }
  }
  return {
    name: (format === 'gzip' ? nameInHeader(head) : null) ?? nameFromPath(path, endings[format]),
    size: null,
    refused: null,
    bytes: boundMember(await unpacker(format, counted(), budget), budget, () => used),
  }
}

async function unpacker(
  format: CompressedFormat,
  packed: AsyncIterable<Uint8Array>,
  { limits }: Budget,
): Promise<AsyncIterable<Uint8Array>> {
  switch (format) {
    case 'gzip':
      return gunzip(packed)
    case 'bzip2':
      return withReader(packed, bunzip2)
    case 'xz':
      return withReader(packed, (reader) => unxz(reader, limits.maxMemoryBytes))
    case 'zstd': {
      const { unzstd } = await import('./zstd.ts')
      return withReader(packed, (reader) => unzstd(reader, limits.maxMemoryBytes))
    }
  }
}

function nameFromPath(path: string, ending: RegExp): string {
  const base = path.slice(path.lastIndexOf('/') + 1)
  const found = ending.exec(base)
  if (!found) return base || 'data'
  const stem = base.slice(0, found.index)
  return found[1] ? `${stem}.tar` : stem || 'data'
}
