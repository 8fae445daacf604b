/**
 * A certificate for `localhost` under a CA of its own, made anew at each start: the demo's issuer speaks real
 * TLS and no key is ever part of the package. The CA's certificate is what the operator's settings must name.
 */
// The container inside @peculiar/x509 refuses to load without this polyfill.
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

export interface LocalCertificate {
  /** PEM of the CA, for those who connect. */
  certificateAuthority: string
  /** PEM of certificate and private key, for the server. */
  certificate: string
  key: string
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const dayMs = 86_400_000

/** @param names DNS names the certificate is good for; it lives two days */
export async function makeCertificate(names: readonly string[] = ['localhost']): Promise<LocalCertificate> {
  const usages = ['sign', 'verify'] as const
  const authorityKeys = await webcrypto.subtle.generateKey(algorithm, true, usages)
  const serverKeys = await webcrypto.subtle.generateKey(algorithm, true, usages)
  const valid = { notBefore: new Date(Date.now() - dayMs / 24), notAfter: new Date(Date.now() + 2 * dayMs) }
  const authority = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=keyrecall demo CA',
      keys: authorityKeys,
      signingAlgorithm: algorithm,
      ...valid,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  )
  const server = await x509.X509CertificateGenerator.create(
    {
      subject: `CN=${names[0] ?? 'localhost'}`,
      issuer: authority.subject,
      publicKey: serverKeys.publicKey,
      signingKey: authorityKeys.privateKey,
      signingAlgorithm: algorithm,
      ...valid,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns' as const, value }))),
        await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  )
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', serverKeys.privateKey))
  return {
    certificateAuthority: authority.toString('pem'),
    certificate: server.toString('pem'),
    key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
  }
}
