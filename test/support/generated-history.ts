/**
 * Histories of any shape, written by `git fast-import` in one go: merges of many parents, several roots, clocks that
 * go wrong, odd names, links, submodules, and refs of every kind. Few paths and contents, so that they meet again.
 */
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import type { GitRepo } from './git-repo.ts'

interface GeneratedCommit {
  /** Among the commits before it, by how far back; repeated and absent ones are left out. */
  parents: number[]
  /** Seconds from the start of 2026; not in order. */
  time: number
  author: number
  committer: number
  /** By path: a content. */
  files: { path: number; content: number; mode: string }[]
  mailmap: boolean
}

interface GeneratedRef {
  name: string
  commit: number
  /** Through a tag object. */
  annotated: boolean
}

export interface GeneratedHistory {
  commits: GeneratedCommit[]
  refs: GeneratedRef[]
  headIsMain: boolean
}

export const refNames = [
  'refs/heads/main',
  'refs/heads/a',
  'refs/heads/b',
  'refs/tags/v1',
  'refs/tags/v2',
  'refs/remotes/origin/x',
  'refs/pull/1/head',
  'refs/stash',
  'refs/notes/commits',
] as const

const paths = ['a', 'b c', 'dir/a', 'dir/b', 'dir/sub/a', 'dir.x', 'o\\303\\266/\\377', 'q\\"\\n\\t', '-dash']
const people = [
  'Kim Example <kim@example.com>',
  'K <KIM@example.com>',
  'Robin <robin@example.com>',
  'R. Ex\u00e4mple <robin@work.example>',
  ' <>',
]
const mailmap = [
  '# people',
  'Kim the First <kim@example.com>',
  'Robin Example <robin@new.example> <robin@example.com>',
  'Robin at Work <robin@new.example> r. ex\u00e4mple <Robin@work.example>',
  '<other@example.com> <robin@work.example>',
  'nonsense',
].join('\n')

const commit: fc.Arbitrary<GeneratedCommit> = fc.record({
  parents: fc.oneof(
    { weight: 6, arbitrary: fc.constant<number[]>([1]) },
    { weight: 3, arbitrary: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 }) },
    { weight: 1, arbitrary: fc.constant<number[]>([]) },
  ),
  time: fc.integer({ min: 0, max: 12 }),
  author: fc.nat({ max: people.length - 1 }),
  committer: fc.nat({ max: people.length - 1 }),
  files: fc.array(
    fc.record({
      path: fc.nat({ max: paths.length - 1 }),
      content: fc.nat({ max: 5 }),
      mode: fc.constantFrom('100644', '100644', '100755', '120000', '160000'),
    }),
    { maxLength: 6 },
  ),
  mailmap: fc.boolean(),
})

export const history: fc.Arbitrary<GeneratedHistory> = fc.record({
  commits: fc.array(commit, { minLength: 1, maxLength: 14 }),
  refs: fc.uniqueArray(
    fc.record({ name: fc.constantFrom(...refNames), commit: fc.nat({ max: 13 }), annotated: fc.boolean() }),
    { minLength: 1, maxLength: 5, selector: (ref) => ref.name },
  ),
  headIsMain: fc.boolean(),
})

/** Writes the history into an empty repository; what no ref leads to stays in the pack. */
export async function importHistory(
  repo: GitRepo,
  { commits, refs, headIsMain }: GeneratedHistory,
): Promise<void> {
  const lines: (string | Buffer)[] = []
  for (const [index, one] of commits.entries()) {
    lines.push(`commit refs/build/${index}`, `mark :${index + 1}`)
    lines.push(`author ${people[one.author]} ${date(one.time)} +0200`)
    lines.push(`committer ${people[one.committer]} ${date(one.time * 2)} -0100`)
    lines.push('data 2', `m`)
    const parents = [...new Set(one.parents.map((back) => index - back))].filter((parent) => parent >= 0)
    for (const [at, parent] of parents.entries()) lines.push(`${at === 0 ? 'from' : 'merge'} :${parent + 1}`)
    lines.push('deleteall')
    for (const { path, content, mode } of one.files) {
      if (mode === '160000') lines.push(`M 160000 ${String(content).repeat(40)} "${paths[path]}"`)
      else lines.push(`M ${mode} inline "${paths[path]}"`, ...data(`content ${content}`))
    }
    if (one.mailmap) lines.push('M 100644 inline .mailmap', ...data(mailmap))
    lines.push('')
  }
  for (const { name, commit, annotated } of refs) {
    const mark = `:${(commit % commits.length) + 1}`
    if (annotated && name.startsWith('refs/tags/')) {
      lines.push(
        `tag ${name.slice('refs/tags/'.length)}`,
        `from ${mark}`,
        `tagger ${people[0]} ${date(1)} +0000`,
      )
      lines.push(...data('tagged'))
    } else lines.push(`reset ${name}`, `from ${mark}`, '')
  }
  execFileSync('git', ['fast-import', '--quiet', '--force'], { cwd: repo.path, input: lines.join('\n') })
  const built = await repo.git('for-each-ref', '--format=delete %(refname)', 'refs/build/')
  execFileSync('git', ['update-ref', '--stdin'], { cwd: repo.path, input: `${built}\n` })
  if (!headIsMain) await repo.git('symbolic-ref', 'HEAD', 'refs/heads/a')
}

function date(seconds: number): number {
  return Date.UTC(2026, 0, 1) / 1000 + seconds
}

function data(text: string): string[] {
  return [`data ${Buffer.byteLength(text)}`, text]
}
