/** A browser without script for tests of the console: cookies, forms with their token, and no redirect by itself. */
import type { INestApplicationContext } from '@nestjs/common';
import { SignIn } from '../../src/officers/sign-in';

export class Visitor {
  private cookies = new Map<string, string>();
  private formToken = '';

  constructor(private readonly base: string) {}

  /** Signs in beneath the pages, so that a walk of all of them meets no limit. */
  static async signedIn(
    base: string,
    app: INestApplicationContext,
    name: string,
    password: string,
  ): Promise<Visitor> {
    const visitor = new Visitor(base);
    const address = `test ${name}`;
    const token = await app.get(SignIn, { strict: false }).withPassword(name, password, address);
    visitor.cookies.set('malipo', token);
    await visitor.get('/console');
    return visitor;
  }

  get token(): string {
    return this.cookies.get('malipo') ?? '';
  }

  async get(
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ status: number; text: string; headers: Headers; bytes: Buffer }> {
    return this.send(path, { method: 'GET', headers });
  }

  /** A file, as the bytes that came. */
  async bytes(path: string): Promise<Buffer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(`${this.base}${path}`, { headers: { cookie } });
    if (!answer.ok) throw new Error(`no file: ${String(answer.status)} ${await answer.text()}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  /** A form of the last page that was seen. */
  async post(
    path: string,
    fields: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ status: number; text: string; headers: Headers; bytes: Buffer }> {
    const body = new URLSearchParams({ _csrf: this.formToken, ...fields });
    return this.send(path, { method: 'POST', body, headers: { origin: this.base, ...headers } });
  }

  /** A form with a file, its token first, as our pages send it. */
  async sendFile(
    path: string,
    fields: Readonly<Record<string, string>>,
    fileName: string,
    content: string | Uint8Array<ArrayBuffer>,
  ): Promise<{ status: number; text: string; headers: Headers; bytes: Buffer }> {
    const body = new FormData();
    body.set('_csrf', this.formToken);
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    body.set('file', new Blob([content], { type: 'text/csv' }), fileName);
    return this.send(path, { method: 'POST', body, headers: { origin: this.base } });
  }

  /** A form, and the page that it leads to. */
  async follow(
    answer: Promise<{ status: number; text: string; headers: Headers; bytes: Buffer }>,
  ): Promise<{ status: number; text: string; headers: Headers; bytes: Buffer }> {
    const { status, headers, text } = await answer;
    const to = headers.get('location');
    if (status !== 303 || to === null) throw new Error(`no way on: ${String(status)} ${text}`);
    return this.get(to);
  }

  private async send(path: string, init: RequestInit) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(`${this.base}${path}`, {
      ...init,
      redirect: 'manual',
      headers: { ...(init.headers as Record<string, string>), cookie },
    });
    for (const each of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const bytes = Buffer.from(await answer.arrayBuffer());
    const text = bytes.toString();
    this.formToken = /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? this.formToken;
    return { status: answer.status, text, headers: answer.headers, bytes };
  }
}
