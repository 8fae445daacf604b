import { expect, test } from 'vitest'
import { asInstallError } from '../../src/cli/broken-install.ts'

test.each([
  ['MODULE_NOT_FOUND', "Cannot find module './build/Release/re2.node'"],
  ['ERR_DLOPEN_FAILED', "The module '/x/re2.node' was compiled against a different Node.js version"],
])('%s of re2 is told with what to do', (code, message) => {
  const error = Object.assign(new Error(message), { code })

  expect(asInstallError(error)).toMatchObject({
    code: 'config',
    message: expect.stringContaining('npm rebuild re2'),
    cause: error,
  })
})

test.each([
  Object.assign(new Error("Cannot find module 'left-pad'"), { code: 'MODULE_NOT_FOUND' }),
  new Error('re2.node'),
  'text',
])('any other error stays what it is', (error) => {
  expect(asInstallError(error)).toBe(error)
})
