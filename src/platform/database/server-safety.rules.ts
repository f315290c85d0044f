/**
 * Whether a database may hold acknowledged payments: it keeps what it committed, its schema is one that this program
 * knows, and its clock agrees with ours. Every fault is a sentence; a start says all of them (security-reliability §3.4, §3.5).
 */
export interface ServerState {
  /** As this program's own session sees them. */
  readonly fsync: string;
  readonly fullPageWrites: string;
  readonly synchronousCommit: string;
  /** Applied migrations that this program does not have. */
  readonly unknownMigrations: readonly string[];
  /** The database's clock minus ours; what the question itself took cannot be told from a difference, and is left out. */
  readonly clockAheadMs: number;
}

/** Deliveries, leases and expiry are judged by the database's clock, messages of others partly by ours. */
const mostSkewMs = 2_000;

/** `local` would acknowledge what a standby does not have. */
const durableCommits: readonly string[] = ['on', 'remote_write', 'remote_apply'];

export function serverFaults(state: ServerState): readonly string[] {
  const faults: string[] = [];
  if (state.fsync !== 'on') {
    faults.push(`the database runs with fsync=${state.fsync}; it must be on`);
  }
  if (state.fullPageWrites !== 'on') {
    faults.push(`the database runs with full_page_writes=${state.fullPageWrites}; it must be on`);
  }
  if (!durableCommits.includes(state.synchronousCommit)) {
    faults.push(
      `the database commits with synchronous_commit=${state.synchronousCommit}; it must be on`,
    );
  }
  const [newest] = state.unknownMigrations.slice(-1);
  if (newest !== undefined) {
    faults.push(
      `the database is of a newer version than this program (it has ${newest}); start that version`,
    );
  }
  if (Math.abs(state.clockAheadMs) > mostSkewMs) {
    const seconds = (Math.abs(state.clockAheadMs) / 1_000).toFixed(1);
    const side = state.clockAheadMs > 0 ? 'behind' : 'ahead of';
    faults.push(
      `the clock of this machine is ${seconds} s ${side} the database's; 2 s are allowed, so mend the time service of both`,
    );
  }
  return faults;
}
