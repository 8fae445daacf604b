/** Writes the findings of a scan in the format asked for. A format's code is loaded only when it is asked for. */
import type { SourceProblem } from '../model/blob.ts'
import type { Detector } from '../model/detector.ts'
import type { FindingRecord } from '../model/finding.ts'
import type { ReportedDetector, ScanReport } from '../respond/export/scan-report.ts'
import { type CommandContext, wantsColor } from './context.ts'
import type { ShownFinding } from './findings-table.ts'
import type { ScanOptions } from './scan-options.ts'
import { skippedInAll, type Tally } from './tally.ts'
import { packageVersion } from './version.ts'
import { writeFileWhole, writeStream } from './write-output.ts'

/** Problems that a report lists; a folder of sockets would else make it unreadable. */
export const mostProblems = 1_000

export interface Scanned {
  /** As they were named. */
  targets: readonly string[]
  tally: Tally
  /** The first ones, `mostProblems` at most. */
  problems: readonly SourceProblem[]
  /** Those that were looked for, loaded where a report describes them. */
  detectors: () => Promise<readonly Detector[]>
}

export async function writeFindings(
  findings: readonly ShownFinding[],
  scanned: Scanned,
  options: ScanOptions,
  context: CommandContext,
): Promise<void> {
  const pieces = await format(findings, scanned, options, context)
  if (options.output === null) await writeStream(context.stdout, pieces)
  else await writeFileWhole(options.output, pieces, options.showSecrets ? 0o600 : 0o666)
}

async function format(
  findings: readonly ShownFinding[],
  scanned: Scanned,
  options: ScanOptions,
  context: CommandContext,
): Promise<Iterable<string>> {
  switch (options.format) {
    case 'table': {
      const { findingsTable } = await import('./findings-table.ts')
      const color = options.output === null && wantsColor(context.stdout, context.env)
      return [findingsTable(findings, { width: context.stdout.columns ?? 100, color })]
    }
    case 'json':
      return (await import('../respond/export/json.ts')).exportJson(findings)
    case 'jsonl':
      return (await import('../respond/export/jsonl.ts')).exportJsonl(findings)
    case 'csv':
      return (await import('../respond/export/csv.ts')).exportCsv(findings)
    case 'sarif': {
      const { exportSarif } = await import('../respond/export/sarif.ts')
      return exportSarif(findings, await reportOf(findings, scanned))
    }
    case 'html': {
      const { exportHtml } = await import('../respond/export/html.ts')
      return exportHtml(findings, await reportOf(findings, scanned))
    }
  }
}

async function reportOf(
  findings: readonly FindingRecord[],
  { targets, tally, problems, detectors }: Scanned,
): Promise<ScanReport> {
  return {
    version: packageVersion(),
    targets,
    cwd: process.cwd(),
    startedAt: new Date(performance.timeOrigin + tally.startedAt),
    endedAt: new Date(),
    complete: tally.errors === 0 && !tally.interrupted,
    problems,
    moreProblems: tally.errors + skippedInAll(tally) - problems.length,
    bytesRead: tally.bytesRead,
    blobs: tally.engine.blobs,
    detectors: findings.length === 0 ? new Map() : reported(findings, await detectors()),
  }
}

function reported(
  findings: readonly FindingRecord[],
  detectors: readonly Detector[],
): Map<string, ReportedDetector> {
  const wanted = new Set(findings.map((finding) => finding.detector))
  return new Map(detectors.filter(({ id }) => wanted.has(id)).map((detector) => [detector.id, detector]))
}
