/** What a report says of a scan, for tests of the formats that tell it. */
import type { ScanReport } from '../../src/respond/export/scan-report.ts'

export function report(changes: Partial<ScanReport> = {}): ScanReport {
  return {
    version: '1.2.3',
    targets: ['.'],
    cwd: '/srv/shop',
    startedAt: new Date('2026-01-02T03:04:05.000Z'),
    endedAt: new Date('2026-01-02T03:04:06.500Z'),
    complete: true,
    problems: [],
    moreProblems: 0,
    bytesRead: 1_234_567,
    blobs: 89,
    detectors: new Map(),
    ...changes,
  }
}
