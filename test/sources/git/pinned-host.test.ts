import { describe, expect, it } from 'vitest'
import { pinHost } from '../../../src/sources/git/pinned-host.ts'

/** Pins a location whose host has these addresses. */
function pin(href: string, addresses: readonly string[], allowPrivateHosts: readonly string[] = []) {
  const url = new URL(href)
  const protocol = url.protocol === 'http:' ? 'http' : 'https'
  return pinHost(
    { kind: 'remote', href, origin: url.origin, protocol },
    {
      allowPrivateHosts,
      resolve: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    },
  )
}

describe('the host of a repository that came over the API', () => {
  it('is pinned to the addresses that were checked', async () => {
    expect(await pin('https://git.example.com/a/b.git', ['93.184.216.34', '2606:2800:220:1::1'])).toBe(
      'git.example.com:443:93.184.216.34,[2606:2800:220:1::1]',
    )
    expect(await pin('https://git.example.com:8443/a', ['93.184.216.34'])).toBe(
      'git.example.com:8443:93.184.216.34',
    )
  })

  it.each([
    ['a name with a private address', 'https://git.example.com/a', ['10.0.0.5']],
    [
      'a name with one public and one private address',
      'https://git.example.com/a',
      ['93.184.216.34', '127.0.0.1'],
    ],
    ['a mapped private address', 'https://git.example.com/a', ['::ffff:192.168.1.1']],
    ['the metadata service of a cloud', 'https://git.example.com/a', ['169.254.169.254']],
    ['an address for a name', 'https://93.184.216.34/a', ['93.184.216.34']],
    ['another way to write an address', 'https://0x7f.1/a', ['127.0.0.1']],
    ['a name of an inner network', 'https://git.internal/a', ['93.184.216.34']],
    ['another port', 'https://git.example.com:22/a', ['93.184.216.34']],
  ])('is refused for %s', async (_, href, addresses) => {
    await expect(pin(href, addresses)).rejects.toMatchObject({ code: 'blocked_target', retryable: false })
  })

  it('is refused where it has no address, though it may have one later', async () => {
    await expect(pin('https://git.example.com/a', [])).rejects.toMatchObject({
      code: 'remote_failed',
      retryable: true,
    })
  })

  it('may be anything where the operator lists it', async () => {
    expect(await pin('https://git.internal:9000/a', ['10.0.0.5'], ['git.internal:9000'])).toBeNull()
    expect(await pin('http://10.0.0.5/a', [], ['10.0.0.5'])).toBeNull()
  })
})
