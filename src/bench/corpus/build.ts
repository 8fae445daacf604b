/**
 * Builds the text corpus in a folder, or finds it there complete. A manifest beside it says what it holds and where
 * credentials were planted; it is written last, so that a build that was killed is begun anew.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { seededRandom } from '../../../detectors/checks/random.ts'
import { Draw } from './draw.ts'
import { packageFiles } from './packages.ts'
import { planFiles } from './plan.ts'
import { createMint, type Planted } from './planted.ts'
import { makeFile } from './write-text.ts'

/** Raised whenever the same options would give another corpus. */
const generation = 2

export interface CorpusOptions {
  /** Bytes, at least. */
  size: number
  /** Files, at least. */
  files: number
  seed: number
}

const Manifest = z.object({
  generation: z.literal(generation),
  bytes: z.number(),
  files: z.number(),
  /** Of `files`, those taken from installed packages. */
  package_files: z.number(),
  planted: z.array(
    z.object({
      detector: z.string(),
      path: z.string(),
      archive_path: z.string().exactOptional(),
      byte_start: z.number(),
      byte_end: z.number(),
    }),
  ),
  /** Texts that no archive holds, in the order they were written: path and bytes. */
  texts: z.array(z.tuple([z.string(), z.number()])),
})
type Manifest = z.infer<typeof Manifest>

/** A corpus on disk. */
export interface Corpus extends Manifest {
  /** Folder of its files. */
  folder: string
}

/** Of the bytes and of the files, at most: the rest is made up, so that no machine lacks it. */
const packageBytesShare = 0.25
const packageFilesShare = 0.55
const plantOneIn = 50
const leastPlanted = 12

/**
 * The corpus of these options below `cache`.
 * @param progress told bytes written so far, now and then
 */
export async function buildCorpus(
  cache: string,
  options: CorpusOptions,
  progress: (bytes: number) => void,
): Promise<Corpus> {
  const name = `corpus-${options.size}-${options.files}-${options.seed}`
  const folder = join(cache, name)
  const manifestPath = join(cache, `${name}.json`)
  const known = await readManifest(manifestPath)
  if (known !== null) return { ...known, folder }
  await rm(folder, { recursive: true, force: true })
  const manifest = await write(folder, options, progress)
  await writeFile(manifestPath, JSON.stringify(manifest))
  return { ...manifest, folder }
}

async function readManifest(path: string): Promise<Manifest | null> {
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return Manifest.parse(JSON.parse(text))
  } catch {
    return null
  }
}

async function write(
  folder: string,
  options: CorpusOptions,
  progress: (bytes: number) => void,
): Promise<Manifest> {
  const manifest: Manifest = { generation, bytes: 0, files: 0, package_files: 0, planted: [], texts: [] }
  const made = new Set<string>()
  const put = async (path: string, content: Buffer, isText: boolean): Promise<void> => {
    const target = join(folder, path)
    const parent = dirname(target)
    if (!made.has(parent)) await mkdir(parent, { recursive: true })
    made.add(parent)
    await writeFile(target, content)
    manifest.bytes += content.length
    manifest.files += 1
    if (isText) manifest.texts.push([path, content.length])
    if (manifest.files % 64 === 0) progress(manifest.bytes)
  }

  const draw = new Draw(seededRandom(options.seed))
  const packageBytes = options.size * packageBytesShare
  for await (const file of packageFiles(draw, packageBytes, Math.floor(options.files * packageFilesShare))) {
    await put(`packages/${file.path}`, file.content, true)
    manifest.package_files += 1
  }
  // What was taken differs from machine to machine; what is made up must not.
  await putMadeUp(new Draw(seededRandom(options.seed + 1)), options, manifest, put)
  return manifest
}

/** Goes on past the plan, in files of its mean length, until there are bytes enough: archives are shorter than their texts. */
async function putMadeUp(
  draw: Draw,
  options: CorpusOptions,
  manifest: Manifest,
  put: (path: string, content: Buffer, isText: boolean) => Promise<void>,
): Promise<void> {
  const mint = createMint(draw.random)
  let round = 0
  while (manifest.bytes < options.size || manifest.files < options.files) {
    const files = Math.max(options.files - manifest.files, round === 0 ? 1 : 16)
    const plan = planFiles(draw, Math.max(options.size - manifest.bytes, files * 1024), files)
    const every = Math.max(1, Math.min(plantOneIn, Math.floor(files / leastPlanted)))
    for (const [index, file] of plan.entries()) {
      const credential = index % every === 0 ? mint() : null
      const path = round === 0 ? file.path : `more-${round}/${file.path}`
      const { content, planted } = makeFile({ ...file, path }, draw, credential)
      await put(path, content, file.packed === null)
      if (planted !== null) manifest.planted.push(planted satisfies Planted)
    }
    round += 1
  }
}
