/**
 * Answers that may be some seconds old, for pages that many look at and that ask again by themselves. For each key one
 * computation at a time, shared by all who ask meanwhile; one that fails is forgotten.
 */
export class Recent<T> {
  private readonly answers = new Map<string, { readonly at: number; readonly value: Promise<T> }>();

  constructor(
    private readonly longestMs: number,
    /** Keys that are remembered; the one asked for longest ago goes first. */
    private readonly mostKeys = 100,
  ) {}

  async of(key: string, compute: () => Promise<T>): Promise<T> {
    const known = this.answers.get(key);
    if (known !== undefined && performance.now() - known.at < this.longestMs) return known.value;
    const value = compute();
    const answer = { at: performance.now(), value };
    this.answers.delete(key);
    this.answers.set(key, answer);
    const [oldest] = this.answers.keys();
    if (this.answers.size > this.mostKeys && oldest !== undefined) this.answers.delete(oldest);
    value.catch(() => {
      if (this.answers.get(key) === answer) this.answers.delete(key);
    });
    return value;
  }
}
