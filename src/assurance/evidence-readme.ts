/** What stands in the README of a bundle: what it holds, and how a stranger checks it without trusting anybody. */
export function readmeOf(
  receiptNumber: string,
  certificateFingerprint: string,
  hidesPayer: boolean,
): Buffer {
  const hidden = hidesPayer
    ? `
The payer is hidden in this bundle: names, phones and addresses are masked, and the messages, what was sent and its
answers are left out, since they hold the payer as he came. Their SHA-256 digests are in facts.json of each folder.
`
    : '';
  return Buffer.from(`Evidence of the payment with receipt ${receiptNumber}

story.pdf        the payment's story for people
bundle.json      for whom and when this bundle was made
case/            the payment and its bills; amounts are in cents, as text; instants are in UTC
messages/        each message as it came, byte for byte, with the bytes that were signed, the signature, and the
                 certificate of its sender that verified it; facts.json has the digest and the code of the answer
deliveries/      what was sent because of the payment, every attempt, and the answers to it, byte for byte
ledger/          the postings
reconciliation/  the line of the PSP's statement and the rule that matched it, with its inputs
settlement/      what was expected at the bank, when, and the bank's lines that brought it
audit/           who did what: each event with its path to a block of the audit chain, the signed block; the last head
manifest.sha256  SHA-256 of every file, and manifest.sha256.sig, the gateway's signature over that list
${hidden}
To check it with the gateway's own program, which needs no database for it:

    npm run cli -- audit check-evidence --file evidence-${receiptNumber}.zip

To check it with openssl, sha256sum and unzip alone, in the unpacked folder:

    openssl x509 -in gateway-certificate.pem -noout -fingerprint -sha256
    openssl dgst -sha256 -verify gateway-public-key.pem -signature manifest.sha256.sig manifest.sha256
    sha256sum --check --strict manifest.sha256

The certificate's fingerprint must be the one that the gateway publishes, asked for in another way than this file came:

    ${certificateFingerprint}

The steps for each message's signature, for files that were added, and for the audit chain are in docs/evidence.md.
`);
}
