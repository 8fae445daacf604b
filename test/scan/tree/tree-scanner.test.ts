/** The law of scanning by pieces: whatever a text is made from, its hits are those of the text scanned whole. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mintFor } from '../../../detectors/checks/mint.ts'
import { seededRandom } from '../../../detectors/checks/random.ts'
import { detectors } from '../../../detectors/index.ts'
import type { Hit } from '../../../src/model/hit.ts'
import { createEngine } from '../../../src/scan/engine.ts'
import type { TreeScanner } from '../../../src/scan/tree/tree-scanner.ts'
import { authorOf, deltaOf, edited, newText, otherCopies } from '../../support/edited-text.ts'

const engine = createEngine(detectors, { now: () => Date.UTC(2026, 10, 24) })
const filling = Buffer.from('nothing to see here, { go: on }\n'.repeat(400))
const token = (seed: number) => mintFor('github-pat-classic', seededRandom(seed))

const told = ({ detector, span, checkPassed, confidence, decoding, label, secret, companion }: Hit) => ({
  detector,
  span,
  checkPassed,
  confidence,
  decoding,
  label,
  secret: secret.reveal().toString('hex'),
  companion: companion?.reveal().toString('hex'),
})

function scanned(tree: TreeScanner, bytes: Buffer, level: number, copies: Uint32Array | null) {
  // The text is overwritten after the call, as that of a pack is.
  const lent = Buffer.from(bytes)
  const hits = tree.scan(lent, level, copies)
  lent.fill(0x78)
  return hits.map(told)
}

const whole = (bytes: Buffer) => engine.scanBytes(bytes).hits.map(told)

/** Texts along a tree of versions, each made from some text above it. */
function checkHistory(seed: number, copiesOf: typeof otherCopies): void {
  const author = authorOf(seededRandom(seed))
  const tree = engine.tree()
  const first = newText(author, 1 + author.int(author.pick([5, 20, 60])))
  const all = [first]
  const path = [first]
  expect(scanned(tree, first, 0, null)).toEqual(whole(first))
  for (let step = 0; step < 10; step++) {
    const level = 1 + author.int(path.length)
    const base = path[level - 1] ?? first
    let text = edited(author, base, all)
    for (let more = author.int(3); more > 0; more--) text = edited(author, text, all)
    all.push(text)
    path.splice(level, path.length, text)
    expect(scanned(tree, text, level, copiesOf(author, base, text))).toEqual(whole(text))
  }
}

describe('a scan of texts made from one another', () => {
  it('finds along deltas as git makes them what scanning each text whole finds', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => checkHistory(seed, (_, base, text) => deltaOf(base, text))),
      { seed: 1, numRuns: 40 },
    )
  })

  it('finds along any other copies what scanning each text whole finds', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => checkHistory(seed, otherCopies)),
      { seed: 2, numRuns: 40 },
    )
  })

  it('gates only what is new', () => {
    const tree = engine.tree()
    const base = Buffer.concat([filling, Buffer.from(`a = "${token(1)}"\n`), filling])
    const text = Buffer.concat([base, Buffer.from(`b = "${token(2)}"\n`)])
    tree.scan(base, 0, null)
    const before = tree.stats().bytesScanned

    const hits = tree.scan(text, 1, Uint32Array.of(0, 0, base.length))

    expect(hits.map(({ secret }) => secret.reveal().toString())).toEqual([token(1), token(2)])
    expect(tree.stats().bytesScanned - before).toBeLessThan(1000)
  })

  it('joins a token that two versions hold in halves', () => {
    const tree = engine.tree()
    const [left, right] = [token(3).slice(0, 20), token(3).slice(20)]
    const base = Buffer.concat([filling, Buffer.from(`a = "${left} and then ${right}"\n`), filling])
    const cut = filling.length + 5 + left.length
    const text = Buffer.concat([base.subarray(0, cut), base.subarray(cut + 10)])
    tree.scan(base, 0, null)

    const hits = tree.scan(text, 1, Uint32Array.of(0, 0, cut, cut, cut + 10, text.length - cut))

    expect(hits.map(told)).toEqual(whole(text))
    expect(hits).toHaveLength(1)
  })

  it('scans whole what is made from a text that was skipped', () => {
    const tree = engine.tree()
    const base = Buffer.concat([filling, Buffer.from(token(4))])
    tree.scan(filling, 0, null)
    tree.lose(0)

    const hits = tree.scan(base, 1, Uint32Array.of(0, 0, base.length))

    expect(hits).toHaveLength(1)
    expect(tree.stats()).toMatchObject({ blobs: 2, hits: 1 })
  })

  it('gives texts longer than a window to the windows', () => {
    const small = createEngine(detectors, { windowLength: 5000 })
    const tree = small.tree()
    const text = Buffer.concat([filling, Buffer.from(token(5))])
    tree.scan(text, 0, null)

    const hits = tree.scan(text, 1, Uint32Array.of(0, 0, text.length))

    expect(hits.map(told)).toEqual(small.scanBytes(text).hits.map(told))
  })
})
