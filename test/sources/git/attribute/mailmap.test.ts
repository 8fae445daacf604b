import { describe, expect, it } from 'vitest'
import { readMailmap } from '../../../../src/sources/git/attribute/mailmap.ts'

const kim = { name: 'Kim', email: 'kim@example.com' }

describe('a mailmap', () => {
  it.each([
    ['New Name <kim@example.com>', 'New Name', 'kim@example.com'],
    ['<new@example.com> <kim@example.com>', 'Kim', 'new@example.com'],
    ['New <new@example.com> <KIM@EXAMPLE.COM>', 'New', 'new@example.com'],
    ['New <new@example.com> kIM <kim@example.com>', 'New', 'new@example.com'],
    ['New <new@example.com> Somebody Else <kim@example.com>', 'Kim', 'kim@example.com'],
    ['New Name <kim@example.com> # why\r', 'New Name', 'kim@example.com'],
    ['# New Name <kim@example.com>', 'Kim', 'kim@example.com'],
    ['New Name kim@example.com', 'Kim', 'kim@example.com'],
    ['New Name <>', 'Kim', 'kim@example.com'],
    ['One <kim@example.com>\nTwo <kim@example.com>', 'Two', 'kim@example.com'],
    ['One <one@example.com> Kim <kim@example.com>\nTwo <kim@example.com>', 'One', 'one@example.com'],
    ['One <kim@example.com>\n<new@example.com> <kim@example.com>', 'One', 'new@example.com'],
  ])('of %j tells Kim as %s <%s>', (text, name, email) => {
    expect(readMailmap(text)(kim)).toEqual({ name, email })
  })

  it('may name people who left their address empty', () => {
    expect(readMailmap('New <new@example.com> <>')({ name: 'x', email: '' })).toEqual({
      name: 'New',
      email: 'new@example.com',
    })
  })
})
