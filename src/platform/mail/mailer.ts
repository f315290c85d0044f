/**
 * Sends e-mail over SMTP. Outside the sandbox nothing goes out without TLS whose certificate is verified. Knows nothing of
 * what it carries, and reads neither files nor addresses of the web for it.
 */
import { Injectable } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { Secrets } from '../config/secrets';

export interface Mail {
  /** Stays the same when the same mail is sent again, so that a recipient can tell. */
  readonly messageId: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly attachment: {
    readonly fileName: string;
    readonly mediaType: string;
    readonly content: Buffer;
  };
}

@Injectable()
export class Mailer {
  constructor(private readonly secrets: Secrets) {}

  get isSet(): boolean {
    return this.secrets.mail !== undefined;
  }

  /** Comes back when the server has taken it for every recipient; faults otherwise. */
  async send(mail: Mail): Promise<void> {
    const { mail: settings } = this.secrets;
    if (settings === undefined) throw new Error('SMTP_URL is not set');
    const { protocol, hostname, port, username, password } = new URL(settings.url);
    const isSecure = protocol === 'smtps:';
    const transport = createTransport({
      host: hostname,
      port: port === '' ? (isSecure ? 465 : 587) : Number(port),
      secure: isSecure,
      requireTLS: !isSecure && !settings.mayBePlain,
      tls: { minVersion: 'TLSv1.2' },
      ...(username === ''
        ? {}
        : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 30_000,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      const { rejected } = await transport.sendMail({
        messageId: mail.messageId,
        from: settings.from,
        to: [...mail.to],
        subject: mail.subject,
        text: mail.text,
        attachments: [
          {
            filename: mail.attachment.fileName,
            contentType: mail.attachment.mediaType,
            content: mail.attachment.content,
          },
        ],
      });
      if (rejected.length > 0) throw new Error(`the server refuses ${rejected.join(', ')}`);
    } finally {
      transport.close();
    }
  }
}
