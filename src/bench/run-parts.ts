/** What every benchmark is given. */
import type { Corpus } from './corpus/build.ts'

export interface BenchParts {
  /** This program: Node and the path of its main file. */
  main: string
  /** Folder for what the benches write. */
  cache: string
  /** Runs of everything; medians are taken. */
  repeats: number
  /** Path of ripgrep, or null where it is not on PATH. */
  ripgrep: string | null
  /** File with the fixed texts that ripgrep looks for, one a line. */
  anchors: string
  /** Other scanners: name and path. */
  peers: Readonly<Record<string, string>>
  /** Seconds after which another scanner is stopped. */
  peerLimit: number
  progress: (line: string) => void
  signal: AbortSignal
}

/** Benches over the text corpus. */
export interface CorpusParts extends BenchParts {
  corpus: Corpus
}
