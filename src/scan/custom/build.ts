/**
 * A detector made from what a file says, with what it leaves out derived: longest match, reach, gate path. What the
 * schema cannot tell is tried here: whether the pattern can be used, and whether anchors and examples fit it.
 */
import { createHash } from 'node:crypto'
import { seededRandom } from '../../../detectors/checks/random.ts'
import type { Detector } from '../../model/detector.ts'
import { type AnchoredPattern, anchoredPattern, assertRe2 } from '../patterns.ts'
import { checkKindOf, makeCheck } from './checks.ts'
import { drawText, type PatternSize, sizeOf } from './pattern-size.ts'
import { type PatternTree, readPattern } from './pattern-tree.ts'
import { type DetectorSpec, longestMatch } from './schema.ts'

/** Told what is wrong, and where: a path below the detector. */
export type Refuse = (path: readonly PropertyKey[], message: string) => void

/** Values are met as runs of this many token characters. */
const shortestValue = 16
/** Made-up matches tried against the anchors. */
const draws = 60

/** The detector, or null where `refuse` was told why not. */
export function buildDetector(spec: DetectorSpec, refuse: Refuse): Detector | null {
  let good = true
  const no: Refuse = (path, message) => {
    good = false
    refuse(path, message)
  }
  const tree = readPattern(spec.pattern)
  const pattern = usablePattern(spec.pattern, tree, no)
  if (!pattern) return null
  const size = sizeOf(tree.root)
  checkSize(spec, size, no)
  checkContext(spec, size, no)
  if (good) checkExamples(spec, pattern, no)
  // What follows from another mistake is not told.
  if (!good) return null
  const gate = gateOf(spec, tree, no)
  return good ? complete(spec, gate, spec.max_length ?? size.most) : null
}

function usablePattern(source: string, tree: PatternTree, refuse: Refuse): AnchoredPattern | null {
  for (const { at, message } of tree.problems.slice(0, 5))
    refuse(['pattern'], `at character ${at + 1}: ${message}`)
  if (tree.problems.length > 0) return null
  if (tree.groups > 1) {
    refuse(['pattern'], 'has more than one group: ( … ) once around the secret, (?: … ) everywhere else')
    return null
  }
  try {
    assertRe2(source)
    return anchoredPattern(source)
  } catch (error) {
    refuse(['pattern'], `RE2 refuses it: ${(error as Error).message.split('\n')[0]}`)
    return null
  }
}

function checkSize(spec: DetectorSpec, { least, most }: PatternSize, refuse: Refuse): void {
  if (least === 0) refuse(['pattern'], 'matches the empty text; every match must have a character at least')
  if (most > longestMatch) {
    refuse(
      ['pattern'],
      `can match ${most} bytes, more than the ${longestMatch} that are allowed; use smaller bounds`,
    )
  } else if (spec.max_length !== undefined && spec.max_length < most) {
    refuse(['max_length'], `is less than the ${most} bytes that the pattern can match; leave it out`)
  }
}

function checkContext(spec: DetectorSpec, { least }: PatternSize, refuse: Refuse): void {
  if (spec.anchors.length > 0) {
    if (spec.context) {
      refuse(
        ['context'],
        'is for detectors without anchors; leave one of the two out, or put the word in the pattern',
      )
    }
    if (spec.gate === 'value') refuse(['gate'], 'value is for detectors without anchors')
    return
  }
  if (spec.gate !== undefined && spec.gate !== 'value') refuse(['gate'], `${spec.gate} needs anchors`)
  if (!spec.context) {
    refuse(
      [],
      'needs anchors (fixed texts, one of which every match holds) or context (words one of which stands near every match)',
    )
  } else if (least < shortestValue) {
    refuse(
      ['pattern'],
      `can match ${least} bytes: without anchors a value must be ${shortestValue} characters or longer, or it would be met everywhere`,
    )
  }
}

function checkExamples(spec: DetectorSpec, pattern: AnchoredPattern, refuse: Refuse): void {
  for (const [index, example] of spec.examples.match.entries()) {
    const bytes = Buffer.from(example)
    const match = pattern.matchAt(bytes, 0)
    if (match?.end !== bytes.length) {
      const how = match
        ? `matches only the first ${match.end} of its ${bytes.length} bytes`
        : 'does not match it'
      refuse(
        ['examples', 'match', index],
        `the pattern ${how}; an example is the value and nothing around it`,
      )
    } else if (spec.anchors.length > 0 && !spec.anchors.some((anchor) => example.includes(anchor))) {
      refuse(['examples', 'match', index], 'holds none of the anchors, so it would never be met')
    }
  }
}

/** By examples and made-up matches alike: a branch that no example takes must hold an anchor, too. */
function gateOf(spec: DetectorSpec, tree: PatternTree, refuse: Refuse): Detector['gate'] {
  if (spec.anchors.length === 0) return 'value'
  const random = seededRandom(1)
  const drawn = Array.from({ length: draws }, () => drawText(tree.root, random))
  const without = drawn.find((text) => !spec.anchors.some((anchor) => text.includes(anchor)))
  if (without !== undefined) {
    refuse(
      ['anchors'],
      `the pattern also matches texts that hold none of them, such as ${JSON.stringify(without.slice(0, 60))}; name an anchor for each branch`,
    )
  }
  const begins = [...drawn, ...spec.examples.match].every((text) =>
    spec.anchors.some((anchor) => text.startsWith(anchor)),
  )
  if (!begins && (spec.gate === 'prefix' || spec.gate === 'words')) {
    refuse(['gate'], `${spec.gate} needs an anchor at the start of every match; leave it out`)
  }
  return spec.gate ?? (begins ? 'prefix' : 'inside')
}

function complete(spec: DetectorSpec, gate: Detector['gate'], maxLength: number): Detector {
  const within = spec.context_within ?? 80
  const derived =
    gate === 'value'
      ? { left: within, right: maxLength + within }
      : { left: gate === 'inside' ? maxLength : 0, right: maxLength }
  return {
    id: spec.id,
    issuer: spec.issuer,
    kind: spec.kind,
    docs: spec.docs ?? '',
    anchors: spec.anchors,
    gate,
    reach: spec.reach ?? derived,
    pattern: spec.pattern,
    maxLength,
    checkKind: spec.check ? checkKindOf(spec.check) : 'none',
    revision: createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 16),
    examples: { match: spec.examples.match, noMatch: spec.examples.no_match },
    ...(gate === 'value' ? { contextWithin: within } : {}),
    ...present({
      notBefore: spec.not_before,
      notAfter: spec.not_after,
      check: spec.check && makeCheck(spec.check, spec.anchors),
      provenOnly: spec.proven_only,
      minEntropy: spec.min_entropy,
      context: spec.context,
      pair: spec.pair,
      testMode: spec.test_mode,
      probe: spec.probe,
      revoke: spec.revoke,
      yieldsTo: spec.yields_to,
      manualOnly: spec.manual_only,
    }),
  }
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** `fields` without those that are not given. */
function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>
}
