/**
 * How a connection to a recipient is made: the name is resolved once, every address is checked, and it is the checked
 * addresses that are connected (security-reliability O1, O2, O7). Each stage has its own deadline: 2 s for the name, 3 s
 * for the connection, 3 s for TLS. In the sandbox, endpoints on loopback are the rule and nothing is checked.
 */
import { Resolver } from 'node:dns/promises';
import type { LookupFunction, Socket } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { isPublicAddress } from './egress.rules';

const nameMs = 2_000;
const connectMs = 3_000;
const tlsMs = 3_000;

/** What the log of attempts says of a connection that could not be made. */
export class EgressFault extends Error {
  constructor(
    readonly outcome: 'name-not-found' | 'address-refused' | 'not-reachable' | 'tls-timed-out',
    detail: string,
  ) {
    super(detail);
    this.name = 'EgressFault';
  }
}

export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

export type Resolve = (name: string) => Promise<readonly ResolvedAddress[]>;

/** Asks the resolvers of the machine itself, not its thread pool, where signatures are made. */
export async function resolveName(name: string): Promise<readonly ResolvedAddress[]> {
  const resolver = new Resolver({ timeout: nameMs, tries: 1 });
  const timer = setTimeout(() => {
    resolver.cancel();
  }, nameMs);
  try {
    const [four, six] = await Promise.allSettled([
      resolver.resolve4(name),
      resolver.resolve6(name),
    ]);
    return [
      ...(four.status === 'fulfilled' ? four.value : []).map((address) => ({
        address,
        family: 4 as const,
      })),
      ...(six.status === 'fulfilled' ? six.value : []).map((address) => ({
        address,
        family: 6 as const,
      })),
    ];
  } finally {
    clearTimeout(timer);
  }
}

/** Node's look-up, for which one inward address among public ones is enough to refuse the name. */
export function guardedLookup(resolve: Resolve): LookupFunction {
  return (name, options, done) => {
    resolve(name).then(
      (addresses) => {
        const [first] = addresses;
        const inward = addresses.find(({ address }) => !isPublicAddress(address));
        const fault =
          first === undefined
            ? new EgressFault('name-not-found', `${name} has no address`)
            : inward === undefined
              ? null
              : new EgressFault('address-refused', `${name} is ${inward.address}`);
        if (fault !== null || first === undefined) done(fault, '', 0);
        else if (options.all === true) done(null, [...addresses]);
        else done(null, first.address, first.family);
      },
      (fault: unknown) => {
        done(new EgressFault('name-not-found', String(fault)), '', 0);
      },
    );
  };
}

/** Ends a socket whose present stage takes too long; the clock is set anew at each stage. */
function watchStages(socket: Socket, isTls: boolean): void {
  let timer: NodeJS.Timeout | undefined;
  const stage = (ms: number, fault: EgressFault): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      socket.destroy(fault);
    }, ms);
  };
  const end = (): void => {
    clearTimeout(timer);
  };
  // The resolver has a limit of its own; this one is for a resolver that hangs.
  stage(nameMs + 500, new EgressFault('name-not-found', 'the name took too long'));
  socket.once('lookup', () => {
    stage(connectMs, new EgressFault('not-reachable', 'the connection took too long'));
  });
  socket.once('connect', () => {
    if (isTls) stage(tlsMs, new EgressFault('tls-timed-out', 'TLS took too long'));
    else end();
  });
  socket.once('secureConnect', end);
  socket.once('close', end);
}

type Connector = ReturnType<typeof buildConnector>;

export interface AgentSettings {
  readonly connectionsPerHost: number;
  /** Absent in the sandbox. */
  readonly lookup?: LookupFunction;
  /** Of a recipient with a certification authority of its own; others are held to the public ones. */
  readonly caPem?: string;
}

/** Keep-alive connections, no redirects, at least TLS 1.2 with ordinary verification. */
export function makeAgent({ connectionsPerHost, lookup, caPem }: AgentSettings): Agent {
  // Undici's type says nothing comes back; what does is the socket, before it is connected.
  const connect: (...given: Parameters<Connector>) => unknown = buildConnector({
    timeout: nameMs + connectMs + tlsMs + 1_000,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    ...(lookup === undefined ? {} : { lookup }),
    ...(caPem === undefined ? {} : { ca: caPem }),
  });
  return new Agent({
    connections: connectionsPerHost,
    maxHeaderSize: 16_384,
    connect: (options, done) => {
      const socket = connect(options, done) as Socket;
      watchStages(socket, options.protocol === 'https:');
    },
  });
}
