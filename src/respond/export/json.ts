/**
 * Findings as JSON, for scripts. Besides what JSON itself escapes, characters that steer a terminal (DEL, C1, bidirectional
 * controls) are written as `\u` escapes: the value stays the same, and printing it does nothing to the screen.
 */
import type { FindingRecord } from '../../model/finding.ts'

// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const steering = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** One array of all findings, in pieces, with a line break at the end. */
export function* exportJson(findings: Iterable<FindingRecord>): Generator<string> {
  let separator = '[\n'
  for (const finding of findings) {
    yield `${separator}${indent(jsonText(finding, 2))}`
    separator = ',\n'
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n'
}

/** JSON of `value`, safe to print. @param spaces indentation; 0 for one line */
export function jsonText(value: unknown, spaces = 0): string {
  return JSON.stringify(value, null, spaces).replace(
    steering,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ')
}
