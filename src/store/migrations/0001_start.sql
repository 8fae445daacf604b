-- The tables of keyrecall: what is looked at (source, schedule, scan, task), what was found (finding, place),
-- what is done about it (issuer, response, delivery, notice, mail) and what is kept of it (audit_event).
-- The queue holds ids of these rows only and can be rebuilt from them. No column holds a credential in clear:
-- `sealed` columns are AES-256-GCM under the service key.

create table service_key (
  version integer not null,
  check_value bytea not null,
  created_at timestamptz not null default now(),
  constraint service_key_pkey primary key (version)
);
comment on table service_key is 'Versions of the service key; the key itself is never stored';
comment on column service_key.check_value is 'HMAC of a fixed text under the key: refuses a service started with another key';

create table setting (
  name text not null,
  value jsonb not null,
  updated_at timestamptz not null default now(),
  constraint setting_pkey primary key (name)
);
comment on table setting is 'Switches read at run time, such as kill_switch';

create table api_token (
  id uuid not null default gen_random_uuid(),
  name text not null,
  token_hash bytea not null,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz,
  constraint api_token_pkey primary key (id),
  constraint api_token_hash_key unique (token_hash),
  constraint api_token_scopes check (scopes <@ array['read', 'triage', 'admin'])
);
comment on table api_token is 'Bearer tokens of the API: kr_pat_…, kept as SHA-256';

create table signing_key (
  key_identifier text not null,
  algorithm text not null,
  public_key text not null,
  sealed_private_key bytea not null,
  is_current boolean not null default true,
  active_from timestamptz not null default now(),
  created_at timestamptz not null default now(),
  constraint signing_key_pkey primary key (key_identifier),
  constraint signing_key_algorithm check (algorithm in ('ecdsa-p256', 'ed25519'))
);
comment on table signing_key is 'Keys that sign revoke webhooks; the id of a P-256 key is SHA-256 of its PEM text';

create table source (
  id uuid not null default gen_random_uuid(),
  name text not null,
  target text not null,
  first_task jsonb not null,
  authority text not null default 'owned',
  created_at timestamptz not null default now(),
  constraint source_pkey primary key (id),
  constraint source_name_key unique (name),
  constraint source_authority check (authority in ('owned', 'public'))
);
comment on table source is 'A configured place to look, named as on the command line: github:acme, s3://bucket/prefix';
comment on column source.first_task is 'The task that a scan of it begins with';
comment on column source.authority is 'owned: ours to act on; public: only what the public can read may be acted on';

create table schedule (
  id uuid not null default gen_random_uuid(),
  name text not null,
  cron text not null,
  time_zone text not null default 'UTC',
  source_ids uuid[] not null,
  enabled boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint schedule_pkey primary key (id),
  constraint schedule_name_key unique (name)
);
comment on table schedule is 'When which sources are scanned; the queue''s job scheduler is built from these rows';

create table scan (
  id uuid not null default gen_random_uuid(),
  schedule_id uuid,
  started_by text not null,
  run_key text,
  state text not null default 'running',
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  stats jsonb not null default '{}',
  constraint scan_pkey primary key (id),
  constraint scan_schedule_fkey foreign key (schedule_id) references schedule (id) on delete set null,
  constraint scan_run_key_key unique (run_key),
  constraint scan_state check (state in ('running', 'complete', 'complete_with_errors', 'cancelled'))
);
create index scan_created_idx on scan (created_at desc, id);
create index scan_schedule_idx on scan (schedule_id);
comment on table scan is 'One run over one or more sources';
comment on column scan.run_key is 'Id of the scheduler''s tick, so that one tick starts one scan';
comment on column scan.stats is 'Sums over its tasks: blobs, bytes, candidates, hits, drops by reason, skips by code';

