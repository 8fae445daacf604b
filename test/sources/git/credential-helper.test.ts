/** What is said to who asks for a credential. */
import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { answerFor, credentialHelper } from '../../../src/sources/git/credential-helper.ts'

const credential = { username: 'robin', password: ['made', 'up', 'word'].join('-') }
const answer = answerFor('https://git.acme.example:8443', credential)

describe('a question for a credential', () => {
  it('is answered for its origin', () => {
    expect(answer('protocol=https\nhost=git.acme.example:8443\nwwwauth[]=Basic realm="a=b"\n\n')).toBe(
      `username=robin\npassword=${credential.password}\n\n`,
    )
  })

  it.each([
    ['another host', 'protocol=https\nhost=evil.example\n\n'],
    ['another port', 'protocol=https\nhost=git.acme.example\n\n'],
    ['another protocol', 'protocol=http\nhost=git.acme.example:8443\n\n'],
    ['nothing', '\n\n'],
    ['a host that continues in a path', 'protocol=https\nhost=git.acme.example:8443/x\n\n'],
    [
      'two hosts, of which the last counts',
      'protocol=https\nhost=git.acme.example:8443\nhost=evil.example\n\n',
    ],
  ])('about %s gets none', (_what, question) => {
    expect(answer(question)).toBe('\n')
  })

  it('waits until it is whole, and no longer than a question is', () => {
    expect(answer('protocol=https\nhost=git.acme')).toBeNull()
    expect(answer('x'.repeat(20_000))).toBe('\n')
  })

  it('gets none where the credential would say more than it is', () => {
    const odd = answerFor('https://a.example', { username: 'robin', password: 'x\nhost=evil.example' })
    expect(odd('protocol=https\nhost=a.example\n\n')).toBe('\n')
  })
})

describe('the helper', () => {
  it.each(['store', 'erase'])('does nothing where it is asked to %s', (action) => {
    const script = `${credentialHelper.slice(1)} ${action}`
    expect(
      execFileSync('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' }),
    ).toBe('')
  })
})
