/** What the rest of the service uses of this source. */
export { createGithubClient, type GithubDeps, type GithubOptions } from './client.ts'
export { expandOwnerPage } from './expand-owner-page.ts'
export { expandRepository } from './expand-repository.ts'
export { expandSearchPage } from './expand-search-page.ts'
export { expandSearchSlice } from './expand-search-slice.ts'
export { openGithubBlob } from './open-blob.ts'
