/**
 * What manifests of a Kubernetes Secret hold: entries of `data` in base64, of `stringData` as they are. Format: "Secret" in
 * the reference of the Kubernetes API (v1). A manifest is YAML, or JSON as `kubectl get -o json` prints it.
 */
import type { BlockPart } from '../../src/model/detector.ts'
import { strictBase64 } from './base64.ts'
import { isStandIn } from './reference.ts'

/** Base64 of fewer bytes than a password has, or of more than one has. */
const base64 = /^[A-Za-z0-9+/]{8,1000}={0,2}$/
const shortest = 6
/** Names of entries that need not be kept from anybody, however they are made up of words. */
const openName =
  /(?:^|[._-]|(?<=[a-z])(?=[A-Z]))(?:user(?:_?name)?|login|host(?:name)?|port|db(?:_?name)?|database|namespace|ur[il]|endpoint|server|address|domain|bucket|region|zone|e?mail|type|kind|name|mode|level|version|tenant|cluster|service|(?:ca|tls|client|server|chain|cert|certificate|root|bundle|issuer)\.(?:crt|cer|pem)|crt|cer|cert)$/i
/** Names of entries that say that a word is a password. */
const secretName = /pass|pwd|secret|token|key|cred|auth/i

/** Credentials in a YAML block that begins with `data:` or `stringData:` and the end of that line. */
export function yamlParts(block: Buffer): BlockPart[] {
  const text = block.toString('latin1')
  const isPlain = text.startsWith('stringData')
  const found: BlockPart[] = []
  let indent: string | null = null
  for (const [start, end] of linesOf(text)) {
    const line = text.slice(start, end)
    if (/^[ \t]*(?:#.*)?$/.test(line)) continue
    const blanks = /^ */.exec(line)?.[0] ?? ''
    indent ??= blanks
    if (indent === '' || blanks.length < indent.length) break
    const entry = /^ +\\{0,3}["']?([A-Za-z0-9._-]{1,253})\\{0,3}["']?:[ \t]+(\\{0,3}["']?)(.*)$/.exec(line)
    // What stands deeper goes on with the value before: certificates, files.
    if (!entry || blanks !== indent) continue
    const [whole, name = '', opener = '', rest = ''] = entry
    const value =
      opener === ''
        ? (/^[^\s#"'\\]*/.exec(rest)?.[0] ?? '')
        : rest.slice(0, Math.max(0, rest.indexOf(opener)))
    const at = start + whole.length - rest.length
    if (isCredential(name, value, isPlain)) found.push([at, at + value.length])
  }
  return found
}

/** Credentials in a JSON block that begins with `"data": {` or `"stringData": {`. */
export function jsonParts(block: Buffer): BlockPart[] {
  const text = block.toString('latin1')
  const isPlain = /^\\{0,3}"stringData/.test(text)
  const found: BlockPart[] = []
  const entry = entryOf(/^\\{0,3}"/.exec(text)?.[0] ?? '"')
  entry.lastIndex = text.indexOf('{') + 1
  for (let next = entry.exec(text); next; next = entry.exec(text)) {
    const [whole, name = '', value = ''] = next
    const at = next.index + whole.lastIndexOf(`"${value}`) + 1
    if (isCredential(name, value, isPlain)) found.push([at, at + value.length])
  }
  return found
}

/** A name and its value. In JSON within JSON quotes have backslashes in front; values with more of them are left out there. */
function entryOf(quote: string): RegExp {
  if (quote === '"') return /\s*"([A-Za-z0-9._-]{1,253})"\s*:\s*"((?:[^"\\]|\\.)*)"\s*,?/y
  const q = quote.replaceAll('\\', '\\\\')
  return new RegExp(`\\s*${q}([A-Za-z0-9._-]{1,253})${q}\\s*:\\s*${q}([^"\\\\]*)${q}\\s*,?`, 'y')
}

/** Lines behind the first, as [start, end); in texts within texts they end with `\n` as it is written. */
function* linesOf(text: string): Generator<BlockPart> {
  const ends = /\r?\n|\\{1,3}n/g
  let start = -1
  for (const { index, 0: end } of text.matchAll(ends)) {
    if (start >= 0) yield [start, index]
    start = index + end.length
  }
  if (start >= 0) yield [start, text.length]
}

/** Unless it says nothing, or what anybody may know. */
function isCredential(name: string, value: string, isPlain: boolean): boolean {
  if (openName.test(name)) return false
  const plain = isPlain ? value : decoded(value)
  if (plain === null || plain.length < shortest || isStandIn(plain)) return false
  if (/^-----BEGIN (?:TRUSTED )?CERTIFICATE/.test(plain)) return false
  if (isPlain && !/^[\x21-\x7e]{1,1000}$/.test(plain)) return false
  if (/^[a-z][a-z0-9+.-]*:\/\/[^@\s]*$/i.test(plain) || /^[^\s@]+@[\w-]+(?:\.[\w-]+)+$/.test(plain))
    return false
  if (/^(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*(?::\d+)?$/i.test(plain) || /^[.\d:]+$/.test(plain)) return false
  if (/^\/[\w./-]*$/.test(plain) || /^(?:true|false|enabled|disabled|default)$/i.test(plain)) return false
  return !/^[A-Za-z]+$/.test(plain) || secretName.test(name)
}

/** Null where it is not base64. */
function decoded(value: string): string | null {
  if (!base64.test(value)) return null
  const bytes = strictBase64(value, { alphabet: 'standard', padding: 'full' })
  return bytes?.toString('latin1').trim() ?? null
}
