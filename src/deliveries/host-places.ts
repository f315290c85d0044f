/**
 * So many requests at once to one host, whoever of its recipients they are for; the others wait in line for a place, and
 * leave it when their time is up. Nobody takes more places than are left free: a recipient that holds its places for
 * long leaves as many to those who share the host with it.
 */
interface Waiting {
  readonly who: string;
  readonly enter: () => void;
}

interface Host {
  taken: number;
  readonly of: Map<string, number>;
  readonly line: Waiting[];
}

export class HostPlaces {
  private readonly hosts = new Map<string, Host>();

  constructor(private readonly largest: number) {}

  /** False when no place came free in time; true obliges to `leave`. */
  async take(name: string, who: string, waitMs: number): Promise<boolean> {
    const host = this.hosts.get(name) ?? { taken: 0, of: new Map<string, number>(), line: [] };
    this.hosts.set(name, host);
    if (this.mayEnter(host, who)) {
      enter(host, who);
      return true;
    }
    return new Promise((resolve) => {
      const waiting: Waiting = {
        who,
        enter: () => {
          clearTimeout(timer);
          resolve(true);
        },
      };
      const timer = setTimeout(() => {
        host.line.splice(host.line.indexOf(waiting), 1);
        resolve(false);
      }, waitMs);
      host.line.push(waiting);
    });
  }

  leave(name: string, who: string): void {
    const host = this.hosts.get(name);
    if (host === undefined) return;
    host.taken -= 1;
    const held = (host.of.get(who) ?? 1) - 1;
    if (held === 0) host.of.delete(who);
    else host.of.set(who, held);
    for (;;) {
      const next = host.line.findIndex((waiting) => this.mayEnter(host, waiting.who));
      const [waiting] = next < 0 ? [] : host.line.splice(next, 1);
      if (waiting === undefined) break;
      enter(host, waiting.who);
      waiting.enter();
    }
    if (host.taken === 0 && host.line.length === 0) this.hosts.delete(name);
  }

  private mayEnter({ taken, of }: Host, who: string): boolean {
    return (of.get(who) ?? 0) < this.largest - taken;
  }
}

function enter(host: Host, who: string): void {
  host.taken += 1;
  host.of.set(who, (host.of.get(who) ?? 0) + 1);
}