create table task (
  id uuid not null default gen_random_uuid(),
  scan_id uuid not null,
  source_id uuid not null,
  kind text not null,
  key text not null,
  params jsonb not null,
  state text not null default 'pending',
  attempts integer not null default 0,
  claimed_until timestamptz,
  claimed_by text,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  stats jsonb not null default '{}',
  constraint task_pkey primary key (id),
  constraint task_scan_fkey foreign key (scan_id) references scan (id) on delete cascade,
  constraint task_source_fkey foreign key (source_id) references source (id),
  constraint task_once unique (scan_id, source_id, key),
  constraint task_state check (state in ('pending', 'running', 'done', 'failed', 'cancelled'))
);
create index task_open_idx on task (scan_id) where state in ('pending', 'running');
create index task_source_idx on task (source_id);
comment on table task is 'One job of a scan: a listing page or something to read. A job only wakes its row';
comment on column task.key is 'What makes it the same task when a listing is repeated after a crash';
comment on column task.claimed_until is 'Lease of the worker that holds it; past it another worker may take over';

create table task_problem (
  id bigint generated always as identity,
  task_id uuid not null,
  scan_id uuid not null,
  problem text not null,
  code text not null,
  subject text not null,
  message text not null,
  constraint task_problem_pkey primary key (id),
  constraint task_problem_task_fkey foreign key (task_id) references task (id) on delete cascade,
  constraint task_problem_scan_fkey foreign key (scan_id) references scan (id) on delete cascade,
  constraint task_problem_kind check (problem in ('error', 'skipped'))
);
create index task_problem_task_idx on task_problem (task_id);
create index task_problem_scan_idx on task_problem (scan_id);
comment on table task_problem is 'What could not be read or was left out on purpose, with its reason';

create table seen_content (
  source_id uuid not null,
  content_key text not null,
  detector_set text not null,
  seen_at timestamptz not null default now(),
  constraint seen_content_pkey primary key (source_id, content_key, detector_set),
  constraint seen_content_source_fkey foreign key (source_id) references source (id) on delete cascade
);
comment on table seen_content is 'Content that was scanned whole under a detector set: a place with its git object id, S3 version or set of refs';

create table issuer (
  id uuid not null default gen_random_uuid(),
  slug text not null,
  name text not null,
  endpoint text,
  status_endpoint text,
  header_prefix text not null default 'Github',
  dialect text not null default 'github',
  mode text not null default 'approve',
  revokes_on_receipt boolean not null default false,
  certificate_authority text,
  types jsonb not null default '{}',
  hourly_cap integer not null default 10,
  proven_at timestamptz,
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint issuer_pkey primary key (id),
  constraint issuer_slug_key unique (slug),
  constraint issuer_mode check (mode in ('observe', 'dry_run', 'approve', 'auto')),
  constraint issuer_dialect check (dialect in ('github', 'gitlab'))
);
comment on table issuer is 'Who can disable a kind of credential, and how it is told';
comment on column issuer.types is 'Detector id to the type name the issuer registered';
comment on column issuer.status_endpoint is 'Answers whether a credential, named by its SHA-256, still works (issuer kit)';
comment on column issuer.proven_at is 'When the endpoint last answered a synthetic delivery: no live credential goes to an unproven one';
comment on column issuer.revokes_on_receipt is 'A true_positive answer means the credential is disabled';
comment on column issuer.hourly_cap is 'Automatic responses an hour; more wait for approval';

