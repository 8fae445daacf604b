/** Findings as JSON lines: one object a line, so that `grep`, `jq` and `split` work on any size. */
import type { FindingRecord } from '../../model/finding.ts'
import { jsonText } from './json.ts'

/** One line a finding, each with its line break; nothing at all when there are none. */
export function* exportJsonl(findings: Iterable<FindingRecord>): Generator<string> {
  for (const finding of findings) yield `${jsonText(finding)}\n`
}
