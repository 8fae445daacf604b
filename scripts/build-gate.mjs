/**
 * Compiles the gate of the engine to WebAssembly, beside its source, when it is older than that. The file appears
 * whole or not at all, since several builds and tests may run at once.
 */
import { mkdtempSync, renameSync, rmSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const folder = fileURLToPath(new URL('../src/scan/wasm/', import.meta.url))
const output = `${folder}gate.wasm`
const sources = [`${folder}gate.ts`, `${folder}layout.ts`, fileURLToPath(import.meta.url)]

/** Compiles the gate; vitest calls it before the first test. */
export default async function buildGate() {
  if (sources.every((source) => statSync(source).mtimeMs < age(output))) return
  const work = mkdtempSync(`${folder}build-`)
  try {
    const wasm = `${work}/gate.wasm`
    const options = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--importMemory']
    const { error } = await asc.main([`${folder}gate.ts`, '--outFile', wasm, ...options], {
      stderr: process.stderr,
    })
    if (error) throw error
    renameSync(wasm, output)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function age(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildGate()
