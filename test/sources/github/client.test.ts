import { describe, expect, test } from 'vitest'
import { createEtagCache } from '../../../src/sources/github/etag-cache.ts'
import { createGithubClient } from '../../../src/sources/github/index.ts'

const token = ['made', 'up', 'value'].join('_')

describe('the client', () => {
  test.each([
    [undefined, 'https://github.com'],
    ['https://api.github.com', 'https://github.com'],
    ['https://api.acme.ghe.com', 'https://acme.ghe.com'],
    ['https://git.acme.test/api/v3', 'https://git.acme.test'],
  ])('gives git the token for the web host of %s alone', async (baseUrl, web) => {
    const client = createGithubClient({
      token,
      userAgent: 'test',
      ...(baseUrl === undefined ? {} : { baseUrl }),
    })

    expect(client.credential(`${web}/acme/web.git`)).toEqual({ username: 'x-access-token', password: token })
    expect(client.credential('https://github.com.evil.test/acme/web.git')).toBeNull()
    expect(client.credential(`${web.replace('https', 'http')}/acme/web.git`)).toBeNull()
    expect(client.credential('not an address')).toBeNull()
    await client.close()
  })

  test('has no credential without a token', async () => {
    const client = createGithubClient({ token: '', userAgent: 'test' })

    expect(client.credential('https://github.com/acme/web.git')).toBeNull()
    await client.close()
  })

  test.each(['', 'ftp://host', 'not a url'])('refuses %j as address of the API', (baseUrl) => {
    expect(() => createGithubClient({ baseUrl, userAgent: 'test' })).toThrow(/is not the http/)
  })

  test('refuses credentials in the address and does not repeat them', () => {
    const baseUrl = `https://me:${token}@git.acme.test/api/v3`

    expect(() => createGithubClient({ baseUrl, userAgent: 'test' })).toThrow(
      expect.objectContaining({ code: 'config', message: expect.not.stringContaining(token) }),
    )
  })
})

describe('answers kept for conditional requests', () => {
  function answer(size: number): { etag: string; body: Uint8Array; headers: [] } {
    return { etag: 'e', body: new Uint8Array(size), headers: [] }
  }

  test('the least recently used goes first when they grow too large', () => {
    const cache = createEtagCache(100)
    for (const key of ['a', 'b', 'c', 'd']) cache.set(key, answer(25))

    cache.get('a')
    cache.set('e', answer(25))

    expect(['a', 'b', 'c', 'd', 'e'].filter((key) => cache.get(key) !== undefined)).toEqual([
      'a',
      'c',
      'd',
      'e',
    ])
  })

  test('an answer too large to keep replaces none and forgets its older self', () => {
    const cache = createEtagCache(100)
    cache.set('a', answer(10))
    cache.set('b', answer(10))

    cache.set('a', answer(26))

    expect(cache.get('a')).toBeUndefined()
    expect(cache.get('b')).toBeDefined()
  })
})
