/**
 * Tells git's network failures apart by what it wrote, in the C locale. What it wrote stays here: it quotes
 * addresses and whatever the server said.
 */
import { AppError, type ErrorCode } from '../../model/errors.ts'

interface Known {
  pattern: RegExp
  code: ErrorCode
  message: string
  retryable: boolean
}

const known: readonly Known[] = [
  {
    pattern: /Authentication failed|could not read (Username|Password)|returned error: 40[137]/,
    code: 'remote_refused',
    message: 'the server refused access; give a token that may read it',
    retryable: false,
  },
  {
    pattern: /returned error: 3\d\d|unable to update url base from redirection/,
    code: 'remote_refused',
    message: 'the server redirects elsewhere, which is not followed; give the address it has now',
    retryable: false,
  },
  {
    pattern: /repository .* not found|returned error: (404|410)|not valid: is this a git repository/i,
    code: 'not_found',
    message: 'there is no such repository, or the token may not see it',
    retryable: false,
  },
  {
    pattern: /returned error: 429/,
    code: 'rate_limited',
    message: 'the server asks to wait',
    retryable: true,
  },
  {
    pattern: /transport '.*' not allowed/,
    code: 'blocked_target',
    message: 'its protocol is not allowed',
    retryable: false,
  },
  {
    pattern: /certificate|SSL|gnutls/i,
    code: 'remote_failed',
    message: 'the TLS connection could not be trusted or made',
    retryable: false,
  },
  {
    pattern: /No space left on device/,
    code: 'git_failed',
    message: 'there is no room on the disk of the cache',
    retryable: true,
  },
  {
    pattern:
      /Could not resolve|Failed to connect|Couldn't connect|timed out|too slow|RPC failed|early EOF|hung up|unexpected disconnect|Empty reply|returned error: 5\d\d|reset by peer/,
    code: 'remote_failed',
    message: 'the server could not be reached or broke off',
    retryable: true,
  },
]

/** @param subject how the repository is named in the message */
export function explainRemoteFailure(subject: string): (stderr: string) => AppError | null {
  return (stderr) => {
    const match = known.find(({ pattern }) => pattern.test(stderr))
    if (!match) return null
    return new AppError(match.code, `could not fetch "${subject}": ${match.message}`, {
      retryable: match.retryable,
    })
  }
}
