/**
 * Every job of the queue by name, with the payload it carries and the queue it goes to. Payloads hold ids and
 * nothing else: a job only wakes a row, so a lost queue can be rebuilt from the tables and a repeat is harmless.
 */
import { z } from 'zod'

const id = z.uuid()
const taskPayload = z.strictObject({ taskId: id })
const nothing = z.strictObject({})

/** One schema per job. Task jobs are named after the kind of their task (`src/model/target.ts`). */
export const jobPayloads = {
  /** `runKey` names the tick of the job scheduler, so that one tick starts one scan. */
  'run-schedule': z.strictObject({ scheduleId: id, runKey: z.string().min(1).max(200) }),
  'github-owner-page': taskPayload,
  'github-repository': taskPayload,
  'github-search-slice': taskPayload,
  'github-search-page': taskPayload,
  's3-list-page': taskPayload,
  git: taskPayload,
  'github-blob': taskPayload,
  's3-objects': taskPayload,
  path: taskPayload,
  'plan-response': z.strictObject({ findingId: id }),
  deliver: z.strictObject({ deliveryId: id }),
  confirm: z.strictObject({ responseId: id }),
  notify: z.strictObject({ findingId: id }),
  'collect-notices': nothing,
  'send-mail': z.strictObject({ mailId: id }),
  recover: nothing,
  purge: nothing,
} as const

export type JobName = keyof typeof jobPayloads
export type JobPayload<N extends JobName> = z.infer<(typeof jobPayloads)[N]>

export const queueNames = ['scan', 'respond', 'upkeep'] as const
export type QueueName = (typeof queueNames)[number]

/** Which queue a job goes to: long work (`scan`) must not hold up a revocation (`respond`). */
export const queueOfJob: Readonly<Record<JobName, QueueName>> = {
  'run-schedule': 'upkeep',
  'github-owner-page': 'scan',
  'github-repository': 'scan',
  'github-search-slice': 'scan',
  'github-search-page': 'scan',
  's3-list-page': 'scan',
  git: 'scan',
  'github-blob': 'scan',
  's3-objects': 'scan',
  path: 'scan',
  'plan-response': 'respond',
  deliver: 'respond',
  confirm: 'respond',
  notify: 'respond',
  'collect-notices': 'respond',
  'send-mail': 'respond',
  recover: 'upkeep',
  purge: 'upkeep',
}

export function isJobName(name: string): name is JobName {
  return Object.hasOwn(jobPayloads, name)
}
