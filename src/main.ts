#!/usr/bin/env node
/** The program: hands the process to the command line and ends with its status once all output is taken. */
import { runProgram } from './cli/program.ts'

// A reader that closed its end (`| head`) has seen enough: no stack, and the status of the work itself.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exitCode = 2
  })
}

// Node would end with 1, which says "findings". The service has a listener of its own, which ends it in order.
process.on('uncaughtException', (error) => {
  if (process.listenerCount('uncaughtException') > 1) return
  process.stderr.write(
    `keyrecall: ended by a defect of its own: ${error.name}; LOG_LEVEL=debug tells where\n`,
  )
  if (process.env['LOG_LEVEL'] === 'debug') process.stderr.write(`${error.stack}\n`)
  process.exit(2)
})

const status = await runProgram(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  exitStatus: 0,
})
// Ends the process although kept-alive connections may still be open; both streams are flushed before.
await Promise.all(
  [process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))),
)
process.exit(status)
