/**
 * Names and addresses as people want them told, by the rules of gitmailmap(5): an entry replaces name, address or
 * both of an address, or of an address together with a name; letters count alike in either case. Only the file at the
 * head of the repository counts: its settings could name any file of the machine.
 */

interface Identity {
  name: string
  email: string
}

interface Replacement {
  name: string | null
  email: string | null
}

interface Entry extends Replacement {
  /** By the name in a commit, for entries that ask for one. */
  byName: Map<string, Replacement>
}

export type Mailmap = (person: Identity) => Identity

/** @param text of a `.mailmap`; lines of no known form say nothing */
export function readMailmap(text: string): Mailmap {
  const entries = new Map<string, Entry>()
  for (const line of text.split('\n')) if (!line.startsWith('#')) addLine(entries, line)
  return (person) => {
    const entry = entries.get(fold(person.email))
    if (!entry) return person
    const found = entry.byName.get(fold(person.name)) ?? entry
    return { name: found.name ?? person.name, email: found.email ?? person.email }
  }
}

function addLine(entries: Map<string, Entry>, line: string): void {
  const first = /^([^<]*)<([^>]+)>/.exec(line)
  if (!first) return
  const second = /^([^<]*)<([^>]*)>/.exec(line.slice(first[0].length))
  const name = trimmed(first[1])
  const key = fold(second ? (second[2] ?? '') : (first[2] ?? ''))
  const email = second ? (first[2] ?? '') : null
  const entry: Entry = entries.get(key) ?? { name: null, email: null, byName: new Map() }
  entries.set(key, entry)
  const oldName = second ? trimmed(second[1]) : null
  if (oldName !== null) entry.byName.set(fold(oldName), { name, email })
  else {
    entry.name = name ?? entry.name
    entry.email = email ?? entry.email
  }
}

function trimmed(text: string | undefined): string | null {
  const short = (text ?? '').trim()
  return short === '' ? null : short
}

/** As `strcasecmp` in the C locale: ASCII letters only. */
function fold(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
