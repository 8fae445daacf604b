/** Validates SARIF against its published schema, as a package ships it: no test asks the network. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'

const require = createRequire(import.meta.url)

/** The violations of the SARIF 2.1.0 schema in a log; empty where it is valid. */
export function sarifViolations(log: unknown): string[] {
  validate ??= compile()
  return validate(log) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)
}

let validate: ReturnType<typeof compile> | undefined

function compile() {
  const path = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json')
  // Written for draft 4, of which it uses nothing that later drafts read differently but these two words.
  const {
    $schema: _draft,
    id: _id,
    ...schema
  } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false })
  ajv.addFormat('uri', (text: string) => URL.canParse(text) && isUriText(text))
  ajv.addFormat('uri-reference', isUriText)
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/)
  return ajv.compile(schema)
}

/** RFC 3986: the characters of a URI reference, and no scheme by accident. */
function isUriText(text: string): boolean {
  if (!/^(?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=[\]]|%[0-9A-Fa-f]{2})*$/.test(text)) return false
  const colon = text.split('/')[0]?.indexOf(':') ?? -1
  return colon < 0 || /^[A-Za-z][A-Za-z0-9+.-]*:/.test(text)
}
