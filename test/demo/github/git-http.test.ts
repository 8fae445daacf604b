import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { GithubWorld } from '../../../src/demo/github/start.ts'
import { startTestGithub } from '../../support/github.ts'

const run = promisify(execFile)

describe('git over HTTP of the GitHub of the demo', () => {
  let world: GithubWorld
  let folder: string

  beforeEach(async () => {
    world = await startTestGithub()
    folder = await mkdtemp(join(tmpdir(), 'keyrecall-test-'))
    const build = async (history: { commit(input: object): Promise<string> }) => {
      await history.commit({ message: 'One', files: { 'a.txt': 'one' } })
      await history.commit({ message: 'Two', files: { 'a.txt': 'two' } })
      await history.commit({ message: 'Side', branch: 'side', from: 'main', files: { 'b.txt': 'side' } })
    }
    await world.addRepository({ owner: 'acme', name: 'open', build })
    await world.addRepository({ owner: 'acme', name: 'closed', private: true, build })
  })

  afterEach(async () => {
    await world.close()
    await rm(folder, { recursive: true, force: true })
  })

  function git(args: string[], token?: string): Promise<{ stdout: string }> {
    const basic = Buffer.from(`x-access-token:${token}`).toString('base64')
    const credentials =
      token === undefined
        ? {}
        : {
            GIT_CONFIG_COUNT: '1',
            GIT_CONFIG_KEY_0: 'http.extraHeader',
            GIT_CONFIG_VALUE_0: `Authorization: basic ${basic}`,
          }
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      GIT_TERMINAL_PROMPT: '0',
      GIT_ASKPASS: '',
      ...credentials,
    }
    return run('git', args, { env, cwd: folder })
  }

  test('a public repository is cloned without a token, all branches included', async () => {
    await git(['clone', '--quiet', '--', `${world.gitUrl}/acme/open.git`, 'open'])

    const { stdout } = await git(['-C', 'open', 'log', '--all', '--format=%s'])
    expect(stdout.trim().split('\n')).toEqual(['Side', 'Two', 'One'])
    expect(await readFile(join(folder, 'open', 'a.txt'), 'utf8')).toBe('two')
  })

  test('a private repository is cloned with the token', async () => {
    await git(
      ['clone', '--quiet', '--mirror', '--', `${world.gitUrl}/acme/closed.git`, 'closed'],
      world.token,
    )

    const { stdout } = await git(['-C', 'closed', 'rev-list', '--count', '--all'])
    expect(stdout.trim()).toBe('3')
  })

  test('a clone may leave the blobs out', async () => {
    const url = `${world.gitUrl}/acme/open.git`

    await git(['clone', '--quiet', '--bare', '--filter=blob:none', '--', url, 'partial'])

    const { stdout } = await git(['-C', 'partial', 'rev-list', '--objects', '--all', '--missing=print'])
    expect(stdout.match(/^\?/gm)).toHaveLength(3)
  })

  test.each([
    ['a private repository without a token', 'closed', undefined],
    ['a private repository with a wrong token', 'closed', 'wrong'],
    ['a public repository with a wrong token', 'open', 'wrong'],
    ['a repository that is not there', 'missing', undefined],
  ])('%s is not cloned', async (_what, name, token) => {
    const clone = git(['clone', '--quiet', '--', `${world.gitUrl}/acme/${name}.git`, 'x'], token)

    await expect(clone).rejects.toThrow()
  })

  test('nothing can be pushed', async () => {
    await git(['clone', '--quiet', '--', `${world.gitUrl}/acme/open.git`, 'open'], world.token)

    const push = git(['-C', 'open', 'push', '--quiet', 'origin', 'main:new'], world.token)

    await expect(push).rejects.toThrow()
  })
})
