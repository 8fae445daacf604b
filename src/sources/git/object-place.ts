/** Where objects of a repository stand before anybody knows which commit holds them. */
import type { Place } from '../../model/blob.ts'
import { writtenBy } from './object-text.ts'

/** What all places in a repository have in common. */
export interface RepositoryPlace {
  repository: string
  /** Its page on the web. */
  url: string | null
  public: boolean
}

/** A file's content; its path stays empty until `locate` knows it. */
export function blobPlace(id: string, repository: RepositoryPlace): Place {
  return { ...shared(repository), path: '', blob_sha: id }
}

/** @param object the raw commit or tag; null where it is too large to be at hand, and nobody is named */
export function messagePlace(
  type: 'commit' | 'tag',
  id: string,
  object: Buffer | null,
  repository: RepositoryPlace,
): Place {
  const writer = object && writtenBy(object)
  const { url } = repository
  return {
    ...shared(repository),
    ...(type === 'commit' ? { path: 'COMMIT_MSG', commit_sha: id } : { path: 'TAG_MSG', blob_sha: id }),
    ...(writer ? { author_name: writer.name, author_email: writer.email } : {}),
    ...(writer?.at === undefined ? {} : { committed_at: writer.at }),
    ...(url === null || type === 'tag' ? {} : { url: `${url}/commit/${id}` }),
  }
}

/** The log of a ref: what it led to, by whom and why, also where nothing leads there any more. */
export function logPlace(name: string, repository: RepositoryPlace): Place {
  return { ...shared(repository), path: name }
}

function shared({ repository, url, public: isPublic }: RepositoryPlace) {
  return { type: 'commit' as const, repository, ...(url === null ? {} : { url }), public: isPublic }
}
