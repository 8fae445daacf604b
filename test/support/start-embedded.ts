/** Run as a process of its own: starts the embedded server on the folder given, prints where, and waits. */
import { createLog } from '../../src/base/log.ts'
import { startEmbedded } from '../../src/store/embedded/embedded.ts'
import { testSystemBinaries } from './system-binaries.ts'

const binaries = await testSystemBinaries()
const server = await startEmbedded({
  dataDir: process.argv[2] ?? '',
  log: createLog({ level: 'silent' }),
  ...(binaries ? { binaries } : {}),
})
process.stdout.write(`${server.dataDir}\n`)
setInterval(() => {}, 60_000)
