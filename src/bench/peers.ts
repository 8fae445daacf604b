/**
 * Other scanners and how they are called: what they find by themselves, verification and updates off, on two threads,
 * results dropped. Each runs in a fresh folder of its own, since some keep their results there.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../model/errors.ts'
import { findProgram } from './machine.ts'
import { type Measured, measure } from './measure.ts'

interface Peer {
  name: string
  folder(path: string): readonly string[]
  /** The whole history of a local clone; all of these read all branches and tags. */
  history(clone: string): readonly string[]
  /** Exit statuses after a whole scan, with and without findings. */
  statuses: readonly number[]
}

const kingfisher = ['--no-validate', '--no-update-check', '--jobs', '2', '--format', 'jsonl', '--quiet']
const leaks = ['--no-banner', '--exit-code', '0', '--log-level', 'error']
const trufflehog = ['--no-verification', '--no-update', '--json', '--concurrency', '2']

const peers: readonly Peer[] = [
  {
    name: 'kingfisher',
    folder: (path) => ['scan', path, ...kingfisher],
    history: (clone) => ['scan', clone, '--git-history', 'full', ...kingfisher],
    statuses: [0, 200, 205],
  },
  {
    name: 'gitleaks',
    folder: (path) => ['dir', path, ...leaks],
    history: (clone) => ['git', clone, ...leaks],
    statuses: [0],
  },
  {
    name: 'betterleaks',
    folder: (path) => ['dir', path, ...leaks],
    history: (clone) => ['git', clone, ...leaks],
    statuses: [0],
  },
  {
    name: 'trufflehog',
    folder: (path) => ['filesystem', path, ...trufflehog],
    history: (clone) => ['git', `file://${clone}`, ...trufflehog],
    statuses: [0, 183],
  },
  {
    name: 'titus',
    folder: (path) => ['scan', path, '--output', 'titus.ds'],
    history: (clone) => ['scan', '--git', clone, '--output', 'titus.ds'],
    statuses: [0, 1],
  },
  {
    name: 'noseyparker',
    folder: (path) => ['scan', '--datastore', 'np.ds', '--jobs', '2', path],
    history: (clone) => ['scan', '--datastore', 'np.ds', '--jobs', '2', clone],
    statuses: [0],
  },
]

export const peerNames = peers.map(({ name }) => name)

/** Those of `wanted` that are on PATH: name and path. */
export async function findPeers(wanted: readonly string[]): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const name of wanted) {
    const path = await findProgram(name)
    if (path !== null) found[name] = path
  }
  return found
}

export interface PeerRun {
  name: string
  path: string
  /** What is scanned, and as what. */
  target: string
  as: 'folder' | 'history'
  cores: readonly number[] | null
  /** Seconds after which it is stopped. */
  limit: number
  /** A folder to work in is made below it. */
  cache: string
  signal: AbortSignal
}

/** Measures one run; null where the peer failed, since its time then says nothing. */
export async function runPeer(run: PeerRun): Promise<Measured | null> {
  const peer = peers.find(({ name }) => name === run.name)
  if (peer === undefined) throw new AppError('usage', `no scanner "${run.name}" is known`)
  const cwd = await mkdtemp(join(run.cache, 'peer-'))
  try {
    return await measure(
      {
        name: run.name,
        command: run.path,
        args: peer[run.as](run.target),
        cwd,
        cores: run.cores,
        statuses: peer.statuses,
        limit: run.limit,
      },
      run.signal,
    )
  } catch (error) {
    if (run.signal.aborted || !(error instanceof AppError)) throw error
    return null
  } finally {
    await rm(cwd, { recursive: true, force: true })
  }
}