create table finding (
  id uuid not null default gen_random_uuid(),
  fingerprint text not null,
  key_version integer not null,
  detector text not null,
  issuer text not null,
  kind text not null,
  secret_redacted text not null,
  check_kind text not null,
  check_passed boolean,
  check_bits double precision not null default 0,
  confidence text not null,
  label text,
  facts jsonb not null default '{}',
  validity text not null default 'unknown',
  state text not null default 'open',
  resolution text,
  resolution_comment text,
  resolved_at timestamptz,
  resolved_by text,
  assignee text,
  sealed_secret bytea,
  sealed_companion bytea,
  first_scan_id uuid,
  planned_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint finding_pkey primary key (id),
  constraint finding_fingerprint_key unique (fingerprint),
  constraint finding_first_scan_fkey foreign key (first_scan_id) references scan (id) on delete set null,
  constraint finding_check_kind check (check_kind in ('checksum', 'structure', 'none')),
  constraint finding_confidence check (confidence in ('low', 'medium', 'high')),
  constraint finding_validity check (validity in ('active', 'inactive', 'unknown')),
  constraint finding_state check (state in ('open', 'resolved')),
  constraint finding_resolution check (resolution in
    ('false_positive', 'wont_fix', 'revoked', 'used_in_tests', 'rotated', 'expired', 'duplicate')),
  constraint finding_resolved check ((state = 'resolved') = (resolution is not null))
);
create index finding_created_idx on finding (created_at desc, id desc);
create index finding_state_idx on finding (state, created_at desc, id desc);
create index finding_detector_idx on finding (detector, created_at desc, id desc);
create index finding_first_scan_idx on finding (first_scan_id);
create index finding_unplanned_idx on finding (created_at) where planned_at is null;
comment on table finding is 'One credential by fingerprint, however often and wherever it was met';
comment on column finding.sealed_secret is 'AES-256-GCM under the service key, bound to the fingerprint; null once purged';
comment on column finding.planned_at is 'When the response to it was decided; null until then';

create table place (
  id uuid not null default gen_random_uuid(),
  finding_id uuid not null,
  source_id uuid,
  place_key text not null,
  type text not null,
  details jsonb not null,
  first_seen_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  constraint place_pkey primary key (id),
  constraint place_finding_fkey foreign key (finding_id) references finding (id) on delete cascade,
  constraint place_source_fkey foreign key (source_id) references source (id) on delete set null,
  constraint place_once unique (finding_id, place_key)
);
create index place_source_idx on place (source_id);
comment on table place is 'Where a credential stands; details are the place fields of the API';
comment on column place.place_key is 'SHA-256 over what makes two meetings the same place';

create table response (
  id uuid not null default gen_random_uuid(),
  finding_id uuid not null,
  issuer_id uuid,
  lane text not null default 'issuer_webhook',
  mode text not null,
  state text not null default 'planned',
  reason text not null,
  gates jsonb not null default '[]',
  idempotency_key text not null,
  requested_by text not null,
  decided_by text,
  outcome text,
  confirm_attempts integer not null default 0,
  next_confirm_at timestamptz,
  claimed_until timestamptz,
  noticed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  completed_at timestamptz,
  constraint response_pkey primary key (id),
  constraint response_finding_fkey foreign key (finding_id) references finding (id) on delete cascade,
  constraint response_issuer_fkey foreign key (issuer_id) references issuer (id),
  constraint response_idempotency_key_key unique (idempotency_key),
  constraint response_mode check (mode in ('observe', 'dry_run', 'approve', 'auto')),
  constraint response_state check (state in ('planned', 'awaiting_approval', 'executing', 'submitted',
    'confirmed', 'failed', 'rejected', 'reversed', 'observed'))
);
create unique index response_live_idx on response (finding_id, lane)
  where state in ('planned', 'awaiting_approval', 'executing', 'submitted', 'confirmed');
create index response_issuer_idx on response (issuer_id, created_at);
create index response_finding_idx on response (finding_id);
create index response_confirm_idx on response (next_confirm_at) where state = 'submitted';
create index response_notice_idx on response (updated_at) where noticed_at is null;
comment on table response is 'What is done about a finding; one live row for each finding and lane';
comment on column response.outcome is 'What the issuer said, e.g. true_positive; null before an answer';
comment on column response.next_confirm_at is 'When a submitted response is next looked up at its issuer';
comment on column response.claimed_until is 'Lease of the worker that looks it up';
comment on column response.noticed_at is 'When the owners to be told of its outcome were chosen';
comment on column response.gates is 'Each gate of the policy with its outcome, as decided at planning';

