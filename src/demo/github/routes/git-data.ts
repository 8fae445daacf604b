/** Blobs by object id and files by path, from the real repository; as JSON with base64 or raw. */
import { basename } from 'node:path'
import { type Answer, type Call, notFound, Refusal, type Schemas, validationFailed } from '../answer.ts'
import { encodePath, nodeId, pageUrl, repositoryUrl } from '../shapes.ts'
import { type DemoRepository, defaultBranch, type World } from '../world.ts'
import { resolveCommit } from './commits.ts'
import { findRepository } from './repositories.ts'

/** JSON of `contents` holds the text up to this size; of larger files the id alone. */
const inlineLimit = 1024 ** 2

/** `GET /repos/{owner}/{repo}/git/blobs/{file_sha}` */
export async function getBlob(call: Call): Promise<Answer> {
  const repository = findRepository(call)
  const sha = call.params.file_sha ?? ''
  if (!/^[0-9a-f]{40}$/.test(sha)) {
    throw validationFailed(
      'Blob',
      'sha',
      'The sha parameter must be exactly 40 characters and contain only [0-9a-f].',
    )
  }
  const content = await repository.git(['cat-file', 'blob', sha]).catch(() => null)
  if (content === null) throw notFound()
  if (isRaw(call)) return rawAnswer(content)
  const body: Schemas['blob'] = {
    sha,
    node_id: nodeId('Blob', sha),
    size: content.length,
    url: `${repositoryUrl(repository, call.world)}/git/blobs/${sha}`,
    content: inLines(content),
    encoding: 'base64',
  }
  return { status: 200, body }
}

/** `GET /repos/{owner}/{repo}/contents/{path}`: files; folders, links and submodules are not needed here. */
export async function getContents(call: Call): Promise<Answer> {
  const repository = findRepository(call)
  const path = call.params.path ?? ''
  const ref = call.query.get('ref') ?? defaultBranch
  const commit = await resolveCommit(repository, ref)
  if (commit === null) throw new Refusal(404, `No commit found for the ref ${ref}`)
  const listing = await repository.git(['ls-tree', '-z', commit, '--', path])
  const [, type, sha = ''] = listing.toString().slice(0, listing.indexOf(9)).split(' ')
  if (type !== 'blob') throw notFound()
  const content = await repository.git(['cat-file', 'blob', sha])
  if (isRaw(call)) return rawAnswer(content)
  return { status: 200, body: contentFile(repository, call.world, { path, sha, ref, content }) }
}

interface File {
  path: string
  sha: string
  ref: string
  content: Buffer
}

function contentFile(repository: DemoRepository, world: World, file: File): Schemas['content-file'] {
  const path = encodePath(file.path)
  const ref = encodeURIComponent(file.ref)
  const self = `${repositoryUrl(repository, world)}/contents/${path}?ref=${ref}`
  const git = `${repositoryUrl(repository, world)}/git/blobs/${file.sha}`
  const html = pageUrl(repository, world, `blob/${ref}/${path}`)
  const inline = file.content.length <= inlineLimit
  return {
    type: 'file',
    name: basename(file.path),
    path: file.path,
    sha: file.sha,
    size: file.content.length,
    url: self,
    git_url: git,
    html_url: html,
    download_url: pageUrl(repository, world, `raw/${ref}/${path}`),
    content: inline ? inLines(file.content) : '',
    encoding: inline ? 'base64' : 'none',
    _links: { self, git, html },
  }
}

function isRaw(call: Call): boolean {
  return /application\/vnd\.github\.(?:v3\.)?raw\b/.test(call.accept)
}

function rawAnswer(content: Buffer): Answer {
  return { status: 200, body: content, contentType: 'application/vnd.github.raw+json; charset=utf-8' }
}

/** GitHub breaks base64 after 60 characters. */
function inLines(content: Buffer): string {
  return content.toString('base64').replace(/.{60}/g, '$&\n')
}
