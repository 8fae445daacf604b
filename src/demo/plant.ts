/**
 * Puts the plan into the local world: commits in real repositories and objects in the bucket, each credential
 * where its spot says, the decoys among them.
 */
import { gzipSync } from 'node:zlib'
import type { RepositoryBuilder } from './github/repository-builder.ts'
import type { GithubWorld } from './github/start.ts'
import {
  bucket,
  bucketOwner,
  carelessOwner,
  companyDomain,
  type Decoy,
  type DemoPlan,
  forgedAuthor,
  organisation,
  outsider,
  type Planted,
  type Spot,
  searchWord,
} from './plan.ts'
import type { S3World } from './s3/server.ts'
import { zipOf } from './zip-file.ts'

interface World {
  github: GithubWorld
  s3: S3World
}

/** Spots that are commits of the organisation's main repository, by how they are written there. */
const commitSpots: readonly Spot[] = [
  'newest_commit',
  'removed_commit',
  'side_branch',
  'base64_in_commit',
  'github_and_bucket',
  'forged_author',
]

export async function plant(plan: DemoPlan, world: World): Promise<void> {
  const at = (spot: Spot): Planted[] => plan.planted.filter((one) => one.spot === spot)
  // Public, so that anybody can scan it beside the service with nothing but its URL.
  await world.github.addRepository({
    owner: organisation,
    name: 'storefront',
    build: (repository) => buildStorefront(repository, plan),
  })
  await world.github.addRepository({
    owner: organisation,
    name: 'payments',
    private: true,
    build: (repository) => buildPayments(repository, at('careless_owner')),
  })
  await world.github.addRepository({
    owner: organisation,
    name: 'website',
    build: (repository) => buildClean(repository),
  })
  await world.github.addRepository({
    owner: outsider,
    name: 'notes',
    build: (repository) => buildOutside(repository, at('code_search')),
  })
  fillBucket(plan, world.s3)
}

async function buildStorefront(repository: RepositoryBuilder, plan: DemoPlan): Promise<void> {
  await repository.commit({
    message: 'Start the storefront',
    files: { 'README.md': '# storefront\n', 'src/index.js': 'export const port = 8080\n' },
  })
  await repository.commit({
    message: 'Document the settings',
    files: { 'docs/settings.md': decoyPage(plan.decoys) },
  })
  for (const one of plan.planted.filter(({ spot }) => commitSpots.includes(spot))) {
    await commitLeak(repository, one)
  }
}

async function commitLeak(repository: RepositoryBuilder, one: Planted): Promise<void> {
  const author =
    one.spot === 'forged_author'
      ? { name: 'The Chief', email: forgedAuthor }
      : { name: one.owner.split('@')[0] ?? '', email: one.owner }
  const path = `config/${one.name}.env`
  const content = `API_URL=https://api.acme.test\nAPI_TOKEN=${one.token}\n`
  switch (one.spot) {
    case 'removed_commit':
      await repository.commit({ message: 'Add the settings', author, files: { [path]: content } })
      await repository.commit({ message: 'Remove the settings', author, files: { [path]: null } })
      return
    case 'side_branch':
      await repository.commit({
        message: 'Try another way in',
        author,
        branch: `try/${one.name}`,
        from: 'main',
        files: { [path]: content },
      })
      return
    case 'base64_in_commit': {
      const secret = Buffer.from(`token: ${one.token}\n`).toString('base64')
      const manifest = `apiVersion: v1\nkind: Secret\ndata:\n  settings: ${secret}\n`
      await repository.commit({
        message: 'Add the manifest',
        author,
        files: { [`k8s/${one.name}.yaml`]: manifest },
      })
      return
    }
    case 'github_and_bucket':
      await repository.commit({
        message: 'Add the settings twice',
        author,
        files: { [path]: content, [`legacy/${one.name}.properties`]: `api.token=${one.token}\n` },
      })
      return
    default:
      await repository.commit({ message: 'Add the settings', author, files: { [path]: content } })
  }
}

async function buildPayments(repository: RepositoryBuilder, leaks: readonly Planted[]): Promise<void> {
  const author = { name: 'Carla', email: carelessOwner }
  await repository.commit({ message: 'Start payments', author, files: { 'README.md': '# payments\n' } })
  for (const one of leaks) {
    await repository.commit({
      message: 'Add an environment',
      author,
      files: { [`deploy/${one.name}.json`]: `${JSON.stringify({ token: one.token }, null, 2)}\n` },
    })
  }
}

async function buildClean(repository: RepositoryBuilder): Promise<void> {
  await repository.commit({ message: 'Publish', files: { 'index.html': '<h1>ACME</h1>\n' } })
}

async function buildOutside(repository: RepositoryBuilder, leaks: readonly Planted[]): Promise<void> {
  const author = { name: 'A Wanderer', email: `${outsider}@elsewhere.test` }
  await repository.commit({ message: 'Begin', author, files: { 'README.md': '# notes\n' } })
  for (const one of leaks) {
    const script = `#!/bin/sh\n# ${searchWord}\ncurl -H 'Authorization: Bearer ${one.token}' https://api.acme.test/v1\n`
    await repository.commit({ message: 'Keep this', author, files: { [`scripts/${one.name}.sh`]: script } })
  }
}

function fillBucket(plan: DemoPlan, s3: S3World): void {
  s3.createBucket(bucket, { versioning: true, tags: { owner: bucketOwner } })
  s3.put(bucket, 'readme.txt', `Backups of ${companyDomain}\n`)
  for (const one of plan.planted) {
    const line = `token=${one.token}\n`
    switch (one.spot) {
      case 'zip_in_bucket':
        s3.put(
          bucket,
          `releases/${one.name}.zip`,
          zipOf({ 'README.txt': 'A release\n', 'app/config.ini': line }),
        )
        break
      case 'gzip_in_bucket':
        s3.put(bucket, `logs/${one.name}.log.gz`, gzipSync(`GET /health 200\n${line}GET /health 200\n`))
        break
      case 'old_object_version':
        s3.put(bucket, `state/${one.name}.tfstate`, `${JSON.stringify({ outputs: { token: one.token } })}\n`)
        s3.put(bucket, `state/${one.name}.tfstate`, `${JSON.stringify({ outputs: {} })}\n`)
        break
      case 'github_and_bucket':
        s3.put(bucket, `exports/${one.name}.csv`, `name,token\nstorefront,${one.token}\n`)
        break
      default:
    }
  }
}

/** A page of settings as people write them, with everything that looks like a leak and is none. */
function decoyPage(decoys: readonly Decoy[]): string {
  const lines = decoys.map(({ name, token }) => `- ${name.replaceAll('_', ' ')}: \`${token}\``)
  return `# Settings\n\n${lines.join('\n')}\n`
}
