/** Every detector, issuer by issuer; the general ones, which also claim values of others, stand last. */
import type { Detector } from '../src/model/detector.ts'
import { algolia } from './algolia.ts'
import { amazon } from './amazon.ts'
import { amazonTokens } from './amazon-tokens.ts'
import { anthropic } from './anthropic.ts'
import { atlassian } from './atlassian.ts'
import { axiom } from './axiom.ts'
import { azure } from './azure.ts'
import { bitwarden } from './bitwarden.ts'
import { braintree } from './braintree.ts'
import { brevo } from './brevo.ts'
import { buildkite } from './buildkite.ts'
import { cerebras } from './cerebras.ts'
import { checkoutCom } from './checkout-com.ts'
import { circleci } from './circleci.ts'
import { clojars } from './clojars.ts'
import { cloudflare } from './cloudflare.ts'
import { cloudsmith } from './cloudsmith.ts'
import { cockroach } from './cockroach.ts'
import { cohere } from './cohere.ts'
import { confluent } from './confluent.ts'
import { convex } from './convex.ts'
import { cratesIo } from './crates-io.ts'
import { cursor } from './cursor.ts'
import { databricks } from './databricks.ts'
import { datadog } from './datadog.ts'
import { deno } from './deno.ts'
import { digitalocean } from './digitalocean.ts'
import { discord } from './discord.ts'
import { docker } from './docker.ts'
import { doppler } from './doppler.ts'
import { duffel } from './duffel.ts'
import { dynatrace } from './dynatrace.ts'
import { e2b } from './e2b.ts'
import { easypost } from './easypost.ts'
import { elastic } from './elastic.ts'
import { elevenlabs } from './elevenlabs.ts'
import { firecrawl } from './firecrawl.ts'
import { flutterwave } from './flutterwave.ts'
import { fly } from './fly.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import { google } from './google.ts'
import { grafana } from './grafana.ts'
import { groq } from './groq.ts'
import { harness } from './harness.ts'
import { hashicorp } from './hashicorp.ts'
import { heroku } from './heroku.ts'
import { hexpm } from './hexpm.ts'
import { honeycomb } from './honeycomb.ts'
import { huggingface } from './huggingface.ts'
import { influxdb } from './influxdb.ts'
import { intercom } from './intercom.ts'
import { ionic } from './ionic.ts'
import { jenkins } from './jenkins.ts'
import { jetbrains } from './jetbrains.ts'
import { jfrog } from './jfrog.ts'
import { jwt } from './jwt.ts'
import { keyMaterial } from './key-material.ts'
import { keyrecall } from './keyrecall.ts'
import { langfuse } from './langfuse.ts'
import { langsmith } from './langsmith.ts'
import { launchdarkly } from './launchdarkly.ts'
import { line } from './line.ts'
import { linkedin } from './linkedin.ts'
import { lob } from './lob.ts'
import { mailchimp } from './mailchimp.ts'
import { mailersend } from './mailersend.ts'
import { mailgun } from './mailgun.ts'
import { mercury } from './mercury.ts'
import { meta } from './meta.ts'
import { microsoft } from './microsoft.ts'
import { microsoftEntra } from './microsoft-entra.ts'
import { mistral } from './mistral.ts'
import { modal } from './modal.ts'
import { mollie } from './mollie.ts'
import { mongodb } from './mongodb.ts'
import { neon } from './neon.ts'
import { neptune } from './neptune.ts'
import { netlify } from './netlify.ts'
import { newrelic } from './newrelic.ts'
import { npm } from './npm.ts'
import { nvidia } from './nvidia.ts'
import { octopus } from './octopus.ts'
import { onepassword } from './onepassword.ts'
import { onesignal } from './onesignal.ts'
import { openai } from './openai.ts'
import { openrouter } from './openrouter.ts'
import { packagist } from './packagist.ts'
import { paddle } from './paddle.ts'
import { paypal } from './paypal.ts'
import { perplexity } from './perplexity.ts'
import { pinecone } from './pinecone.ts'
import { plaid } from './plaid.ts'
import { planetscale } from './planetscale.ts'
import { polar } from './polar.ts'
import { portainer } from './portainer.ts'
import { posthog } from './posthog.ts'
import { postman } from './postman.ts'
import { prefect } from './prefect.ts'
import { pulumi } from './pulumi.ts'
import { pypi } from './pypi.ts'
import { razorpay } from './razorpay.ts'
import { readmeIo } from './readme-io.ts'
import { render } from './render.ts'
import { replicate } from './replicate.ts'
import { resend } from './resend.ts'
import { rootly } from './rootly.ts'
import { rubygems } from './rubygems.ts'
import { runpod } from './runpod.ts'
import { saladcloud } from './saladcloud.ts'
import { scalingo } from './scalingo.ts'
import { sendgrid } from './sendgrid.ts'
import { sentry } from './sentry.ts'
import { shippo } from './shippo.ts'
import { shopify } from './shopify.ts'
import { slack } from './slack.ts'
import { snyk } from './snyk.ts'
import { sonarqube } from './sonarqube.ts'
import { sonatype } from './sonatype.ts'
import { sourcegraph } from './sourcegraph.ts'
import { square } from './square.ts'
import { stripe } from './stripe.ts'
import { supabase } from './supabase.ts'
import { tavily } from './tavily.ts'
import { teamcity } from './teamcity.ts'
import { telegram } from './telegram.ts'
import { tinybird } from './tinybird.ts'
import { together } from './together.ts'
import { twilio } from './twilio.ts'
import { twitch } from './twitch.ts'
import { upstash } from './upstash.ts'
import { vercel } from './vercel.ts'
import { vk } from './vk.ts'
import { voyage } from './voyage.ts'
import { wakatime } from './wakatime.ts'
import { wandb } from './wandb.ts'
import { webex } from './webex.ts'
import { xTwitter } from './x-twitter.ts'
import { xai } from './xai.ts'

