/** The line at the end of a scan, and its exit status. */
import type { Ignores } from './ignore.ts'
import { skippedInAll, type Tally } from './tally.ts'
import { count, formatBytes, grouped, visible } from './terminal-text.ts'

/** `2 findings in 1.2 MB (14 blobs), 0.31 s; skipped 3 (special_file 2, excluded 1); 1 could not be read`. */
export function summaryLine(tally: Tally, findings: number, milliseconds: number): string {
  const read = `${formatBytes(tally.bytesRead)} (${count(tally.engine.blobs, 'blob')})`
  const parts = [`${count(findings, 'finding')} in ${read}, ${(milliseconds / 1000).toFixed(2)} s`]
  if (tally.inBaseline > 0) parts.push(`${grouped(tally.inBaseline)} more in the baseline`)
  if (tally.hidden.findings > 0) parts.push(`${grouped(tally.hidden.findings)} more hidden by an allow file`)
  const inline = tally.engine.drops.allowed_inline ?? 0
  if (inline > 0) parts.push(`${count(inline, 'hit')} allowed by a comment`)
  const failed = tally.engine.drops.check_failed ?? 0
  if (failed > 0) parts.push(`${count(failed, 'look-alike')} with a wrong checksum left out`)
  if (tally.belowConfidence > 0) parts.push(`${count(tally.belowConfidence, 'hit')} below --min-confidence`)
  const skipped = skippedInAll(tally)
  if (skipped > 0) {
    const reasons = [...tally.skipped].sort(([, one], [, other]) => other - one)
    parts.push(`skipped ${skipped} (${reasons.map(([reason, number]) => `${reason} ${number}`).join(', ')})`)
  }
  if (tally.errors > 0) parts.push(`${grouped(tally.errors)} could not be read`)
  if (tally.interrupted) parts.push('interrupted, so not everything was read')
  return parts.join('; ')
}

/** A line for each entry of an allow file that can be removed. */
export function idleLines(ignores: Pick<Ignores, 'idle'>): string[] {
  return ignores
    .idle()
    .map(
      ({ entry, reason }) =>
        `keyrecall: ${visible(entry.at)}: ${visible(JSON.stringify(entry.text))} ${reason}; it can be removed\n`,
    )
}

/**
 * 0 nothing found, 1 findings, 2 something was not read; 2 wins. `strict` counts deliberate skips as not read, but not
 * `.git`: what is packed in there is another target, and no checkout could ever pass.
 */
export function exitStatus(tally: Tally, findings: number, strict: boolean): 0 | 1 | 2 {
  if (tally.errors > 0 || tally.interrupted) return 2
  if (strict && skippedInAll(tally) > (tally.skipped.get('git_folder') ?? 0)) return 2
  return findings > 0 ? 1 : 0
}
