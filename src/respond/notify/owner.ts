/**
 * Who is told about a finding. One step of the order for all its places: the first step that knows anybody decides,
 * so that a credential in ten places makes one mail to its owner, listing all ten, not ten mails to ten guesses.
 * Authors and tags can be forged by whoever writes there; they count only on the operator's own domains.
 */
import type { Place } from '../../model/blob.ts'
import { isNobody, isOnDomain, parseAddress } from './address.ts'
import { type DirectoryEntry, lookUp } from './directory.ts'

/** How an address was found; stored with the notice. */
type ChosenBy = 'directory' | 'commit_author' | 'bucket_tag' | 'security_team'

export interface OwnerSettings {
  directory: readonly DirectoryEntry[]
  /** Domains on which commit authors and bucket tags are believed. */
  ownerDomains: readonly string[]
  securityTeam: string | null
}

export interface Owner {
  address: string
  chosenBy: ChosenBy
}

/** Most people told of one finding by one step: a commit storm must not become a mail storm. */
const maxOwners = 5

/** Empty when nobody is known and no security team is configured. */
export function chooseOwners(places: readonly Place[], settings: OwnerSettings): Owner[] {
  const steps: [ChosenBy, (place: Place) => string | null | undefined][] = [
    ['directory', (place) => lookUp(settings.directory, place)],
    ['commit_author', (place) => believed(place.author_email, settings.ownerDomains)],
    ['bucket_tag', (place) => believed(place.owner_hint, settings.ownerDomains)],
  ]
  for (const [chosenBy, addressOf] of steps) {
    const known = new Map<string, Owner>()
    for (const place of places) {
      const address = addressOf(place)
      if (address && known.size < maxOwners) known.set(address.toLowerCase(), { address, chosenBy })
    }
    if (known.size > 0) return [...known.values()]
  }
  const team = settings.securityTeam === null ? null : parseAddress(settings.securityTeam)
  return team === null ? [] : [{ address: team, chosenBy: 'security_team' }]
}

function believed(text: string | undefined, domains: readonly string[]): string | null {
  const address = text === undefined ? null : parseAddress(text)
  if (address === null || isNobody(address) || !isOnDomain(address, domains)) return null
  // One mailbox in two spellings must not be told twice.
  return address.toLowerCase()
}