export const detectors: readonly Detector[] = [
  ...keyrecall,
  ...algolia,
  ...amazon,
  ...amazonTokens,
  ...anthropic,
  ...atlassian,
  ...axiom,
  ...azure,
  ...bitwarden,
  ...braintree,
  ...brevo,
  ...buildkite,
  ...cerebras,
  ...checkoutCom,
  ...circleci,
  ...clojars,
  ...cloudflare,
  ...cloudsmith,
  ...cockroach,
  ...cohere,
  ...confluent,
  ...convex,
  ...cratesIo,
  ...cursor,
  ...databricks,
  ...datadog,
  ...deno,
  ...digitalocean,
  ...discord,
  ...docker,
  ...doppler,
  ...duffel,
  ...dynatrace,
  ...e2b,
  ...easypost,
  ...elastic,
  ...elevenlabs,
  ...firecrawl,
  ...flutterwave,
  ...fly,
  ...github,
  ...gitlab,
  ...google,
  ...grafana,
  ...groq,
  ...harness,
  ...hashicorp,
  ...heroku,
  ...hexpm,
  ...honeycomb,
  ...huggingface,
  ...influxdb,
  ...intercom,
  ...ionic,
  ...jenkins,
  ...jetbrains,
  ...jfrog,
  ...keyMaterial,
  ...langfuse,
  ...langsmith,
  ...launchdarkly,
  ...line,
  ...linkedin,
  ...lob,
  ...mailchimp,
  ...mailersend,
  ...mailgun,
  ...mercury,
  ...meta,
  ...microsoft,
  ...microsoftEntra,
  ...mistral,
  ...modal,
  ...mollie,
  ...mongodb,
  ...neon,
  ...neptune,
  ...netlify,
  ...newrelic,
  ...npm,
  ...nvidia,
  ...octopus,
  ...onepassword,
  ...onesignal,
  ...openai,
  ...openrouter,
  ...packagist,
  ...paddle,
  ...paypal,
  ...perplexity,
  ...pinecone,
  ...plaid,
  ...planetscale,
  ...polar,
  ...portainer,
  ...posthog,
  ...postman,
  ...prefect,
  ...pulumi,
  ...pypi,
  ...razorpay,
  ...readmeIo,
  ...render,
  ...replicate,
  ...resend,
  ...rootly,
  ...rubygems,
  ...runpod,
  ...saladcloud,
  ...scalingo,
  ...sendgrid,
  ...sentry,
  ...shippo,
  ...shopify,
  ...slack,
  ...snyk,
  ...sonarqube,
  ...sonatype,
  ...sourcegraph,
  ...square,
  ...stripe,
  ...supabase,
  ...tavily,
  ...teamcity,
  ...telegram,
  ...tinybird,
  ...together,
  ...twilio,
  ...twitch,
  ...upstash,
  ...vercel,
  ...vk,
  ...voyage,
  ...wakatime,
  ...wandb,
  ...webex,
  ...xTwitter,
  ...xai,
  ...jwt,
]
