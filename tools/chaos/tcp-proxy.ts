/**
 * A proxy that misbehaves as told, between two parties on the loopback: late, slow, cut at a chance byte, or losing
 * the server's answer to COMMIT, so that what was asked is done and nobody is told.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { SeededRandom } from './random';

export type ProxyFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'latency'; readonly fromMs: number; readonly toMs: number }
  | { readonly kind: 'throttle'; readonly bytesPerSecond: number }
  /** Each connection is reset after a chance number of bytes up to this, in either direction. */
  | { readonly kind: 'reset'; readonly withinBytes: number }
  /** The answer to every n-th COMMIT is swallowed, and the connection reset; or left open and silent. */
  | { readonly kind: 'lose-commit'; readonly every: number; readonly isSilent: boolean };

/** A simple query as it stands on the wire: kind, length, text, end. */
const commitQuery = 'Q\0\0\0\x0bCOMMIT\0';
const throttleTickMs = 50;

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  readonly resetAfter: number;
  bytes: number;
  /** Set once COMMIT went through: what the server says is for nobody. */
  isDeaf: boolean;
  hasStarted: boolean;
}

export class TcpProxy {
  private readonly links = new Set<Link>();
  private readonly random: SeededRandom;
  private fault: ProxyFault = { kind: 'none' };
  private commits = 0;
  /** Rewrites the gateway's own `synchronous_commit=on`: the negative control. */
  isCommitWeakened = false;

  private constructor(
    private readonly listener: Server,
    private target: number,
    private readonly protocol: 'postgres' | 'plain',
    seed: number,
  ) {
    this.random = new SeededRandom(seed);
    listener.on('connection', (client) => {
      this.accept(client);
    });
  }

  static async open(
    target: number,
    protocol: 'postgres' | 'plain',
    seed: number,
  ): Promise<TcpProxy> {
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    return new TcpProxy(listener, target, protocol, seed);
  }

  get port(): number {
    const address = this.listener.address();
    return address !== null && typeof address !== 'string' ? address.port : 0;
  }

  /** From the next bytes on. */
  set(fault: ProxyFault): void {
    this.fault = fault;
  }

  aimAt(port: number): void {
    this.target = port;
  }

  /** Resets every connection. */
  cut(): void {
    for (const link of this.links) this.reset(link);
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.listener.close(resolve));
  }

  private accept(client: Socket): void {
    const server = connect(this.target, '127.0.0.1');
    const { fault } = this;
    const link: Link = {
      client,
      server,
      resetAfter: fault.kind === 'reset' ? this.random.between(1, fault.withinBytes) : Infinity,
      bytes: 0,
      isDeaf: false,
      hasStarted: false,
    };
    this.links.add(link);
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => {
        this.reset(link);
      });
      socket.on('close', () => {
        this.end(link);
      });
    }
    client.on('data', (bytes) => {
      client.pause();
      void this.pass(link, this.fromClient(link, bytes), server, client);
    });
    server.on('data', (bytes) => {
      if (link.isDeaf) {
        const { fault: now } = this;
        if (now.kind !== 'lose-commit' || !now.isSilent) this.reset(link);
        return;
      }
      server.pause();
      void this.pass(link, bytes, client, server);
    });
  }

  /** Looks at what a PostgreSQL client says: its settings at the start, and its COMMITs. */
  private fromClient(link: Link, bytes: Buffer): Buffer {
    if (this.protocol === 'plain') return bytes;
    if (!link.hasStarted) {
      link.hasStarted = true;
      return this.isCommitWeakened ? weaken(bytes) : bytes;
    }
    const { fault } = this;
    if (fault.kind === 'lose-commit' && bytes.includes(commitQuery, 0, 'latin1')) {
      this.commits += 1;
      link.isDeaf = this.commits % fault.every === 0;
    }
    return bytes;
  }

  private async pass(link: Link, bytes: Buffer, to: Socket, from: Socket): Promise<void> {
    const { fault } = this;
    link.bytes += bytes.length;
    if (fault.kind === 'reset' && link.bytes > link.resetAfter) {
      const kept = Math.max(0, bytes.length - (link.bytes - link.resetAfter));
      if (kept > 0) to.write(bytes.subarray(0, kept));
      this.reset(link);
      return;
    }
    if (fault.kind === 'latency') await wait(this.random.between(fault.fromMs, fault.toMs));
    if (fault.kind === 'throttle') await this.trickle(link, bytes, to);
    else if (to.writable) to.write(bytes);
    from.resume();
  }

  /** Until the fault is over; then the rest at once. */
  private async trickle(link: Link, bytes: Buffer, to: Socket): Promise<void> {
    let rest = bytes;
    while (rest.length > 0 && this.links.has(link)) {
      const { fault } = this;
      const perTick =
        fault.kind === 'throttle'
          ? Math.max(1, Math.round((fault.bytesPerSecond * throttleTickMs) / 1_000))
          : rest.length;
      if (to.writable) to.write(rest.subarray(0, perTick));
      rest = rest.subarray(perTick);
      if (rest.length > 0) await wait(throttleTickMs);
    }
  }

  private reset(link: Link): void {
    if (!this.links.delete(link)) return;
    for (const socket of [link.client, link.server]) {
      if (socket.connecting) socket.destroy();
      else socket.resetAndDestroy();
    }
  }

  /** One side closed in order: so does the other, once it has what was on the way. */
  private end(link: Link): void {
    if (!this.links.delete(link)) return;
    link.client.end();
    link.server.end();
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

/** The length of a start-up packet is its first four bytes. */
function weaken(packet: Buffer): Buffer {
  const text = packet.toString('latin1');
  const weak = text.replace('synchronous_commit=on', 'synchronous_commit=off');
  const bytes = Buffer.from(weak, 'latin1');
  if (bytes.length !== packet.length) bytes.writeUInt32BE(bytes.length, 0);
  return bytes;
}
