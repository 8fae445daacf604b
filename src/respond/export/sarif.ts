/**
 * Findings as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), in the subset that GitHub's code scanning
 * takes: one result for each place, since it shows only the first place of a result. There is no
 * `primaryLocationLineHash`: its uploader computes that from the line, and our fingerprints differ between machines
 * without a shared key, which would close and open every alert at each run.
 */
import type { Invocation, Location, Notification, Region, ReportingDescriptor, Result } from 'sarif'
import type { FindingRecord, FoundPlace } from '../../model/finding.ts'
import type { Confidence } from '../../model/hit.ts'
import { jsonText } from './json.ts'
import { detectorOfFinding, message, ruleOf } from './sarif-rules.ts'
import { type SarifUris, sarifUris } from './sarif-uri.ts'
import type { ScanReport } from './scan-report.ts'

const levels = { high: 'error', medium: 'warning', low: 'note' } as const satisfies Record<
  Confidence,
  Result.level
>

/** One log with one run, in pieces. Columns count bytes; `byteOffset` is exact whatever the encoding. */
export function* exportSarif(findings: readonly FindingRecord[], report: ScanReport): Generator<string> {
  const uris = sarifUris(report.cwd)
  const rules = new Map<string, { rule: ReportingDescriptor; index: number }>()
  for (const finding of findings) {
    if (rules.has(finding.detector)) continue
    const detector = report.detectors.get(finding.detector) ?? detectorOfFinding(finding)
    rules.set(finding.detector, { rule: ruleOf(detector), index: rules.size })
  }
  const driver = {
    name: 'keyrecall',
    semanticVersion: report.version,
    rules: [...rules.values()].map(({ rule }) => rule),
  }
  yield '{\n"$schema": "https://json.schemastore.org/sarif-2.1.0.json",\n"version": "2.1.0",\n"runs": [{\n'
  yield `"tool": ${jsonText({ driver })},\n"invocations": ${jsonText([invocationOf(report)])},\n"results": [`
  let separator = '\n'
  for (const finding of findings) {
    const ruleIndex = rules.get(finding.detector)?.index ?? -1
    for (const place of finding.places) {
      yield `${separator}${jsonText(resultOf(finding, place, ruleIndex, uris))}`
      separator = ',\n'
    }
  }
  // Last, as the bases are known only now. The order of members has no meaning.
  const bases = jsonText({ columnKind: 'utf16CodeUnits', ...uris.bases() })
  yield `\n],\n${bases.slice(1, -1)}\n}]\n}\n`
}

function resultOf(finding: FindingRecord, place: FoundPlace, ruleIndex: number, uris: SarifUris): Result {
  const check =
    finding.check_passed === null
      ? 'it has no offline check'
      : `its ${finding.check} check ${finding.check_passed ? 'passed' : 'failed'}`
  const label = finding.label === null ? '' : `, ${finding.label.replace('_', ' ')}`
  const { path: _path, ...where } = withoutSpan(place)
  return {
    ruleId: finding.detector,
    ruleIndex,
    level: finding.label === null ? levels[finding.confidence] : 'note',
    message: message(
      `${finding.issuer} ${finding.kind} (${finding.secret_redacted}): ${check}; confidence ${finding.confidence}${label}.`,
    ),
    locations: [locationOf(place, uris)],
    partialFingerprints: { 'keyrecall/v1': finding.fingerprint },
    properties: {
      issuer: finding.issuer,
      kind: finding.kind,
      confidence: finding.confidence,
      check: finding.check,
      checkPassed: finding.check_passed,
      validity: finding.validity,
      label: finding.label,
      place: where,
      ...(place.archive_path === undefined ? {} : { memberRegion: regionOf(place) }),
    },
  }
}

function locationOf(place: FoundPlace, uris: SarifUris): Location {
  const artifactLocation = uris.of(place)
  if (place.archive_path === undefined) {
    return { physicalLocation: { artifactLocation, region: regionOf(place) } }
  }
  // Lines of a member are none of the archive's; code scanning wants some, and takes the first for the whole file.
  return {
    physicalLocation: { artifactLocation, region: { startLine: 1 } },
    logicalLocations: [
      {
        name: place.archive_path.split('!').at(-1) ?? place.archive_path,
        fullyQualifiedName: `${place.path}!${place.archive_path}`,
        kind: 'resource',
      },
    ],
    message: message(`In ${place.archive_path}, line ${place.start_line}.`),
  }
}

function regionOf(place: FoundPlace): Region {
  return {
    startLine: place.start_line,
    startColumn: place.start_column,
    endLine: place.end_line,
    endColumn: place.end_column,
    byteOffset: place.byte_start,
    byteLength: place.byte_end - place.byte_start,
  }
}

function withoutSpan(place: FoundPlace) {
  const { start_line: _1, start_column: _2, end_line: _3, end_column: _4, ...rest } = place
  const { byte_start: _5, byte_end: _6, ...where } = rest
  return where
}

function invocationOf(report: ScanReport): Invocation {
  const notifications = report.problems.map(
    ({ problem, code, subject, message: text }): Notification => ({
      level: problem === 'error' ? 'error' : 'note',
      descriptor: { id: code },
      message: message(text.includes(`"${subject}"`) ? text : `${subject}: ${text}`),
    }),
  )
  if (report.moreProblems > 0) {
    const text = `and ${report.moreProblems} more that could not be read or were left out`
    notifications.push({ level: 'warning', message: message(text) })
  }
  return {
    executionSuccessful: report.complete,
    startTimeUtc: report.startedAt.toISOString(),
    endTimeUtc: report.endedAt.toISOString(),
    toolExecutionNotifications: notifications,
  }
}
