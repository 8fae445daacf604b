/** `--baseline FILE`: the results of an earlier scan (json or jsonl), whose findings are not reported again. */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { AppError } from '../model/errors.ts'

const entry = z.object({ fingerprint: z.string() })

/**
 * The fingerprints in an earlier result. They are comparable only under the same `$KEYRECALL_HOME` key.
 * @throws AppError `usage` where the file is not a result of `keyrecall scan`
 */
export async function readBaseline(path: string): Promise<ReadonlySet<string>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new AppError('usage', `--baseline ${JSON.stringify(path)} could not be read (${error.code})`)
  })
  try {
    const findings: unknown = text.trimStart().startsWith('[')
      ? JSON.parse(text)
      : text
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map((line): unknown => JSON.parse(line))
    return new Set(
      z
        .array(entry)
        .parse(findings)
        .map((finding) => finding.fingerprint),
    )
  } catch {
    throw new AppError(
      'usage',
      `--baseline ${JSON.stringify(path)} is not a result of "keyrecall scan --format json" or "jsonl"`,
    )
  }
}
