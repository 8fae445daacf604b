/**
 * Which texts may become an address we mail. Addresses come from commits and bucket tags, so from anybody: what is
 * not plainly one address is none, and forms that no person reads are left out.
 */

const pattern = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/

/** The address with its domain in lower case, or null: no line breaks, lists, names or quotes get through. */
export function parseAddress(text: string): string | null {
  const trimmed = text.trim()
  if (trimmed.length > 254 || !pattern.test(trimmed) || trimmed.includes('..')) return null
  const at = trimmed.lastIndexOf('@')
  const local = trimmed.slice(0, at)
  if (local.startsWith('.') || local.endsWith('.')) return null
  return `${local}@${trimmed.slice(at + 1).toLowerCase()}`
}

/** Addresses of machines: GitHub's and GitLab's noreply forms, bots, and the usual names for "nobody". */
export function isNobody(address: string): boolean {
  const [local = '', domain = ''] = address.toLowerCase().split('@')
  if (domain === 'users.noreply.github.com' || domain.startsWith('users.noreply.')) return true
  if (local.includes('[bot]') || /(?:^|[-+.])bot$/.test(local)) return true
  return /^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|donotreply|mailer-daemon|postmaster|root)$/.test(local)
}

/** Exactly one of the operator's domains; sub-domains must be listed themselves. */
export function isOnDomain(address: string, domains: readonly string[]): boolean {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase()
  return domains.some((each) => each.trim().toLowerCase() === domain)
}
