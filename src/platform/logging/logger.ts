/**
 * Structured log lines: one JSON object each, with field names from a closed set. Never a payer's name, phone or
 * account, never a message or a key: those are in the journal, under its own access (architecture.md §2.11).
 */
import { Injectable, type LoggerService } from '@nestjs/common';
import pino, { type Logger as PinoLogger } from 'pino';
import type { Config } from '../config/config';

/** The closed set of field names. A new one is added here first. */
export interface LogFields {
  readonly requestId?: string;
  readonly party?: string;
  readonly path?: string;
  readonly message?: string;
  readonly code?: string;
  readonly reason?: string;
  readonly peer?: string;
  readonly bytes?: number;
  readonly digest?: string;
  readonly controlNumber?: string;
  readonly paymentId?: string;
  readonly deliveryId?: string;
  readonly endpoint?: string;
  readonly attempt?: number;
  readonly kind?: string;
  /** What an alarm is about. */
  readonly subject?: string;
  readonly outcome?: string;
  readonly count?: number;
  readonly ms?: number;
  readonly job?: string;
  readonly businessDay?: string;
  readonly fault?: unknown;
}

/**
 * Lines of level info are written a few at a time, at the latest after a tenth of a second: at two thousand messages a
 * second a write for each is a tenth of the server's time. What a crash may take is told by the journal as well. A line
 * that somebody must look at takes along those in front of it, at once.
 */
const lines = pino.destination({ dest: 1, sync: false, minLength: 8_192, periodicFlush: 100 });

@Injectable()
export class Log implements LoggerService {
  private readonly pino: PinoLogger;

  constructor(level: Config['logLevel']) {
    this.pino = pino(
      {
        level,
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        serializers: { fault: pino.stdSerializers.err },
        formatters: { level: (label) => ({ level: label }) },
      },
      lines,
    );
  }

  info(event: string, fields: LogFields = {}): void {
    this.pino.info({ event, ...fields });
  }

  /** A message that was refused before it could be attributed, or that tried something: watched by security. */
  security(event: string, fields: LogFields = {}): void {
    this.pino.warn({ event, stream: 'security', ...fields });
    lines.flush();
  }

  /** Nest's own lines; its start-up chatter is of interest to nobody but a developer. */
  log(text: unknown, context?: string): void {
    this.pino.debug({ event: 'nest', context, text });
  }

  warn(event: unknown, fields?: unknown): void {
    this.pino.warn({ event, ...(typeof fields === 'object' ? fields : { context: fields }) });
    lines.flush();
  }

  error(event: unknown, fields?: unknown): void {
    this.pino.error({ event, ...(typeof fields === 'object' ? fields : { context: fields }) });
    lines.flush();
  }

  debug(event: unknown, fields?: unknown): void {
    this.pino.debug({ event, ...(typeof fields === 'object' ? fields : { context: fields }) });
  }
}
