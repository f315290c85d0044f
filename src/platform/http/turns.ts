/**
 * Work of requests in small portions, one in each turn of the event loop, first come first served. Between two portions
 * the loop looks at what else has come: without that, a crowd that is ready at once is worked off before anybody is
 * refused, and a refusal that could leave in a millisecond comes seconds late. A request that nobody is in front of begins
 * at once. Rules: security-reliability §3.4 (503 within 100 ms).
 */
export class Turns {
  private readonly line: (() => void)[] = [];
  private left: number;
  private isTurning = false;

  /** `portion` requests begin in one turn; a few milliseconds of work. */
  constructor(private readonly portion: number) {
    this.left = portion;
  }

  /** Resolves when the request may begin. */
  async take(): Promise<void> {
    this.turn();
    if (this.left > 0) {
      this.left -= 1;
      return;
    }
    await new Promise<void>((resolve) => this.line.push(resolve));
  }

  private turn(): void {
    if (this.isTurning) return;
    this.isTurning = true;
    setImmediate(() => {
      this.isTurning = false;
      const next = this.line.splice(0, this.portion);
      this.left = this.portion - next.length;
      if (next.length > 0) this.turn();
      for (const begin of next) begin();
    });
  }
}
