/** The kinds of values a variable may have. Messages say what is expected and never repeat what was given. */
import { isIP } from 'node:net'
import { z } from 'zod'

/** An absolute URL with one of these protocols, as it was given. */
export function url(...protocols: string[]) {
  const expected = `must be a URL that begins with ${protocols.map((one) => `${one}//`).join(' or ')}`
  return z
    .string()
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), expected)
    .optional()
}

export function pathText() {
  return z
    .string()
    .refine((text) => !text.includes('\0'), 'must be a path')
    .optional()
}

export function flag() {
  return z
    .enum(['true', 'false', '1', '0'], { error: 'must be true or false' })
    .default('false')
    .transform((text) => text === 'true' || text === '1')
}

export function address() {
  return z.email({ error: 'must be one mail address' }).optional()
}

/** Words with commas between them, in lower case. */
export function wordList() {
  return z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((word) => word.trim().toLowerCase())
        .filter((word) => word !== ''),
    )
}

const hostForm = /^(?:\[[0-9a-f:.]+\]|[a-z0-9.-]+|[0-9a-f:]+)(?::\d{1,5})?$/

export function hostList() {
  return wordList().refine(
    (hosts) => hosts.every((host) => hostForm.test(host)),
    'must be host names or addresses with commas between them',
  )
}

/** Seconds with commas between them. */
export function secondsList(byDefault: readonly number[]) {
  return z
    .string()
    .default(byDefault.join(','))
    .transform((text) => text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part))))
    .refine(
      (list) => list.every((seconds) => Number.isFinite(seconds) && seconds >= 0 && seconds <= 604_800),
      'must be numbers of seconds, at most a week each, with commas between them',
    )
}

export function duration(min: number, max: number) {
  const expected = `must be a number of seconds from ${min} to ${max}`
  return z.coerce.number({ error: expected }).min(min, expected).max(max, expected)
}

/** 32 bytes in base64. */
export function serviceKey() {
  return z
    .string()
    .transform((text) => text.trim())
    .refine(
      (text) => /^[A-Za-z0-9+/]{43}=?$/.test(text) && Buffer.from(text, 'base64').length === 32,
      'must be 32 bytes in base64; `openssl rand -base64 32` makes one',
    )
    .transform((text) => Buffer.from(text, 'base64'))
    .optional()
}

/** `host:port` or `[address]:port`, as it was given. */
export function listen() {
  return z
    .string()
    .transform((text) => text.trim())
    .refine((text) => {
      const match = /^(?:\[([0-9a-fA-F:.]+)\]|[^:[\]\s]+):(\d{1,5})$/.exec(text)
      return match !== null && Number(match[2]) <= 65_535 && (match[1] === undefined || isIP(match[1]) === 6)
    }, 'must be host:port, such as 127.0.0.1:8787')
}
