/** Every detector, issuer by issuer; the general ones, which also claim values of others, stand last. */
import type { Detector } from '../src/model/detector.ts'
import { ably } from './ably.ts'
import { address } from './address.ts'
import { adobe } from './adobe.ts'
import { age } from './age.ts'
import { airtable } from './airtable.ts'
import { algolia } from './algolia.ts'
import { alibaba } from './alibaba.ts'
import { amazon } from './amazon.ts'
import { amazonTokens } from './amazon-tokens.ts'
import { anthropic } from './anthropic.ts'
import { apify } from './apify.ts'
import { asana } from './asana.ts'
import { assignments } from './assignments.ts'
import { atlassian } from './atlassian.ts'
import { auth0 } from './auth0.ts'
import { axiom } from './axiom.ts'
import { azure } from './azure.ts'
import { baidu } from './baidu.ts'
import { bitcoin } from './bitcoin.ts'
import { bitwarden } from './bitwarden.ts'
import { braintree } from './braintree.ts'
import { brevo } from './brevo.ts'
import { buildkite } from './buildkite.ts'
import { canva } from './canva.ts'
import { cardano } from './cardano.ts'
import { ceph } from './ceph.ts'
import { cerebras } from './cerebras.ts'
import { checkoutCom } from './checkout-com.ts'
import { circleci } from './circleci.ts'
import { cisco } from './cisco.ts'
import { clerk } from './clerk.ts'
import { clojars } from './clojars.ts'
import { cloudflare } from './cloudflare.ts'
import { cloudsmith } from './cloudsmith.ts'
import { cockroach } from './cockroach.ts'
import { cohere } from './cohere.ts'
import { commandOptions } from './command-options.ts'
import { commands } from './commands.ts'
import { confluent } from './confluent.ts'
import { connectionStrings } from './connection-strings.ts'
import { contentful } from './contentful.ts'
import { convex } from './convex.ts'
import { cratesIo } from './crates-io.ts'
import { cursor } from './cursor.ts'
import { databricks } from './databricks.ts'
import { datadog } from './datadog.ts'
import { deno } from './deno.ts'
import { digitalocean } from './digitalocean.ts'
import { passwordDirectives } from './directives.ts'
import { discord } from './discord.ts'
import { django } from './django.ts'
import { dns } from './dns.ts'
import { docker } from './docker.ts'
import { doppler } from './doppler.ts'
import { dropbox } from './dropbox.ts'
import { duffel } from './duffel.ts'
import { dynatrace } from './dynatrace.ts'
import { e2b } from './e2b.ts'
import { easypost } from './easypost.ts'
import { elastic } from './elastic.ts'
import { elevenlabs } from './elevenlabs.ts'
import { ethereum } from './ethereum.ts'
import { fernet } from './fernet.ts'
import { figma } from './figma.ts'
import { firecrawl } from './firecrawl.ts'
import { flutterwave } from './flutterwave.ts'
import { fly } from './fly.ts'
import { frameIo } from './frame-io.ts'
import { generic } from './generic.ts'
import { ghost } from './ghost.ts'
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
import { hubspot } from './hubspot.ts'
import { huggingface } from './huggingface.ts'
import { influxdb } from './influxdb.ts'
import { inngest } from './inngest.ts'
import { intercom } from './intercom.ts'
import { ionic } from './ionic.ts'
import { jenkins } from './jenkins.ts'
import { jetbrains } from './jetbrains.ts'
import { jfrog } from './jfrog.ts'
import { jwk } from './jwk.ts'
import { jwt } from './jwt.ts'
import { keyMaterial } from './key-material.ts'
import { keyrecall } from './keyrecall.ts'
import { kingsoft } from './kingsoft.ts'
import { kubernetes } from './kubernetes.ts'
import { langfuse } from './langfuse.ts'
import { langsmith } from './langsmith.ts'
import { laravel } from './laravel.ts'
import { launchdarkly } from './launchdarkly.ts'
import { line } from './line.ts'
import { linear } from './linear.ts'
import { linkedin } from './linkedin.ts'
import { lob } from './lob.ts'
import { mailchimp } from './mailchimp.ts'
import { mailersend } from './mailersend.ts'
import { mailgun } from './mailgun.ts'
import { mapbox } from './mapbox.ts'
import { mercury } from './mercury.ts'
import { meta } from './meta.ts'
import { microsoft } from './microsoft.ts'
import { microsoftEntra } from './microsoft-entra.ts'
import { mistral } from './mistral.ts'
import { mnemonics } from './mnemonics.ts'
import { modal } from './modal.ts'
import { mollie } from './mollie.ts'
import { mongodb } from './mongodb.ts'
import { nats } from './nats.ts'
import { near } from './near.ts'
import { neon } from './neon.ts'
import { neptune } from './neptune.ts'
import { netlify } from './netlify.ts'
import { netrc } from './netrc.ts'
import { newrelic } from './newrelic.ts'
import { ngrok } from './ngrok.ts'
import { nostr } from './nostr.ts'
import { notion } from './notion.ts'
import { npm } from './npm.ts'
import { nvidia } from './nvidia.ts'
import { octopus } from './octopus.ts'
import { okta } from './okta.ts'
import { onepassword } from './onepassword.ts'
import { onesignal } from './onesignal.ts'
import { openai } from './openai.ts'
import { openrouter } from './openrouter.ts'
import { openshift } from './openshift.ts'
import { openvpn } from './openvpn.ts'
import { ory } from './ory.ts'
import { packageManagers } from './package-managers.ts'
import { packagist } from './packagist.ts'
import { paddle } from './paddle.ts'
import { paserk } from './paserk.ts'
import { passwordFiles } from './password-files.ts'
import { passwordHashes } from './password-hashes.ts'
import { passwordManagers } from './password-managers.ts'
import { paypal } from './paypal.ts'
import { perplexity } from './perplexity.ts'
import { pgp } from './pgp.ts'
import { pinecone } from './pinecone.ts'
import { plaid } from './plaid.ts'
import { planetscale } from './planetscale.ts'
import { polar } from './polar.ts'
import { portainer } from './portainer.ts'
import { posthog } from './posthog.ts'
import { postman } from './postman.ts'
import { prefect } from './prefect.ts'
import { pubnub } from './pubnub.ts'
import { pulumi } from './pulumi.ts'
import { putty } from './putty.ts'
import { pypi } from './pypi.ts'
import { rapidapi } from './rapidapi.ts'
import { razorpay } from './razorpay.ts'
import { readmeIo } from './readme-io.ts'
import { render } from './render.ts'
import { replicate } from './replicate.ts'
import { resend } from './resend.ts'
import { rootly } from './rootly.ts'
import { rubygems } from './rubygems.ts'
import { runpod } from './runpod.ts'
import { saladcloud } from './saladcloud.ts'
import { salesforce } from './salesforce.ts'
import { scalingo } from './scalingo.ts'
import { segment } from './segment.ts'
import { sendgrid } from './sendgrid.ts'
import { sentry } from './sentry.ts'
import { shippo } from './shippo.ts'
import { shopify } from './shopify.ts'
import { slack } from './slack.ts'
import { snyk } from './snyk.ts'
import { solana } from './solana.ts'
import { sonarqube } from './sonarqube.ts'
import { sonatype } from './sonatype.ts'
import { sourcegraph } from './sourcegraph.ts'
import { square } from './square.ts'
import { stellar } from './stellar.ts'
import { stripe } from './stripe.ts'
import { stytch } from './stytch.ts'
import { sui } from './sui.ts'
import { supabase } from './supabase.ts'
import { tailscale } from './tailscale.ts'
import { tavily } from './tavily.ts'
import { teamcity } from './teamcity.ts'
import { telegram } from './telegram.ts'
import { tencent } from './tencent.ts'
import { tezos } from './tezos.ts'
import { tinybird } from './tinybird.ts'
import { together } from './together.ts'
import { triggerDev } from './trigger-dev.ts'
import { twilio } from './twilio.ts'
import { twitch } from './twitch.ts'
import { typeform } from './typeform.ts'
import { unkey } from './unkey.ts'
import { upstash } from './upstash.ts'
import { vercel } from './vercel.ts'
import { vk } from './vk.ts'
import { volcengine } from './volcengine.ts'
import { voyage } from './voyage.ts'
import { wakatime } from './wakatime.ts'
import { wandb } from './wandb.ts'
import { webex } from './webex.ts'
import { wireguard } from './wireguard.ts'
import { workos } from './workos.ts'
import { xTwitter } from './x-twitter.ts'
import { xai } from './xai.ts'
import { xrp } from './xrp.ts'
import { yandex } from './yandex.ts'
import { zendesk } from './zendesk.ts'
import { zuplo } from './zuplo.ts'

