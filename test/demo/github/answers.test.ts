/** The demo's GitHub says what GitHub's own OpenAPI description says, route by route. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { GithubWorld } from '../../../src/demo/github/start.ts'
import { startTestGithub } from '../../support/github.ts'
import { loadDescription } from '../../support/github-description.ts'

describe('answers of the GitHub of the demo', () => {
  const answers: { route: string; status: number; body: unknown }[] = []
  let world: GithubWorld
  let commit: string

  beforeEach(async () => {
    answers.length = 0
    world = await startTestGithub({ onAnswer: (answer) => answers.push(answer) })
    const repository = await world.addRepository({
      owner: 'acme',
      name: 'web',
      async build(history) {
        await history.commit({ message: 'Start', files: { 'a b/ü#?.txt': 'first line\nneedle\n' } })
        commit = await history.commit({ message: 'Go on\n\nwith a body', files: { 'x.json': '{}' } })
      },
    })
    expect(repository.size()).toBeGreaterThan(0)
    await world.addRepository({ owner: 'wanda', name: 'empty' })
  })

  afterEach(() => world.close())

  test.each([
    ['/orgs/acme/repos', 200],
    ['/orgs/nobody/repos', 404],
    ['/users/wanda/repos', 200],
    ['/repos/acme/web', 200],
    ['/repos/acme/missing', 404],
    ['/repos/acme/web/commits?per_page=1', 200],
    ['/repos/wanda/empty/commits', 409],
    ['/repos/acme/web/contents/a%20b%2F%C3%BC%23%3F.txt', 200],
    ['/repos/acme/web/contents/missing', 404],
    ['/repos/acme/web/git/blobs/short', 422],
    ['/search/code?q=needle', 200],
    ['/search/code?q=size:1', 422],
    ['/rate_limit', 200],
    ['/nothing/here', 404],
  ])('%s answers %i in the described form', async (path, status) => {
    const description = loadDescription()

    const response = await fetch(`${world.apiUrl}${path}`, {
      headers: { authorization: `Bearer ${world.token}`, accept: 'application/vnd.github.text-match+json' },
    })
    await response.arrayBuffer()

    expect(response.status).toBe(status)
    expect(answers).toHaveLength(1)
    if (description === null) {
      console.info(
        'not checked: the extract of the OpenAPI description of GitHub is not beside the repository',
      )
      return
    }
    expect(answers.flatMap((answer) => description.problemsOf(answer))).toEqual([])
  })

  test('a blob answers in the described form', async () => {
    const contents = (await (
      await fetch(`${world.apiUrl}/repos/acme/web/contents/x.json?ref=${commit}`)
    ).json()) as {
      sha: string
    }
    const blob = await fetch(`${world.apiUrl}/repos/acme/web/git/blobs/${contents.sha}`)

    expect(await blob.json()).toMatchObject({ encoding: 'base64', content: 'e30=', size: 2 })
  })

  test('the check of the form can fail', () => {
    const description = loadDescription()
    if (description === null) return

    const problems = description.problemsOf({
      route: '/repos/{owner}/{repo}/commits',
      status: 200,
      body: [{ sha: 7 }],
    })

    expect(problems).toHaveLength(1)
  })
})
