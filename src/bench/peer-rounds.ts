/** Peers in the rounds of a bench: each once a round, but one that takes long or fails is not asked again. */
import type { Measured } from './measure.ts'
import { runPeer } from './peers.ts'
import { makeRow, type Row } from './report.ts'
import type { BenchParts } from './run-parts.ts'

/** A run of this many seconds is not repeated: noise is small beside it. */
const long = 60

export interface PeerRounds {
  run(): Promise<void>
  rows(bytes: number | null): Row[]
  notes(): string[]
}

export function peerRounds(
  target: string,
  as: 'folder' | 'history',
  cores: readonly number[] | null,
  parts: BenchParts,
): PeerRounds {
  const runs = new Map<string, Measured[]>()
  const failed = new Set<string>()
  return {
    async run() {
      for (const [name, path] of Object.entries(parts.peers)) {
        const before = runs.get(name) ?? []
        if (failed.has(name) || before.some(({ seconds }) => seconds > long)) continue
        parts.progress(`${name} over ${target}`)
        const { cache, signal, peerLimit: limit } = parts
        const measured = await runPeer({ name, path, target, as, cores, limit, cache, signal })
        if (measured === null) failed.add(name)
        else runs.set(name, [...before, measured])
      }
    },
    rows: (bytes) => [...runs].map(([name, measured]) => makeRow(name, false, measured, bytes)),
    notes: () => [
      ...(Object.keys(parts.peers).length === 0 ? ['no other scanner to compare with is on PATH'] : []),
      ...[...failed].map((name) => `${name} failed and is left out`),
      ...[...runs]
        .filter(([, measured]) => measured.some(({ stopped }) => stopped))
        .map(([name]) => `${name} was stopped after ${parts.peerLimit} s, it takes longer`),
    ],
  }
}
