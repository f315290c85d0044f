/** How the console looks and where it is opened: the ministry's own name and mark, by setting. */
export class ConsoleSettings {
  constructor(
    readonly name: string,
    /** An SVG drawing; absent, the name stands alone. */
    readonly mark: string | undefined,
    /** `https://…`; absent, a form must come from the host that it is sent to. */
    readonly origin: string | undefined,
    readonly isSandbox: boolean,
    /** Where files wait between preview and import. */
    readonly uploadFolder: string,
  ) {}

  /** Plain HTTP is for the sandbox; elsewhere a browser sends the cookie over TLS only. */
  get isSecure(): boolean {
    return this.origin?.startsWith('https:') ?? !this.isSandbox;
  }
}
