/** Detectors that the vectors name and that are not built yet. The list may only shrink. */
export const missing: readonly string[] = [
  'algorand-mnemonic',
  'bip39-mnemonic',
  'electrum-seed',
]
