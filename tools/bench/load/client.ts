/**
 * An HTTP client that costs little: bare sockets, one request at a time on each, the same header bytes for all, bodies
 * signed before the clock starts. It reads of an answer what a benchmark counts: HTTP status and status code.
 */
import { connect, type Socket } from 'node:net';

export interface Answered {
  readonly status: number;
  /** The first status code element of the body; '' when there is none. */
  readonly code: string;
}

const headEnd = '\r\n\r\n';
const lengthName = 'content-length: ';
const codeTag = 'StsCode>';

/** One connection. `done` gets undefined when it was lost with a request open; the next request opens it anew. */
export class Connection {
  private socket: Socket | undefined;
  private received = '';
  private done: ((answer: Answered | undefined) => void) | undefined;

  constructor(
    private readonly port: number,
    private readonly head: Buffer,
  ) {}

  send(body: Buffer, done: (answer: Answered | undefined) => void): void {
    this.done = done;
    this.socket ??= this.open();
    this.socket.cork();
    this.socket.write(this.head);
    this.socket.write(body);
    this.socket.uncork();
  }

  /** Before the clock starts, as a party keeps its connections; resolves when it is open, or cannot be. */
  async connect(): Promise<void> {
    const socket = (this.socket ??= this.open());
    await new Promise<void>((resolve) => {
      socket.once('connect', resolve).once('close', () => {
        resolve();
      });
    });
  }

  close(): void {
    this.socket?.destroy();
  }

  private open(): Socket {
    const socket = connect({ port: this.port, host: '127.0.0.1', noDelay: true });
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.received = this.received === '' ? text : this.received + text;
      this.read();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.socket = undefined;
      this.received = '';
      this.finish(undefined);
    });
    return socket;
  }

  private read(): void {
    const text = this.received;
    const end = text.indexOf(headEnd);
    if (end < 0) return;
    const head = text.slice(0, end).toLowerCase();
    const at = head.indexOf(lengthName);
    const length = at < 0 ? 0 : Number.parseInt(head.slice(at + lengthName.length), 10);
    const whole = end + headEnd.length + length;
    if (text.length < whole) return;
    this.received = text.slice(whole);
    const code = text.indexOf(codeTag, end);
    this.finish({
      status: Number(text.slice(9, 12)),
      code: code < 0 ? '' : text.slice(code + codeTag.length, code + codeTag.length + 4),
    });
  }

  private finish(answer: Answered | undefined): void {
    const { done } = this;
    this.done = undefined;
    done?.(answer);
  }
}

export function requestHead(
  path: string,
  bodyBytes: number,
  headers: Readonly<Record<string, string>>,
): Buffer {
  const lines = Object.entries({
    host: '127.0.0.1',
    connection: 'keep-alive',
    'content-type': 'application/xml',
    'content-length': String(bodyBytes),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');
}
