/** Detectors that the vectors name and that are not built yet. The list may only shrink. */
export const missing: readonly string[] = [
  'algorand-mnemonic',
  'bip39-mnemonic',
  'database-url',
  'electrum-seed',
  'generic-crc32-base62-token',
  'jwk-private-key',
  'kubernetes-service-account-token',
  'laravel-app-key',
  'laravel-sanctum-token',
  'netrc-password',
  'openvpn-static-key',
  'pgp-private-key',
  'putty-private-key',
  'url-basic-auth',
]
