/** An open pack, read piecewise: never more of it is in memory than somebody asked for. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

export interface PackFile {
  readonly size: number
  /** Fills `bytes` from `at` on with what stands at `offset`; answers how much there was, less only at the end. */
  read(bytes: Uint8Array, at: number, length: number, offset: number): number
  close(): void
}

export function openPackFile(path: string): PackFile {
  const file = openSync(path, 'r')
  const { size } = fstatSync(file)
  return {
    size,
    read(bytes, at, length, offset) {
      let got = 0
      while (got < length) {
        const some = readSync(file, bytes, at + got, length - got, offset + got)
        if (some === 0) break
        got += some
      }
      return got
    },
    close: () => closeSync(file),
  }
}
