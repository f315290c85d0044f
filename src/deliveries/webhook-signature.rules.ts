/**
 * The signature of Standard Webhooks: HMAC-SHA-256 over `id.timestamp.body`, one for each secret that holds, so that a
 * receiver may still have the old one. Secrets are told as `whsec_` and base64.
 */
import { createHmac } from 'node:crypto';

const prefix = 'whsec_';

export function formatSecret(secret: Buffer): string {
  return prefix + secret.toString('base64');
}

/** Seconds since 1970, as the header has it. */
export function webhookTimestamp(at: Date): string {
  return String(Math.floor(at.getTime() / 1_000));
}

export function webhookSignatures(
  secrets: readonly Buffer[],
  id: string,
  timestamp: string,
  body: Buffer,
): string {
  return secrets
    .map((secret) => {
      const mac = createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body);
      return `v1,${mac.digest('base64')}`;
    })
    .join(' ');
}
