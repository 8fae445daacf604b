import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { mintFor } from '../../detectors/checks/mint.ts'
import { seededRandom } from '../../detectors/checks/random.ts'
import type { GithubWorld } from '../../src/demo/github/start.ts'
import { type CliRun, jsonLines, runCli } from '../support/cli.ts'
import { startTestGithub } from '../support/github.ts'
import { type S3World, startS3 } from '../support/s3.ts'

const token = mintFor('github-pat-classic', seededRandom(21))
const old = mintFor('npm-access-token', seededRandom(22))
const aside = mintFor('keyrecall-token', seededRandom(23))

let dir: string
let github: GithubWorld
let s3: S3World

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keyrecall-remote-'))
  github = await startTestGithub()
  s3 = await startS3()
})

afterEach(async () => {
  await github.close()
  await s3.close()
  await rm(dir, { recursive: true, force: true })
})

function run(args: readonly string[], env: Record<string, string> = {}): Promise<CliRun> {
  return runCli(args, {
    cwd: dir,
    home: join(dir, 'home'),
    env: {
      GITHUB_API_URL: github.apiUrl,
      GITHUB_TOKEN: github.token,
      S3_ENDPOINT: s3.endpoint,
      S3_REGION: s3.region,
      AWS_ACCESS_KEY_ID: s3.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: s3.credentials.secretAccessKey,
      ...env,
    },
  })
}

async function plant(): Promise<void> {
  const author = { name: 'Jo', email: 'jo@acme.example' }
  await github.addRepository({
    owner: 'acme',
    name: 'shop',
    private: true,
    build: async (history) => {
      await history.commit({ message: 'first', author, files: { 'old.env': `A=${old}\n` } })
      await history.commit({
        message: 'second',
        author,
        files: { 'old.env': null, 'app.env': `B=${token}\n` },
      })
    },
  })
  await github.addRepository({
    owner: 'wanda',
    name: 'notes',
    build: async (history) =>
      void (await history.commit({
        message: 'note',
        author,
        files: { 'notes.txt': `acme_note ${aside}\n` },
      })),
  })
  s3.createBucket('backups', { versioning: true })
  s3.put('backups', 'a/app.env', `B=${token}\n`)
  s3.put('backups', 'a/app.env', 'B=\n')
}

test('owners, single repositories, code search and buckets are one scan, and one credential is one finding', async () => {
  await plant()

  const { status, stdout, stderr } = await run([
    'scan',
    'github:acme',
    'github-search:acme_note',
    's3://backups/a',
  ])

  const findings = jsonLines(stdout)
  const places = (detector: string) =>
    findings
      .find((finding) => finding.detector === detector)
      ?.places.map((place) => `${place.type} ${place.path}`)
  expect(stderr).not.toContain('could not be read')
  expect(status).toBe(1)
  expect(findings).toHaveLength(3)
  expect(places('npm-access-token')).toEqual(['commit old.env'])
  expect(places('github-pat-classic')).toEqual(['commit app.env', 's3_object a/app.env'])
  expect(places('keyrecall-token')).toEqual(['github_blob notes.txt'])
})

test('a single repository is found by its name, a mirror stays private to its user, and no token of ours is kept', async () => {
  await plant()

  const { status, stdout } = await run(['scan', 'github:acme/shop'])

  expect(status).toBe(1)
  expect(jsonLines(stdout).map((finding) => finding.places[0]?.repository)).toEqual([
    'acme/shop',
    'acme/shop',
  ])
  expect((await stat(join(dir, 'home', 'mirrors'))).mode & 0o777).toBe(0o700)
  expect(await readdir(join(dir, 'home', 'mirrors'))).toHaveLength(1)
  expect(stdout).not.toContain(github.token)
})

test('a repository and a bucket that are not there are named, and what is there is scanned', async () => {
  await plant()

  const { status, stdout, stderr } = await run(['scan', 'github:acme/none', 's3://nowhere', 's3://backups'])

  expect(status).toBe(2)
  expect(jsonLines(stdout)).toHaveLength(1)
  expect(stderr).toContain('acme/none')
  expect(stderr).toContain('nowhere')
})

test('a setting that cannot be used is named without its value', async () => {
  const { status, stderr } = await run(['scan', 's3://backups'], { S3_ENDPOINT: 'ftp://s3.example.test' })

  expect(status).toBe(2)
  expect(stderr).toContain('S3_ENDPOINT')
  expect(stderr).not.toContain('s3.example.test')
})
