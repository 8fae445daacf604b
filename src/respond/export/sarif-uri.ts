/**
 * Where a place is, as SARIF says it: a URI and the base that it is relative to. Files below the folder of the scan and
 * paths of its own repository are relative to `%SRCROOT%`, which is what code scanning wants; names are chosen by
 * strangers, so every character that a URI gives a meaning is percent-encoded.
 */
import { relative, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ArtifactLocation, Run } from 'sarif'
import type { Place } from '../../model/blob.ts'

const sourceRoot = '%SRCROOT%'

export interface SarifUris {
  of(place: Place): ArtifactLocation
  /** The bases met so far. */
  bases(): Pick<Run, 'originalUriBaseIds' | 'versionControlProvenance'>
}

/** @param cwd absolute path that relative paths of files start from */
export function sarifUris(cwd: string): SarifUris {
  /** Repositories other than the one in `cwd`: their address with a slash at its end, and their id. */
  const ids = new Map<string, string>()

  function fileLocation(path: string): ArtifactLocation {
    const absolute = resolve(cwd, path)
    const below = relative(cwd, absolute)
    if (below === '..' || below.startsWith(`..${sep}`) || resolve(cwd, below) !== absolute) {
      return { uri: pathToFileURL(absolute).href }
    }
    return { uri: encodePath(below), uriBaseId: sourceRoot }
  }

  function repositoryLocation(place: Place): ArtifactLocation {
    // An object that no commit names has no path.
    const uri = encodePath(place.path === '' ? `objects/${place.blob_sha ?? ''}` : place.path)
    const address = repositoryAddress(place, cwd)
    if (address === null) return { uri, uriBaseId: sourceRoot }
    const id = ids.get(address) ?? `REPOSITORY_${ids.size + 1}`
    ids.set(address, id)
    return { uri, uriBaseId: id }
  }

  return {
    of(place) {
      switch (place.type) {
        case 'file':
          return fileLocation(place.path)
        case 'stdin':
          return { uri: 'stdin' }
        case 's3_object': {
          const version = place.version_id === undefined ? '' : `?versionId=${encodeName(place.version_id)}`
          const path = `${encodeName(place.bucket ?? '')}/${encodePath(place.key ?? place.path)}`
          return { uri: `s3://${path}${version}` }
        }
        case 'commit':
        case 'github_blob':
          return repositoryLocation(place)
      }
    },
    bases() {
      const remote = [...ids].filter(([address]) => /^https?:/.test(address))
      return {
        originalUriBaseIds: {
          // Without a URI: where a checkout lies on this machine is no business of a reader.
          [sourceRoot]: { description: { text: 'The folder that keyrecall was started in.' } },
          ...Object.fromEntries([...ids].map(([uri, id]) => [id, { uri }])),
        },
        ...(remote.length === 0
          ? {}
          : {
              versionControlProvenance: remote.map(([address, uriBaseId]) => ({
                repositoryUri: address.slice(0, -1),
                mappedTo: { uriBaseId },
              })),
            }),
      }
    },
  }
}

/** The repository's address with a slash at its end; null for the one that `cwd` is the top of. */
function repositoryAddress(place: Place, cwd: string): string | null {
  const repository = place.repository ?? ''
  if (/^(?:https?|file):\/\//i.test(repository) && URL.canParse(repository)) {
    return withSlash(new URL(repository).href)
  }
  const web = place.url !== undefined && URL.canParse(place.url) ? new URL(place.url).origin : null
  if (web !== null) return withSlash(`${web}/${encodePath(repository)}`)
  if (place.type === 'github_blob') return withSlash(`https://github.com/${encodePath(repository)}`)
  const path = resolve(cwd, repository)
  return path === cwd ? null : withSlash(pathToFileURL(path).href)
}

function withSlash(address: string): string {
  return address.endsWith('/') ? address : `${address}/`
}

function encodePath(path: string): string {
  return path.split('/').map(encodeName).join('/')
}

/** Stricter than `encodeURIComponent`, which throws on half a surrogate pair, too. */
function encodeName(name: string): string {
  return encodeURIComponent(name.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
