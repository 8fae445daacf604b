/** The demo's SMTP server, for tests. */
export { type Mailbox, startMailbox } from '../../src/demo/mailbox.ts'
