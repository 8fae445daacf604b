/**
 * What goes in and out of every step, for Prometheus. One registry of our own, so that two services in one
 * process (tests, the demo) do not share counters. Labels hold members of closed sets only: never a name, path
 * or anything read from scanned bytes.
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics {
  registry: Registry
  /** Tasks that ended, by `kind` and `state`. */
  tasks: Counter<'kind' | 'state'>
  taskSeconds: Histogram<'kind'>
  blobs: Counter
  /** Bytes handed to the engine. */
  bytes: Counter
  hits: Counter<'detector'>
  drops: Counter<'reason'>
  /** New findings, by detector. */
  findings: Counter<'detector'>
  deliveries: Counter<'outcome'>
  deliverySeconds: Histogram
  /** Mails by `outcome`: sent, retry, dead. */
  mails: Counter<'outcome'>
  /** Jobs in the queue by `queue` and `state`; set by whoever polls. */
  queueJobs: Gauge<'queue' | 'state'>
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  return {
    registry,
    tasks: new Counter({
      name: 'keyrecall_tasks_total',
      help: 'Tasks that ended, by kind and state',
      labelNames: ['kind', 'state'],
      registers,
    }),
    taskSeconds: new Histogram({
      name: 'keyrecall_task_seconds',
      help: 'Seconds a task took, by kind',
      labelNames: ['kind'],
      buckets: [0.05, 0.25, 1, 5, 30, 120, 600],
      registers,
    }),
    blobs: new Counter({ name: 'keyrecall_blobs_total', help: 'Blobs scanned', registers }),
    bytes: new Counter({ name: 'keyrecall_bytes_total', help: 'Bytes scanned', registers }),
    hits: new Counter({
      name: 'keyrecall_hits_total',
      help: 'Hits of the engine, by detector',
      labelNames: ['detector'],
      registers,
    }),
    drops: new Counter({
      name: 'keyrecall_drops_total',
      help: 'Candidates that the engine dropped, by reason',
      labelNames: ['reason'],
      registers,
    }),
    findings: new Counter({
      name: 'keyrecall_findings_total',
      help: 'New findings, by detector',
      labelNames: ['detector'],
      registers,
    }),
    deliveries: new Counter({
      name: 'keyrecall_deliveries_total',
      help: 'Attempts to deliver a webhook, by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    deliverySeconds: new Histogram({
      name: 'keyrecall_delivery_seconds',
      help: 'Seconds an attempt to deliver took',
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
      registers,
    }),
    mails: new Counter({
      name: 'keyrecall_mails_total',
      help: 'Attempts to mail, by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    queueJobs: new Gauge({
      name: 'keyrecall_queue_jobs',
      help: 'Jobs in the queue, by queue and state',
      labelNames: ['queue', 'state'],
      registers,
    }),
  }
}
