/**
 * A bare copy of a clone that can be written to: its objects are hard links (git never changes an object file or a
 * pack in place), its refs are made anew, its configuration and hooks stay behind. The clone itself is only read.
 */
import { copyFile, link, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { AppError } from '../../model/errors.ts'
import { gitLines, runGit } from './run-git.ts'

/** Makes `target`, replacing what is there. */
export async function copyClone(clone: string, target: string, signal: AbortSignal): Promise<void> {
  const source = await gitDirOf(clone)
  await rm(target, { recursive: true, force: true })
  const from = { gitDir: source, signal }
  const to = { gitDir: target, signal }
  const format = (await gitLines(['rev-parse', '--show-object-format'], from))[0] ?? 'sha1'
  await runGit(['init', '--quiet', '--bare', `--object-format=${format}`, target], to)
  await linkTree(join(source, 'objects'), join(target, 'objects'))
  await copyAlternates(source, target)
  const refs = await gitLines(['for-each-ref', '--format=create %(refname) %(objectname)'], from)
  await runGit(['update-ref', '--stdin'], { ...to, input: `${refs.join('\n')}\n` })
  const head = await readFile(join(source, 'HEAD'), 'utf8')
  await writeFile(join(target, 'HEAD'), head)
}

async function gitDirOf(clone: string): Promise<string> {
  for (const path of [join(clone, '.git'), clone]) {
    const objects = await stat(join(path, 'objects')).catch(() => null)
    if (objects?.isDirectory()) return resolve(path)
  }
  throw new AppError('not_found', `there is no git repository in "${clone}"; name a local clone`)
}

async function linkTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) {
      if (entry.name !== 'info') await linkTree(source, target)
    }
    // Another file system: copied instead. A copy has no server that could have promised anything.
    else if (entry.isFile() && !entry.name.endsWith('.promisor'))
      await link(source, target).catch(() => copyFile(source, target))
  }
}

async function copyAlternates(source: string, target: string): Promise<void> {
  const text = await readFile(join(source, 'objects/info/alternates'), 'utf8').catch(() => null)
  if (text === null) return
  const paths = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const absolute = paths.map((path) => resolve(join(source, 'objects'), path))
  await mkdir(join(target, 'objects/info'), { recursive: true })
  await writeFile(join(target, 'objects/info/alternates'), `${absolute.join('\n')}\n`)
}
