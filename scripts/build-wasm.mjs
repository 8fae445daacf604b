/**
 * Compiles what is written in AssemblyScript to WebAssembly, beside its source, when it is older than that. A file
 * appears whole or not at all, since several builds and tests may run at once. With a folder as argument the files
 * are also copied to the same places below it.
 */
import { cpSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const root = fileURLToPath(new URL('../', import.meta.url))
const plain = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--importMemory']
/** The file of each module that exports its functions, all of the folder is part of it; what is made of it, and how. */
const modules = [
  { main: 'src/scan/wasm/gate.ts', name: 'gate.wasm', options: plain },
  {
    main: 'src/scan/wasm/gate.ts',
    name: 'gate-relaxed.wasm',
    options: [...plain, '--enable', 'relaxed-simd'],
  },
  { main: 'src/sources/git/pack/wasm/codec.ts', name: 'codec.wasm', options: plain },
]

/** Compiles all modules; vitest calls it before the first test. */
export default async function buildWasm() {
  for (const { main, name, options } of modules) await compile(root + main, name, options)
}

async function compile(main, name, options) {
  const folder = main.slice(0, main.lastIndexOf('/'))
  const output = `${folder}/${name}`
  const sources = readdirSync(folder).filter((name) => name.endsWith('.ts'))
  const ages = [fileURLToPath(import.meta.url), ...sources.map((name) => `${folder}/${name}`)].map(age)
  if (Math.max(...ages) < age(output)) return
  const work = mkdtempSync(`${folder}/build-`)
  try {
    const wasm = `${work}/module.wasm`
    const { error } = await asc.main([main, '--outFile', wasm, ...options], { stderr: process.stderr })
    if (error) throw error
    renameSync(wasm, output)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function age(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildWasm()
  const [target] = process.argv.slice(2)
  if (target !== undefined) {
    for (const { main, name } of modules) {
      const path = `${main.slice(0, main.lastIndexOf('/'))}/${name}`
      cpSync(root + path, `${target}/${path}`)
    }
  }
}
