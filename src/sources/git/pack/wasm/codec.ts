/** What the host calls, compiled to one WebAssembly module. */
import { buildShuffles } from './delta'
import { buildFixed } from './huffman'

export { applyDelta } from './delta'
export { inflate } from './inflate'

/** To be called once, before the first inflating. */
export function prepare(): void {
  buildFixed()
  buildShuffles()
}
