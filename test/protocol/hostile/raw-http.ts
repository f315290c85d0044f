/** HTTP byte by byte on a socket, for what no client library would send. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  /** 0 where the server closed the connection without an answer. */
  readonly status: number;
  readonly text: string;
}

export async function openSocket(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  // A server that has had enough may reset the connection, which is an answer too.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Sends, and reads until the server closes. What is sent must make it close, by its fault or by asking for it. */
export async function exchange(url: string, request: string | Buffer): Promise<RawAnswer> {
  const socket = await openSocket(url);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(request);
  await once(socket, 'close');
  const text = Buffer.concat(chunks).toString('latin1');
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? '0'), text };
}

/** A whole request that asks for the connection to be closed. */
export function rawPost(path: string, headers: readonly string[], body: Buffer | string): Buffer {
  const head = [`POST ${path} HTTP/1.1`, 'Host: gateway', 'Connection: close', ...headers];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body)]);
}