create table delivery (
  id uuid not null default gen_random_uuid(),
  issuer_id uuid not null,
  response_id uuid,
  kind text not null default 'revoke',
  sealed_body bytea,
  body_sha256 bytea not null,
  state text not null default 'pending',
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  claimed_until timestamptz,
  last_status integer,
  last_outcome text,
  created_at timestamptz not null default now(),
  completed_at timestamptz,
  constraint delivery_pkey primary key (id),
  constraint delivery_issuer_fkey foreign key (issuer_id) references issuer (id),
  constraint delivery_response_fkey foreign key (response_id) references response (id) on delete cascade,
  constraint delivery_kind check (kind in ('revoke', 'test')),
  constraint delivery_state check (state in ('pending', 'delivered', 'dead'))
);
create unique index delivery_response_idx on delivery (response_id);
create index delivery_issuer_idx on delivery (issuer_id, created_at desc);
create index delivery_due_idx on delivery (next_attempt_at) where state = 'pending';
comment on table delivery is 'One signed webhook; its id is the webhook-id, its bytes never change between attempts';

create table delivery_attempt (
  id bigint generated always as identity,
  delivery_id uuid not null,
  attempted_at timestamptz not null default now(),
  status integer,
  outcome text not null,
  milliseconds integer not null,
  constraint delivery_attempt_pkey primary key (id),
  constraint delivery_attempt_delivery_fkey foreign key (delivery_id) references delivery (id) on delete cascade
);
create index delivery_attempt_delivery_idx on delivery_attempt (delivery_id);
comment on table delivery_attempt is 'What each attempt was answered';

create table mail (
  id uuid not null default gen_random_uuid(),
  address text not null,
  kind text not null,
  message_id text not null,
  state text not null default 'pending',
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  claimed_until timestamptz,
  last_error text,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  constraint mail_pkey primary key (id),
  constraint mail_message_id_key unique (message_id),
  constraint mail_kind check (kind in ('single', 'digest')),
  constraint mail_state check (state in ('pending', 'sent', 'dead'))
);
create index mail_due_idx on mail (next_attempt_at) where state = 'pending';
create index mail_address_idx on mail (address, created_at);
comment on table mail is 'A mail to the owner of places; Message-ID is fixed before the first attempt';

create table notice (
  id uuid not null default gen_random_uuid(),
  finding_id uuid not null,
  address text not null,
  day date not null default (now() at time zone 'UTC')::date,
  chosen_by text not null,
  mail_id uuid,
  created_at timestamptz not null default now(),
  constraint notice_pkey primary key (id),
  constraint notice_finding_fkey foreign key (finding_id) references finding (id) on delete cascade,
  constraint notice_mail_fkey foreign key (mail_id) references mail (id),
  constraint notice_daily unique (finding_id, address, day)
);
create index notice_open_idx on notice (address) where mail_id is null;
create index notice_mail_idx on notice (mail_id);
comment on table notice is 'One owner to be told of one finding; a mail takes up one or, above five, all that wait';
comment on column notice.chosen_by is 'How the address was found: directory, commit_author, bucket_tag, security_team';

create table outbox (
  id bigint generated always as identity,
  job text not null,
  payload jsonb not null,
  run_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  constraint outbox_pkey primary key (id)
);
create index outbox_unsent_idx on outbox (run_at, id) where sent_at is null;
create index outbox_job_idx on outbox (job, payload, created_at);
comment on table outbox is 'Jobs to enqueue, written in the transaction they come from; ids only';
comment on column outbox.run_at is 'Not handed to the queue before this time';
comment on column outbox.sent_at is 'When the queue had taken it; null until then';
create function outbox_wake() returns trigger language plpgsql as $$
begin
  perform pg_notify('keyrecall_outbox', '');
  return null;
end $$;
create trigger outbox_wake after insert on outbox
  for each statement execute function outbox_wake();

create table audit_event (
  seq bigint not null,
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject_type text not null,
  subject_id text not null,
  detail jsonb not null default '{}',
  prev_hash bytea not null,
  hash bytea not null,
  constraint audit_event_pkey primary key (seq)
);
create index audit_event_subject_idx on audit_event (subject_type, subject_id, seq);
comment on table audit_event is 'Append-only; each row''s hash covers the row and the hash before it';
create function audit_event_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'audit_event is append-only';
end $$;
create trigger audit_event_append_only before update or delete on audit_event
  for each row execute function audit_event_is_append_only();
create trigger audit_event_no_truncate before truncate on audit_event
  for each statement execute function audit_event_is_append_only();
