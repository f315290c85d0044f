/** What the load generator is asked for, and what it tells; plain data, since it runs as a process of its own. */

/** Bodies of one length, one after another in a file. */
export interface MessageFile {
  readonly path: string;
  readonly bodyBytes: number;
  readonly count: number;
}

export interface Job {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly messages: MessageFile;
  readonly first: number;
  readonly count: number;
  readonly connections: number;
  /** Ends the sending, also with messages left. */
  readonly seconds: number;
  /** Requests a second whatever the answers do; without it every connection sends again once it is answered. */
  readonly rate?: number;
  /** Connections are open before the clock starts. */
  readonly isConnected?: boolean;
  /** One of so many requests is taken from these bodies, in turn. */
  readonly hostile?: { readonly messages: MessageFile; readonly oneIn: number };
}

export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface Outcome {
  readonly sent: number;
  /** Answers 7101. */
  readonly accepted: number;
  /** Answers by code, or `http NNN` without one, or `lost`. */
  readonly answers: Readonly<Record<string, number>>;
  /** From the first request to the last answer. */
  readonly seconds: number;
  /** Milliseconds; with a rate they count from the moment the request was due. */
  readonly latency: Latency;
  /** Of refusals at the edge (429, 503). */
  readonly refused: Latency;
  readonly acceptedLatency: Latency;
  /** Requests that were due and found no free connection until the end. */
  readonly notOffered: number;
  readonly cpuMs: number;
}

export type Order =
  | { readonly kind: 'run'; readonly job: Job }
  | { readonly kind: 'rate'; readonly rate: number }
  | { readonly kind: 'stop' };
