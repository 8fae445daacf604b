/**
 * Puts the modules that a scan loads first into few files, in place, since opening and linking one of 250 small files
 * takes longer than all that is in it: a millisecond each. What only some scans load stays apart, and so does what holds
 * classes that are told by identity.
 */
import { readdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const model = `${dist}src/model/`
/** Stands on a package that only the service loads. */
const jobs = `${model}jobs.js`
/** The last one looks for its WebAssembly beside itself. */
const shared = ['src/sources/archive/', 'src/sources/git/pack/'].map((folder) => dist + folder)

/** Each becomes one file with what it imports; in its own folder, so that what it finds beside itself stays there. */
const heads = [
  'detectors/index.js',
  'src/scan/engine.js',
  'src/cli/program.js',
  'src/cli/scan-part.js',
  'src/cli/scan-worker.js',
  'src/sources/files/open.js',
  'src/sources/git/open.js',
  'src/config/config.js',
].map((head) => dist + head)

/** Loaded on demand, but by nearly every scan. */
const demanded = [
  'src/cli/scan.js',
  'src/sources/files/open.js',
  'src/respond/export/json.js',
  'src/respond/export/jsonl.js',
].map((path) => dist + path)

/** Zod is 90 files, of which 60 are languages nobody asks for; scans that read settings have it as one. */
const zod = `${dist}src/base/zod.js`

/** Leaves packages, most of what is loaded on demand, what is shared and the other heads where they are. */
const keepApart = {
  name: 'keep-apart',
  resolveId(id, importer, { kind }) {
    // Seven files in CommonJS, each of which takes Node a millisecond to find and more to load.
    if (importer === undefined || id === 'commander' || importer.includes('/node_modules/')) return null
    if (id === 'zod') return { id: zod, external: 'relative' }
    if (!id.startsWith('.')) return { id, external: true }
    const path = resolve(dirname(importer), id)
    if (path.startsWith(model)) return { id: path === jobs ? path : `${model}all.js`, external: 'relative' }
    if (kind === 'dynamic-import') return demanded.includes(path) ? null : { id: path, external: 'relative' }
    const apart = heads.includes(path) || shared.some((folder) => path.startsWith(folder))
    return apart ? { id: path, external: 'relative' } : null
  },
}

await bundle('zod', zod, [])
for (const head of heads) await bundle(head, head, [keepApart])

// One file with the model; its modules pass on what is in there.
const names = readdirSync(model).filter((name) => name.endsWith('.js') && model + name !== jobs)
writeFileSync(`${model}all.js`, names.map((name) => `export * from './${name}'\n`).join(''))
await bundle(`${model}all.js`, `${model}all.js`, [])
for (const name of names) writeFileSync(model + name, `export * from './all.js'\n`)

async function bundle(input, file, plugins) {
  const made = await rolldown({ input, platform: 'node', plugins })
  await made.write({ file, format: 'esm', codeSplitting: false })
  await made.close()
}
