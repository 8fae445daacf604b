/**
 * The gate as this machine runs it best. It is built twice: with look-ups in tables as the first SIMD of WebAssembly has
 * them, and as relaxed SIMD has them, which is faster by a sixth (0.50 to 0.59 GB/s on texts of packages, 0.36 to 0.42
 * on those of the benchmark). Node 20 knows the latter, but behind a flag, since it came some months before it was
 * standard; the numbers looked up are below 16, where both give the same.
 */
import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'

let compiled: WebAssembly.Module | null | undefined
let relaxed: WebAssembly.Module | null = null

/**
 * Compiled at first use and once; null where there is no SIMD or no file. V8 makes slow code first and fast code of what
 * runs often; made to do otherwise by its flags it is no better. Medians of nine runs, scans of 1, 10 and 50 MB with the
 * start: as it is 80, 165 and 545 ms, with `--wasm-tiering-budget` at a twentieth 91, 182 and 581, with
 * `--no-wasm-dynamic-tiering` 79, 173 and 546. `--no-liftoff` takes 40 ms longer at 1 MB, and no difference beyond the
 * noise was seen at 10 and 100 MB (three runs).
 */
export function compileGate(): WebAssembly.Module | null {
  if (compiled === undefined) {
    relaxed = relaxedGate()
    compiled = relaxed ?? plainGate()
  }
  return compiled
}

/** What runs over all bytes here, by name: RE2 is several times slower. */
export function prefilterName(): 'webassembly-relaxed' | 'webassembly' | 're2' {
  const module = compileGate()
  return module === null ? 're2' : module === relaxed ? 'webassembly-relaxed' : 'webassembly'
}

/** The gate with relaxed SIMD, or null where there is none. */
export function relaxedGate(): WebAssembly.Module | null {
  const made = moduleIn('gate-relaxed.wasm')
  // Later versions need no flag, may have none of this name, and would complain about it.
  if (made || !process.versions.node.startsWith('20.')) return made
  setFlagsFromString('--experimental-wasm-relaxed-simd')
  return moduleIn('gate-relaxed.wasm')
}

/** The gate with the first SIMD, or null where there is none. */
export function plainGate(): WebAssembly.Module | null {
  return moduleIn('gate.wasm')
}

function moduleIn(name: string): WebAssembly.Module | null {
  try {
    return new WebAssembly.Module(readFileSync(new URL(`./wasm/${name}`, import.meta.url)))
  } catch {
    return null
  }
}
