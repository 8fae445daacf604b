/**
 * Plants made-up credentials in a history: side branches that leave it at commits spread over its length, each a series
 * of commits that write a line into files as they are there, and now and then take one out. They are packed on their
 * own with deltas, as a fetch would bring them.
 */
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { seededRandom } from '../../../detectors/checks/random.ts'
import { Draw } from '../corpus/draw.ts'
import { createMint } from '../corpus/planted.ts'
import { gitLines, runGit } from './run-git.ts'

/** A credential in a history, and who is to blame. */
export interface PlantedCommit {
  detector: string
  value: string
  /** Author of the commit that brought it in; no two commits share one. */
  email: string
}

const filesOfBranch = 24
const largestFile = 32 * 1024
const credentialsOfCommit = 3

export interface Series {
  /** Credentials in all. */
  count: number
  branches: number
  /** The branches are called `NAME/0` and so on. */
  name: string
}

/** Plants credentials in the bare repository; none where it has no commit or no text file. */
export async function plantHistory(
  gitDir: string,
  { count, branches, name }: Series,
  signal: AbortSignal,
): Promise<PlantedCommit[]> {
  const draw = new Draw(seededRandom(count))
  const mint = createMint(draw.random)
  const planted: PlantedCommit[] = []
  const stream: Buffer[] = []
  const starts = await spreadCommits(gitDir, branches, signal)
  for (const [branch, start] of starts.entries()) {
    const files = await filesAt(gitDir, start, draw, signal)
    if (files.size === 0) continue
    const until = Math.ceil((count * (branch + 1)) / starts.length)
    const ref = `refs/heads/${name}/${branch}`
    let parent = start
    while (planted.length < until) {
      const added = Array.from({ length: Math.min(credentialsOfCommit, until - planted.length) }, mint)
      const email = `${name}-${planted.length}@example.com`
      for (const one of added) planted.push({ ...one, email })
      stream.push(commitText({ ref, parent, email, draw, files, added, turn: planted.length }))
      parent = ''
    }
  }
  await importPacked(gitDir, Buffer.concat(stream), signal)
  return planted
}

/** From the newest to the oldest on the main line. */
async function spreadCommits(gitDir: string, branches: number, signal: AbortSignal): Promise<string[]> {
  const run = { gitDir, signal }
  const head = await gitLines(['rev-list', '--first-parent', 'HEAD'], run).catch(() => [])
  const line = head.length > 0 ? head : await gitLines(['rev-list', '--all'], run)
  const count = Math.min(branches, line.length)
  return Array.from({ length: count }, (_, i) => line[Math.floor((i * line.length) / count)] ?? '')
}

/** Some text files of a commit, by path. */
async function filesAt(
  gitDir: string,
  commit: string,
  draw: Draw,
  signal: AbortSignal,
): Promise<Map<string, string[]>> {
  const run = { gitDir, signal }
  const listed = (await gitLines(['ls-tree', '-r', '-l', commit], run)).flatMap((line) => {
    const [, id, size, path] = /^100\d+ blob ([0-9a-f]+)\s+(\d+)\t([\w./+-]+)$/.exec(line) ?? []
    return id === undefined || path === undefined || Number(size) > largestFile ? [] : [{ id, path }]
  })
  const files = new Map<string, string[]>()
  for (let left = filesOfBranch * 2; left > 0 && files.size < filesOfBranch && listed.length > 0; left--) {
    const [one] = listed.splice(draw.int(0, listed.length - 1), 1)
    if (one === undefined) break
    const content = await runGit(['cat-file', 'blob', one.id], run)
    if (!content.includes(0)) files.set(one.path, content.toString('latin1').split('\n'))
  }
  return files
}

interface Commit {
  ref: string
  /** Empty: the last commit of the branch. */
  parent: string
  email: string
  draw: Draw
  files: Map<string, string[]>
  added: readonly { detector: string; value: string }[]
  turn: number
}

/** One commit in the language of `git fast-import`; changes `files`. */
function commitText({ ref, parent, email, draw, files, added, turn }: Commit): Buffer {
  const changed = new Set<string>()
  for (const { value } of added) {
    const path = draw.pick([...files.keys()])
    const lines = files.get(path) ?? []
    lines.splice(draw.int(0, lines.length), 0, `bench_setting = "${value}"`)
    // A version later some are gone again, as when somebody noticed.
    const old = lines.findIndex(
      (line) => line.startsWith('bench_setting') && !added.some((one) => line.includes(one.value)),
    )
    if (old >= 0 && draw.chance(0.2)) lines.splice(old, 1)
    changed.add(path)
  }
  const person = `Bench <${email}> ${1_600_000_000 + turn * 3600} +0000`
  const head = [`commit ${ref}`, `author ${person}`, `committer ${person}`, 'data 8', 'planted\n']
  if (parent !== '') head.push(`from ${parent}`)
  const parts = [Buffer.from(`${head.join('\n')}\n`)]
  for (const path of changed) {
    const content = Buffer.from((files.get(path) ?? []).join('\n'), 'latin1')
    parts.push(Buffer.from(`M 100644 inline ${path}\ndata ${content.length}\n`), content, Buffer.from('\n'))
  }
  return Buffer.concat(parts)
}

/** Imports beside the repository, packs there with deltas, and moves pack and refs over. */
async function importPacked(gitDir: string, stream: Buffer, signal: AbortSignal): Promise<void> {
  const beside = `${gitDir}.import`
  await rm(beside, { recursive: true, force: true })
  try {
    const main = { gitDir, signal }
    const import_ = { gitDir: beside, signal }
    const format = (await gitLines(['rev-parse', '--show-object-format'], main))[0] ?? 'sha1'
    await runGit(['init', '--quiet', '--bare', `--object-format=${format}`, beside], import_)
    await mkdir(join(beside, 'objects/info'), { recursive: true })
    await writeFile(join(beside, 'objects/info/alternates'), `${join(gitDir, 'objects')}\n`)
    await runGit(['fast-import', '--quiet', '--date-format=raw'], { ...import_, input: stream })
    await runGit(['repack', '-a', '-d', '-l', '-f', '-q'], import_)
    const packs = join(beside, 'objects/pack')
    // The index last: it is what makes a pack known.
    for (const name of (await readdir(packs)).sort(
      (a, b) => Number(a.endsWith('.idx')) - Number(b.endsWith('.idx')),
    ))
      await rename(join(packs, name), join(gitDir, 'objects/pack', name))
    const refs = await gitLines(['for-each-ref', '--format=update %(refname) %(objectname)'], import_)
    await runGit(['update-ref', '--stdin'], { ...main, input: `${refs.join('\n')}\n` })
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
}