export const detectors: readonly Detector[] = [
  ...keyrecall,
  ...ably,
  ...adobe,
  ...age,
  ...airtable,
  ...algolia,
  ...alibaba,
  ...amazon,
  ...amazonTokens,
  ...anthropic,
  ...apify,
  ...asana,
  ...atlassian,
  ...auth0,
  ...axiom,
  ...azure,
  ...baidu,
  ...bitcoin,
  ...bitwarden,
  ...braintree,
  ...brevo,
  ...buildkite,
  ...canva,
  ...cardano,
  ...ceph,
  ...cerebras,
  ...checkoutCom,
  ...circleci,
  ...cisco,
  ...clerk,
  ...clojars,
  ...cloudflare,
  ...cloudsmith,
  ...cockroach,
  ...cohere,
  ...confluent,
  ...contentful,
  ...convex,
  ...cratesIo,
  ...cursor,
  ...databricks,
  ...datadog,
  ...deno,
  ...digitalocean,
  ...passwordDirectives,
  ...discord,
  ...docker,
  ...doppler,
  ...dropbox,
  ...duffel,
  ...dynatrace,
  ...e2b,
  ...easypost,
  ...elastic,
  ...elevenlabs,
  ...ethereum,
  ...figma,
  ...firecrawl,
  ...flutterwave,
  ...fly,
  ...frameIo,
  ...ghost,
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
  ...hubspot,
  ...huggingface,
  ...influxdb,
  ...inngest,
  ...intercom,
  ...ionic,
  ...jenkins,
  ...jetbrains,
  ...jfrog,
  ...jwk,
  ...keyMaterial,
  ...kingsoft,
  ...langfuse,
  ...langsmith,
  ...launchdarkly,
  ...line,
  ...linear,
  ...linkedin,
  ...lob,
  ...mailchimp,
  ...mailersend,
  ...mailgun,
  ...mapbox,
  ...mercury,
  ...meta,
  ...microsoft,
  ...microsoftEntra,
  ...mistral,
  ...mnemonics,
  ...modal,
  ...mollie,
  ...mongodb,
  ...nats,
  ...near,
  ...neon,
  ...neptune,
  ...netlify,
  ...newrelic,
  ...ngrok,
  ...nostr,
  ...notion,
  ...npm,
  ...nvidia,
  ...octopus,
  ...okta,
  ...onepassword,
  ...onesignal,
  ...openai,
  ...openrouter,
  ...openvpn,
  ...ory,
  ...packagist,
  ...paddle,
  ...paserk,
  ...paypal,
  ...perplexity,
  ...pgp,
  ...pinecone,
  ...plaid,
  ...planetscale,
  ...polar,
  ...portainer,
  ...posthog,
  ...postman,
  ...prefect,
  ...pubnub,
  ...pulumi,
  ...putty,
  ...pypi,
  ...rapidapi,
  ...razorpay,
  ...readmeIo,
  ...render,
  ...replicate,
  ...resend,
  ...rootly,
  ...rubygems,
  ...runpod,
  ...saladcloud,
  ...salesforce,
  ...scalingo,
  ...segment,
  ...sendgrid,
  ...sentry,
  ...shippo,
  ...shopify,
  ...slack,
  ...snyk,
  ...solana,
  ...sonarqube,
  ...sonatype,
  ...sourcegraph,
  ...square,
  ...stellar,
  ...stripe,
  ...stytch,
  ...sui,
  ...supabase,
  ...tailscale,
  ...tavily,
  ...teamcity,
  ...telegram,
  ...tencent,
  ...tezos,
  ...tinybird,
  ...together,
  ...triggerDev,
  ...twilio,
  ...twitch,
  ...typeform,
  ...unkey,
  ...upstash,
  ...vercel,
  ...vk,
  ...volcengine,
  ...voyage,
  ...wakatime,
  ...wandb,
  ...webex,
  ...wireguard,
  ...workos,
  ...xTwitter,
  ...xai,
  ...xrp,
  ...yandex,
  ...zendesk,
  ...zuplo,
  ...kubernetes,
  ...openshift,
  ...laravel,
  ...django,
  ...dns,
  ...address,
  ...netrc,
  ...jwt,
  ...generic,
  ...passwordFiles,
  ...packageManagers,
  ...fernet,
  ...passwordHashes,
  ...passwordManagers,
  ...commands,
  ...commandOptions,
  ...connectionStrings,
  ...assignments,
]
