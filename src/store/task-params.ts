/**
 * Tasks on their way through a jsonb column and back, unchanged: object keys may hold NUL or lone surrogates, which
 * PostgreSQL refuses and which must not be replaced here, or the object would not be found. ESC followed by four hex
 * digits stands for such a code unit, and for ESC itself.
 */
import { createHash } from 'node:crypto'
import type { Task } from '../model/target.ts'
import { type JsonText, toJson } from './tables.ts'

// oxlint-disable-next-line no-control-regex -- NUL and ESC are the point
const unsafe = /[\0\x1b]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g
// oxlint-disable-next-line no-control-regex -- ESC is the point
const escape = /\x1b([0-9a-f]{4})/g

export function writeTask(task: Task): JsonText {
  return toJson(mapText(task, (text) => text.replace(unsafe, (unit) => `\x1b${hex(unit)}`)))
}

/** What `writeTask` wrote. */
export function readTask(params: unknown): Task {
  return mapText(params, (text) =>
    text.replace(escape, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
  ) as Task
}

/** Names a task within its scan and source, so that a listing repeated after a crash adds nothing twice. */
export function taskKey(task: Task): string {
  const text = JSON.stringify(mapText(task, (part) => part))
  return `${task.kind}:${createHash('sha256').update(text).digest('hex')}`
}

/** `value` with every text changed and the keys of objects in one order. */
function mapText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((part) => mapText(part, change))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, part]) => [name, mapText(part, change)]))
}

function hex(unit: string): string {
  return unit.charCodeAt(0).toString(16).padStart(4, '0')
}
