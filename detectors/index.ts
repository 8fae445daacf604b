/** Every detector, issuer by issuer; the general ones, which also claim values of others, stand last. */
import type { Detector } from '../src/model/detector.ts'
import { amazon } from './amazon.ts'
import { amazonTokens } from './amazon-tokens.ts'
import { atlassian } from './atlassian.ts'
import { azure } from './azure.ts'
import { clojars } from './clojars.ts'
import { cloudflare } from './cloudflare.ts'
import { cloudsmith } from './cloudsmith.ts'
import { cockroach } from './cockroach.ts'
import { confluent } from './confluent.ts'
import { cratesIo } from './crates-io.ts'
import { databricks } from './databricks.ts'
import { deno } from './deno.ts'
import { digitalocean } from './digitalocean.ts'
import { docker } from './docker.ts'
import { elastic } from './elastic.ts'
import { fly } from './fly.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import { google } from './google.ts'
import { grafana } from './grafana.ts'
import { hashicorp } from './hashicorp.ts'
import { heroku } from './heroku.ts'
import { hexpm } from './hexpm.ts'
import { influxdb } from './influxdb.ts'
import { jfrog } from './jfrog.ts'
import { jwt } from './jwt.ts'
import { keyMaterial } from './key-material.ts'
import { keyrecall } from './keyrecall.ts'
import { microsoft } from './microsoft.ts'
import { microsoftEntra } from './microsoft-entra.ts'
import { mongodb } from './mongodb.ts'
import { neon } from './neon.ts'
import { netlify } from './netlify.ts'
import { npm } from './npm.ts'
import { packagist } from './packagist.ts'
import { planetscale } from './planetscale.ts'
import { pypi } from './pypi.ts'
import { render } from './render.ts'
import { rubygems } from './rubygems.ts'
import { runpod } from './runpod.ts'
import { saladcloud } from './saladcloud.ts'
import { scalingo } from './scalingo.ts'
import { sentry } from './sentry.ts'
import { slack } from './slack.ts'
import { sonatype } from './sonatype.ts'
import { stripe } from './stripe.ts'
import { supabase } from './supabase.ts'
import { vercel } from './vercel.ts'

export const detectors: readonly Detector[] = [
  ...keyrecall,
  ...amazon,
  ...amazonTokens,
  ...atlassian,
  ...azure,
  ...clojars,
  ...cloudflare,
  ...cloudsmith,
  ...cockroach,
  ...confluent,
  ...cratesIo,
  ...databricks,
  ...deno,
  ...digitalocean,
  ...docker,
  ...elastic,
  ...fly,
  ...github,
  ...gitlab,
  ...google,
  ...grafana,
  ...hashicorp,
  ...heroku,
  ...hexpm,
  ...influxdb,
  ...jfrog,
  ...keyMaterial,
  ...microsoft,
  ...microsoftEntra,
  ...mongodb,
  ...neon,
  ...netlify,
  ...npm,
  ...packagist,
  ...planetscale,
  ...pypi,
  ...render,
  ...rubygems,
  ...runpod,
  ...saladcloud,
  ...scalingo,
  ...sentry,
  ...slack,
  ...sonatype,
  ...stripe,
  ...supabase,
  ...vercel,
  ...jwt,
]
