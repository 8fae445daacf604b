/** `--baseline FILE`: the results of an earlier scan (json, jsonl, csv or sarif), whose findings are not reported again. */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { AppError } from '../model/errors.ts'

const list = z.array(z.object({ fingerprint: z.string() }))

const sarif = z.object({
  runs: z.array(
    z.object({
      results: z.array(z.object({ partialFingerprints: z.object({ 'keyrecall/v1': z.string() }) })),
    }),
  ),
})

/**
 * The fingerprints in an earlier result. They are comparable only under the same key: that of `$KEYRECALL_HOME`, or
 * `KEYRECALL_SERVICE_KEY`.
 * @throws AppError `usage` where the file is not a result of `keyrecall scan`
 */
export async function readBaseline(path: string): Promise<ReadonlySet<string>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new AppError('usage', `--baseline ${JSON.stringify(path)} could not be read (${error.code})`)
  })
  try {
    return new Set(fingerprintsIn(text.replace(/^\ufeff/, '').trimStart()))
  } catch {
    throw new AppError(
      'usage',
      `--baseline ${JSON.stringify(path)} is not a result of "keyrecall scan" in json, jsonl, csv or sarif`,
    )
  }
}

/** Throws whatever does not fit. */
function fingerprintsIn(text: string): string[] {
  if (text.startsWith('detector,')) return csvColumn(text, 'fingerprint')
  // A log of SARIF begins with its brace on a line of its own, or it is one line with all runs in it.
  if (/^\{(?:\s*\n|[^\n]*"runs"\s*:)/.test(text)) {
    const { runs } = sarif.parse(JSON.parse(text))
    return runs.flatMap((run) => run.results.map((result) => result.partialFingerprints['keyrecall/v1']))
  }
  const findings: unknown = text.startsWith('[')
    ? JSON.parse(text)
    : text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line): unknown => JSON.parse(line))
  return list.parse(findings).map((finding) => finding.fingerprint)
}

/** The values under one name of the header, by RFC 4180. */
function csvColumn(text: string, name: string): string[] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end !== ',') rows.push([])
  }
  const column = rows[0]?.indexOf(name) ?? -1
  const values = rows
    .slice(1)
    .filter((row) => row.length > 1)
    .map((row) => row[column] ?? '')
  return z.array(z.string().regex(/^[0-9a-f]+$/)).parse(values)
}
