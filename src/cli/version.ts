/** The version of the package this file belongs to. */
import { readFileSync } from 'node:fs'

export function packageVersion(): string {
  const path = new URL(import.meta.resolve('keyrecall/package.json'))
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}
