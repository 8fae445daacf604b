/** Comments that let a credential stay, and who heeds them. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { mintFor } from '../../detectors/checks/mint.ts'
import { seededRandom } from '../../detectors/checks/random.ts'
import { jsonLines, runCli } from '../support/cli.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyrecall-allow-'))
  const line = `token = "${mintFor('npm-access-token', seededRandom(3))}" # keyrecall:allow\n`
  await writeFile(join(folder, 'a.env'), line)
})

afterEach(() => rm(folder, { recursive: true, force: true }))

test('a comment lets a credential stay, and --no-allow-comments reports it', async () => {
  const options = { cwd: folder, home: folder }
  const heeded = await runCli(['scan', 'a.env', '--stats', 'stats.json'], options)
  const all = await runCli(['scan', 'a.env', '--no-allow-comments'], options)

  expect([heeded.status, heeded.stdout]).toEqual([0, ''])
  expect(heeded.stderr).toMatch(/1 hit allowed by a comment/)
  expect([all.status, jsonLines(all.stdout).length]).toEqual([1, 1])
  expect(JSON.parse(await readFile(join(folder, 'stats.json'), 'utf8'))).toMatchObject({
    drops: { allowed_inline: 1 },
    prefilter: expect.stringMatching(/^(?:webassembly(?:-relaxed)?|re2)$/),
  })
})
