/**
 * The environment git runs in: nothing of ours or of the machine's, and settings that win over those of the
 * repository being read, which is somebody else's. git gives settings from `GIT_CONFIG_COUNT` the rank of `-c`,
 * above every file.
 */
import { devNull } from 'node:os'
import { credentialHelper } from './credential-helper.ts'

export interface GitEnvironment {
  /** Protocols this run may use; empty for reading what is on disk. */
  protocols: readonly string[]
  /** The repository; absent while cloning. */
  gitDir?: string
  /** Origin for which git may ask us for a credential; redirects are not followed. */
  askFor?: string | null
  /** `host:port:address,…` to connect to, whatever the name says by then. */
  pin?: string | null
  /** More variables from the operator, such as a proxy or a certificate bundle. */
  extra?: Readonly<Record<string, string>>
}

/** Settings of every run. Many are git's defaults: a repository's own file may say otherwise. */
const settings: readonly (readonly [string, string])[] = [
  ['protocol.allow', 'never'],
  // Programs a setting can name. `cat-file` and `log` start none of them as we call them; belt and braces.
  ['core.hooksPath', devNull],
  ['core.fsmonitor', 'false'],
  ['core.sshCommand', 'false'],
  ['core.gitProxy', 'none'],
  ['core.askPass', ''],
  ['core.editor', 'false'],
  ['core.pager', 'cat'],
  ['core.alternateRefsCommand', 'true'],
  ['credential.helper', ''],
  ['diff.external', ''],
  ['gpg.program', 'false'],
  ['gpg.ssh.program', 'false'],
  ['gpg.x509.program', 'false'],
  ['log.showSignature', 'false'],
  ['filter.lfs.smudge', ''],
  ['filter.lfs.process', ''],
  ['filter.lfs.required', 'false'],
  // Files a setting can name.
  ['core.attributesFile', devNull],
  ['core.excludesFile', devNull],
  ['init.templateDir', ''],
  ['mailmap.file', ''],
  ['mailmap.blob', 'HEAD:.mailmap'],
  // What would fetch more than the one repository, or from somewhere else.
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['transfer.bundleURI', 'false'],
  ['http.followRedirects', 'false'],
  ['http.saveCookies', 'false'],
  ['http.sslVerify', 'true'],
  // A server that sends less than 1 kB/s for a minute has stalled.
  ['http.lowSpeedLimit', '1000'],
  ['http.lowSpeedTime', '60'],
  // Nothing goes on after the command ends, and a fetch adds one pack whatever its size.
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['fetch.unpackLimit', '1'],
  // Off: old histories hold oddly padded modes and dates that it refuses, and a scanner is to read those too.
  ['fetch.fsckObjects', 'false'],
  ['transfer.fsckObjects', 'false'],
  // Indexes that a hostile repository can have lie about its parents and packs.
  ['core.commitGraph', 'false'],
  ['core.multiPackIndex', 'false'],
  // Blobs above this are streamed rather than held; also keeps deltas of them out of memory.
  ['core.bigFileThreshold', '16m'],
  ['log.showRoot', 'true'],
  // We read repositories of other users on purpose, and only as above.
  ['safe.directory', '*'],
]

/** All variables of a run. */
export function gitEnvironment(options: GitEnvironment): Record<string, string> {
  const all = [...settings, ...options.protocols.map((name) => [`protocol.${name}.allow`, 'always'] as const)]
  if (options.pin) all.push(['http.curloptResolve', options.pin])
  // Behind the empty one, which rids git of all others.
  if (options.askFor) all.push([`credential.${options.askFor}.helper`, credentialHelper])
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    // Not the operator's: curl would take credentials from its .netrc.
    HOME: '/nonexistent',
    LC_ALL: 'C',
    TZ: 'UTC',
    ...options.extra,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_SYSTEM: devNull,
    GIT_CONFIG_GLOBAL: devNull,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    GIT_SSH_COMMAND: 'false',
    GIT_PAGER: 'cat',
    // Wins over protocol.allow, and an empty list would not be one.
    GIT_ALLOW_PROTOCOL: options.protocols.join(':') || 'none',
    // A partial clone would else fetch what it lacks, by whatever its own config names.
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_GRAFT_FILE: devNull,
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_CONFIG_COUNT: String(all.length),
  }
  for (const [index, [key, value]] of all.entries()) {
    env[`GIT_CONFIG_KEY_${index}`] = key
    env[`GIT_CONFIG_VALUE_${index}`] = value
  }
  if (options.gitDir !== undefined) env['GIT_DIR'] = options.gitDir
  return env
}
