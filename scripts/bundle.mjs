/**
 * Puts the modules that a scan loads first into few files, in place, since opening and linking one of 250 small files
 * takes longer than all that is in it. What they load on demand stays apart, and so does what holds classes that are
 * told by identity.
 */
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))
/** The last one looks for its WebAssembly beside itself. */
const shared = ['src/model/', 'src/sources/archive/', 'src/sources/git/pack/'].map((folder) => dist + folder)

/** Each becomes one file with what it imports; in its own folder, so that what it finds beside itself stays there. */
const heads = [
  'detectors/index.js',
  'src/scan/engine.js',
  'src/cli/program.js',
  'src/cli/scan.js',
  'src/cli/scan-part.js',
  'src/cli/scan-worker.js',
  'src/sources/files/open.js',
].map((head) => dist + head)

/** Leaves packages, what is loaded on demand, what is shared and the other heads where they are. */
const keepApart = {
  name: 'keep-apart',
  resolveId(id, importer, { kind }) {
    if (importer === undefined) return null
    if (!id.startsWith('.')) return { id, external: true }
    const path = resolve(dirname(importer), id)
    const apart =
      kind === 'dynamic-import' || heads.includes(path) || shared.some((folder) => path.startsWith(folder))
    return apart ? { id: path, external: 'relative' } : null
  },
}

for (const head of heads) {
  const bundle = await rolldown({ input: head, platform: 'node', plugins: [keepApart] })
  await bundle.write({ file: head, format: 'esm' })
  await bundle.close()
}
