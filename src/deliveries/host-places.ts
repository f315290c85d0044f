/**
 * So many requests at once to one host, whoever of its recipients they are for; the others wait in line for a place, and
 * leave it when their time is up.
 */
export class HostPlaces {
  private readonly taken = new Map<string, number>();
  private readonly lines = new Map<string, (() => void)[]>();

  constructor(private readonly largest: number) {}

  /** False when no place came free in time; true obliges to `leave`. */
  async take(host: string, waitMs: number): Promise<boolean> {
    const count = this.taken.get(host) ?? 0;
    if (count < this.largest) {
      this.taken.set(host, count + 1);
      return true;
    }
    const line = this.lines.get(host) ?? [];
    this.lines.set(host, line);
    return new Promise((resolve) => {
      const enter = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        line.splice(line.indexOf(enter), 1);
        resolve(false);
      }, waitMs);
      line.push(enter);
    });
  }

  leave(host: string): void {
    const next = this.lines.get(host)?.shift();
    if (next !== undefined) {
      next();
      return;
    }
    this.lines.delete(host);
    const count = (this.taken.get(host) ?? 1) - 1;
    if (count === 0) this.taken.delete(host);
    else this.taken.set(host, count);
  }
}
