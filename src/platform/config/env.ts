/**
 * Every environment variable of the gateway, read once, as text. Nothing else reads `process.env`.
 * `.env.example` lists the same names (a test compares them). Meaning and checks: config.ts.
 */
export const variables = {
  PORT: 'HTTP port, 1 to 65535. Default 3000.',
  HOST: 'Address to listen on. Default 127.0.0.1 in the sandbox, 0.0.0.0 otherwise.',
  DATABASE_URL:
    'PostgreSQL 15 or newer to use in place of the embedded one: postgres://user:password@host:port/name.',
  DATA_DIR:
    'Folder of the embedded PostgreSQL, of generated keys and of inbox/. Default .data below the project.',
  GATEWAY_KEYSTORE:
    'PKCS#12 file with the gateway key. Default: the sandbox keystore; required in production.',
  GATEWAY_KEYSTORE_PASSWORD: 'Password of GATEWAY_KEYSTORE.',
  KEYSTORE_PASSWORD: 'Password of the files that the command "keystore make" writes.',
  ROLE: 'all, http (answers requests) or worker (deliveries and timed work). Default all.',
  HTTP_PROCESSES: 'Processes that answer requests on PORT, 1 to 8. Default 1.',
  SANDBOX: 'true or false. Default true with the embedded database, false with DATABASE_URL.',
  CONTROL_NUMBER_KEY:
    '64 hexadecimal digits that scatter control numbers. Made on first start in the sandbox; required in production; never change it.',
  AUDIT_KEY_FILE:
    'Ed25519 key (PKCS#8 PEM) of the worker, which signs the audit chain. Default: made in DATA_DIR.',
  AUDIT_HEAD_FILE:
    'File to which heads of the audit chain are appended. Default audit-heads.log in DATA_DIR.',
  BUSINESS_DAY_CUTOFF_HHMM:
    'Time of day (Africa/Dar_es_Salaam) at which yesterday is reconciled. Default 00:30.',
  CONSOLE_ORIGIN:
    'Address under which officers open the console, like https://malipo.example. Default: the host they ask.',
  CONSOLE_NAME: 'Name on the pages of the console. Default Malipo.',
  CONSOLE_MARK: 'SVG file that stands beside the name. Default none.',
  SMTP_URL:
    'Mail server for scheduled reports: smtp://user:password@host:587 or smtps://…. Default: none is sent.',
  MAIL_FROM: 'Address that e-mail comes from; required with SMTP_URL.',
  LOG_LEVEL: 'debug, info, warn, error or silent. Default info.',
} as const;

export type VariableName = keyof typeof variables;
export type Environment = Readonly<Partial<Record<VariableName, string>>>;

/** An empty value counts as not set, as in `PORT= npm start`. */
export function readEnvironment(source: NodeJS.ProcessEnv = process.env): Environment {
  const names = Object.keys(variables) as VariableName[];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = source[name]?.trim();
      return value ? [[name, value]] : [];
    }),
  );
}
