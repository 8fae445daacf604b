/**
 * What the allow files of a scan hide, and what of them hid nothing. A file found at the root of a scanned folder holds
 * for what lies below it; one that was named on the command line holds for everything. What is fetched from elsewhere
 * (git, GitHub, S3) never brings its own: others' content must not be able to hide its own leaks.
 */
import type { FindingRecord, FoundPlace } from '../model/finding.ts'
import { shownFolder } from '../sources/files/shown-path.ts'
import type { IgnoreEntry } from './ignore-file.ts'
import { decidingPattern, type PathPattern } from './ignore-paths.ts'

/** The entries of one file. */
export interface IgnoreSet {
  /** The folder they hold for, as its files are shown (`.`, `src`); everywhere where null. */
  folder: string | null
  entries: readonly IgnoreEntry[]
}

export interface Ignores {
  /** Whether a file or folder is left unread. @param below its path below the target `folder` */
  skips(below: string, folder: string): boolean
  /** The findings without the places that are hidden, and without those that have no other; `hidden` counts them. */
  apply<F extends FindingRecord>(findings: readonly F[]): F[]
  hidden: { findings: number; places: number; paths: number }
  /** Entries that hid nothing in this scan, and why. */
  idle(): { entry: IgnoreEntry; reason: 'matched nothing' | 'is over' }[]
}

/**
 * @param folders of the targets, as they were named; patterns of a named file are read from these, too
 * @param today `YYYY-MM-DD` in UTC
 */
export function createIgnores(
  sets: readonly IgnoreSet[],
  folders: readonly string[],
  today: string,
): Ignores {
  const used = new Set<IgnoreEntry>()
  const isOver = (entry: IgnoreEntry): boolean => entry.until !== null && entry.until < today
  const live = sets.map((set) => liveSet(set, isOver))
  const hidden = { findings: 0, places: 0, paths: 0 }

  function skips(below: string, folder: string): boolean {
    const shown = shownFolder(folder)
    const entry = live
      .filter((set) => set.folder === null || set.folder === shown)
      .map((set) => hidingPath(set, below, used))
      .find((found) => found !== null)
    if (entry === undefined) return false
    hidden.paths += 1
    return true
  }

  function hides(finding: FindingRecord, place: FoundPlace): boolean {
    return live.some((set) => {
      const path = pathIn(place, set.folder, folders)
      if (path === null) return false
      // Each is asked, so that an entry which is needed without the others counts as used.
      const byFinding = set.findings.filter((entry) => matchesFinding(entry, finding, path))
      for (const entry of byFinding) used.add(entry)
      return hidingPath(set, path, used) !== null || byFinding.length > 0
    })
  }

  return {
    skips,
    hidden,
    apply(findings) {
      return findings.flatMap((finding) => {
        const places = finding.places.filter((place) => !hides(finding, place))
        hidden.places += finding.places.length - places.length
        if (places.length === finding.places.length) return [finding]
        if (places.length === 0) hidden.findings += 1
        return places.length === 0 ? [] : [{ ...finding, places }]
      })
    },
    idle: () =>
      sets
        .flatMap((set) => set.entries)
        .filter((entry) => !used.has(entry))
        .map((entry) => ({ entry, reason: isOver(entry) ? 'is over' : 'matched nothing' })),
  }
}

interface LiveSet {
  folder: string | null
  paths: { entry: IgnoreEntry; pattern: PathPattern }[]
  findings: IgnoreEntry[]
}

function liveSet(set: IgnoreSet, isOver: (entry: IgnoreEntry) => boolean): LiveSet {
  const entries = set.entries.filter((entry) => !isOver(entry))
  return {
    folder: set.folder === null ? null : shownFolder(set.folder),
    paths: entries.flatMap((entry) =>
      entry.rule.kind === 'path' ? [{ entry, pattern: entry.rule.pattern }] : [],
    ),
    findings: entries.filter((entry) => entry.rule.kind !== 'path'),
  }
}

/** The entry that hides a path; what takes an earlier one back is used as well. */
function hidingPath(set: LiveSet, path: string, used: Set<IgnoreEntry>): IgnoreEntry | null {
  const found = decidingPattern(set.paths, path)
  if (found === null) return null
  used.add(found.entry)
  return found.pattern.negated ? null : found.entry
}

function matchesFinding({ rule }: IgnoreEntry, finding: FindingRecord, path: string): boolean {
  if (rule.kind === 'fingerprint') return finding.fingerprint.startsWith(rule.start)
  if (rule.kind === 'path' || rule.id !== finding.detector) return false
  return rule.pattern === null || decidingPattern([{ pattern: rule.pattern }], path) !== null
}

/** The path that patterns are compared with; null where the place is not in the folder they hold for. */
function pathIn(place: FoundPlace, folder: string | null, folders: readonly string[]): string | null {
  const member = place.archive_path === undefined ? '' : `/${place.archive_path.replaceAll('!', '/')}`
  if (place.type !== 'file') {
    return folder === null
      ? `${place.type === 's3_object' ? (place.key ?? place.path) : place.path}${member}`
      : null
  }
  if (folder !== null) {
    const path = below(folder, place.path)
    return path === null ? null : `${path}${member}`
  }
  // The shortest rest belongs to the innermost target.
  const inner = folders.flatMap((one) => below(shownFolder(one), place.path) ?? [])
  const path = inner.sort((a, b) => a.length - b.length)[0] ?? place.path
  return `${path}${member}`
}

function below(folder: string, path: string): string | null {
  if (folder === '.') return path.startsWith('/') || path.startsWith('../') ? null : path
  const start = folder.endsWith('/') ? folder : `${folder}/`
  return path.startsWith(start) ? path.slice(start.length) : null
}
