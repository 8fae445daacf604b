/** Phrases of words that stand for the key of a wallet, beside a word that says so. */
import type { Detector } from '../src/model/detector.ts'
import {
  checkAlgorand,
  checkBip39,
  checkElectrum,
  mintAlgorand,
  mintBip39,
  mintElectrum,
} from './checks/phrase.ts'
import { prefixed } from './checks/shape.ts'

export const mnemonics: readonly Detector[] = [
  prefixed({
    id: 'bip39-mnemonic',
    issuer: 'key material',
    kind: 'seed phrase (BIP-39)',
    docs: 'https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki',
    anchors: ['mnemonic', 'Mnemonic', 'MNEMONIC', 'seed', 'Seed', 'SEED', 'phrase', 'Phrase', 'PHRASE'],
    pattern: String.raw`(?i:mnemonic|seed|phrase)[^\n]{0,48}?[^A-Za-z\n]((?:[a-z]{3,8} ){11,23}[a-z]{3,8})`,
    gate: 'words',
    maxLength: 419,
    context: ['mnemonic'],
    check: checkBip39,
    mint: (random) => `mnemonic: ${mintBip39(random)}`,
    revoke: 'move the funds',
  }),
  prefixed({
    id: 'electrum-seed',
    issuer: 'key material',
    kind: 'seed phrase of Electrum',
    docs: 'https://electrum.readthedocs.io/en/latest/seedphrase.html',
    anchors: ['electrum', 'Electrum', 'ELECTRUM', 'seed', 'Seed', 'SEED'],
    pattern: String.raw`(?i:electrum|seed)[^\n]{0,48}?[^A-Za-z\n]((?:[a-z]{3,8} ){11}[a-z]{3,8})`,
    gate: 'words',
    maxLength: 311,
    context: ['electrum'],
    check: checkElectrum,
    yieldsTo: ['bip39-mnemonic'],
    mint: (random) => `electrum: ${mintElectrum(random)}`,
    revoke: 'move the funds',
  }),
  prefixed({
    id: 'algorand-mnemonic',
    issuer: 'key material',
    kind: 'phrase of an Algorand account',
    docs: 'https://developer.algorand.org/docs/get-details/accounts/',
    anchors: ['algorand', 'Algorand', 'ALGORAND', 'mnemonic', 'Mnemonic', 'MNEMONIC'],
    pattern: String.raw`(?i:algorand|mnemonic)[^\n]{0,48}?[^A-Za-z\n]((?:[a-z]{3,8} ){24}[a-z]{3,8})`,
    gate: 'words',
    maxLength: 428,
    context: ['algorand'],
    check: checkAlgorand,
    mint: (random) => `algorand: ${mintAlgorand(random)}`,
    revoke: 'move the funds',
  }),
]
