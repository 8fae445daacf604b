/** `keyrecall detectors explain ID`: one detector in words, from what it looks for to how its credentials are revoked. */
import type { BlockPart, Detector } from '../model/detector.ts'
import { readPattern } from '../scan/custom/pattern-tree.ts'
import { patternInWords } from '../scan/custom/pattern-words.ts'
import { anchoredPattern } from '../scan/patterns.ts'
import { type DetectorFacts, factsOf } from './detector-facts.ts'
import { count, visible, wrap } from './terminal-text.ts'

type Row = [name: string, text: string]

/** @param columns of the terminal */
export function explainDetector(detector: Detector, columns: number): string {
  const facts = factsOf(detector, Date.now())
  const rows: Row[] = [
    ['finds', `${facts.issuer} ${facts.kind}`],
    ['documentation', facts.docs ?? 'none is named'],
    ['looks for', patternInWords(readPattern(detector.pattern).root)],
    ['pattern', detector.pattern],
    ['length', `${count(detector.maxLength, 'byte')} at most`],
    ['example', maskedExample(detector)],
    ['met by', `${gateInWords(detector)} (gate path: ${detector.gate})`],
    ['stands behind', beforeInWords(detector)],
    ['stands before', afterInWords(detector)],
    ['offline check', checkInWords(facts)],
    ...outcomes(detector, facts),
    ['left out', leftOut(detector)],
    ...(facts.pair ? [pairInWords(facts.pair)] : []),
    ...(detector.yieldsTo ? [['gives way to', detector.yieldsTo.join(', ')] satisfies Row] : []),
    ['may be automatic', automaticInWords(detector, facts)],
    ['asks its issuer', probeInWords(detector)],
    ['to revoke', facts.revoke ?? 'as its issuer documents'],
  ]
  const width = Math.max(...rows.map(([name]) => name.length)) + 2
  const lines = rows.flatMap(([name, text]) =>
    wrap(visible(text), Math.max(40, columns - width)).map(
      (line, index) => `${(index === 0 ? name : '').padEnd(width)}${line}`,
    ),
  )
  return `${visible(detector.id)}\n\n${lines.join('\n')}\n`
}

function gateInWords({ gate, anchors, context, contextWithin }: Detector): string {
  const texts = anchors.map((anchor) => JSON.stringify(anchor)).join(' or ')
  switch (gate) {
    case 'prefix':
      return `the text it begins with: ${texts}`
    case 'inside':
      return `a text inside of it: ${texts}`
    case 'words':
      return `a text beside it: ${texts}`
    case 'value': {
      const words = (context ?? []).map((word) => JSON.stringify(word)).join(' or ')
      return `its own form, a run of 16 characters or more; then ${words} must stand within ${count(contextWithin ?? 0, 'byte')} of it, in any case`
    }
  }
}

function beforeInWords({ notBefore }: Detector): string {
  return `none of [${notBefore ?? 'A-Za-z0-9_'}], unless it ends an escape (\\n, \\u003d, %3D, a terminal colour)`
}

function afterInWords({ notAfter }: Detector): string {
  return `none of [${notAfter ?? 'A-Za-z0-9_'}]: a longer run is something else`
}

function checkInWords({ check, bits }: DetectorFacts): string {
  if (check === 'none') return 'none is known'
  if (bits === 0) return check
  return `${check} of ${Math.floor(bits)} bits: random text passes once in 2^${Math.floor(bits)}`
}

function outcomes({ provenOnly, check }: Detector, { confidence, bits }: DetectorFacts): Row[] {
  if (!check) return [['reported with', `${confidence.unchecked} confidence`]]
  const failed = provenOnly
    ? 'not even counted: its form fits ordinary text'
    : `${confidence.failed ?? 'low'} confidence: hidden by default, counted, never acted upon`
  const odds = bits >= 16 ? '' : '; so few bits pass by chance now and then'
  return [
    ['check passes', `${confidence.passed ?? 'medium'} confidence${odds}`],
    ['check fails', failed],
  ]
}

function leftOut({ minEntropy, testMode }: Detector): string {
  const reasons = ['placeholders', 'documented examples']
  if (minEntropy !== undefined) reasons.push(`values of less than ${minEntropy} bits of entropy a character`)
  const marked = testMode ? `; labelled as test keys: ${testMode.join(' ')}` : ''
  return `${reasons.join(', ')}, lines with keyrecall:allow${marked}`
}

function pairInWords(pair: { with: string; within: number }): Row {
  return ['pair', `with ${pair.with} within ${count(pair.within, 'byte')}: both are one finding`]
}

function automaticInWords({ manualOnly }: Detector, { automatic, bits }: DetectorFacts): string {
  if (automatic) return 'yes, where a policy says so and the check passed'
  if (manualOnly) return 'no: a person decides, whatever the policy says'
  return bits > 0 ? 'no: a person decides, since the check is below 16 bits' : 'no: a person decides'
}

function probeInWords({ probe }: Detector): string {
  if (!probe) return 'no look-up is known'
  const { get, auth, active, inactive } = probe
  return `GET ${get} (${auth}): ${active.join(', ')} is active, ${inactive.join(', ')} inactive; scans never ask`
}

/** Where the credential of an example stands, the first where there are several: [start, end). */
function secretIn({ extent, parts, pattern }: Detector, bytes: Buffer): BlockPart {
  const [part] = parts?.(bytes) ?? []
  if (part) return part
  const match = extent ? null : anchoredPattern(pattern).matchAt(bytes, 0)
  return match ? [match.secretStart, match.secretEnd] : [0, bytes.length]
}

/** The first lines of an example: what is fixed in every value as it is, every other letter and digit as `*`. */
function maskedExample(detector: Detector): string {
  const example = detector.examples.match[0] ?? ''
  const bytes = Buffer.from(example)
  const [from, to] = secretIn(detector, bytes)
  const start = bytes.toString('utf8', 0, from).length
  const end = start + bytes.toString('utf8', from, to).length
  const fixed = [...detector.anchors, ...(detector.testMode ?? [])].filter((text) => example.includes(text))
  const kept = new Set<number>()
  for (const text of fixed) {
    const at = example.indexOf(text)
    for (let i = at; i < at + text.length; i++) kept.add(i)
  }
  const masked = example
    .slice(0, 400)
    .replaceAll(/[\p{L}\p{N}]/gu, (sign, at: number) =>
      kept.has(at) || at < start || at >= end ? sign : '*',
    )
  const text = masked.replaceAll(/\*{40,}/g, `${'*'.repeat(36)}…`)
  return text.length > 200 || example.length > 400 ? `${text.slice(0, 200)}…` : text
}
