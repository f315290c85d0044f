/**
 * A golden case: what one message says, as files. Of a request: `.request.xml` (its signed body), `.command.json` (how
 * it is read, and what it shall be answered with) and `.reply.xml` (that answer). Of a message that we send: `.json`
 * and `.xml`. Of an acknowledgement that we receive: `.xml` and `.json` (what it counts as). Amounts in minor units are
 * texts, instants ISO; keys are those of the published sandbox set, and RSA PKCS#1 v1.5 signs alike every time.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CancellationAnswer } from '../../src/bills/cancel-bills';
import type { BillsAnswered, DeliveryMessage } from '../../src/deliveries/delivery-message';
import type { Acknowledgement } from '../../src/deliveries/delivery-encoder';
import type { Command } from '../../src/gepg/commands';
import { projectRoot } from '../../src/installation';

export const goldenFolder = join(projectRoot, 'test', 'protocol', 'golden');

/** Data whose amounts and instants are written as text: see `revive`. */
type Written = Readonly<Record<string, unknown>>;

export interface GivenRequest {
  readonly path: string;
  readonly gepgCom: string;
  readonly answer:
    | { readonly kind: 'acknowledgement'; readonly code: string }
    | { readonly kind: 'bills'; readonly message: BillsAnswered }
    | { readonly kind: 'cancellation'; readonly answers: readonly CancellationAnswer[] }
    | {
        readonly kind: 'enquiry';
        readonly enquiry: Written;
        readonly showsContact: boolean;
        readonly layout: 'A' | 'B';
      }
    | { readonly kind: 'payment'; readonly code: string; readonly receiptNumber: string }
    | { readonly kind: 'payment-status'; readonly code: string; readonly payment?: Written };
}

export interface RequestCase extends GivenRequest {
  readonly flags: readonly string[];
  readonly command: Command;
}

export interface SentCase {
  readonly outputForm?: 'java-double';
  readonly message: DeliveryMessage;
  /** The payments of a day, which are no part of its message, and the status of an empty one. */
  readonly rows?: readonly Written[];
  readonly code?: string;
}

export interface GivenAcknowledgement {
  readonly httpStatus: number;
  readonly ackSignature?: 'required';
}

export interface AcknowledgementCase extends GivenAcknowledgement {
  readonly verdict: Acknowledgement;
}

export interface CaseFiles {
  /** `gepgBillSubReq` */
  readonly message: string;
  /** Path of the case without its endings. */
  readonly path: string;
  readonly direction: 'request' | 'sent' | 'acknowledgement';
}

export function goldenCases(): readonly CaseFiles[] {
  return ['v4', 'v5'].flatMap((generation) =>
    readdirSync(join(goldenFolder, generation)).flatMap((message) => {
      const files = readdirSync(join(goldenFolder, generation, message));
      const names = new Set(files.map((file) => file.split('.')[0] ?? ''));
      return [...names].sort().map((name) => {
        const path = join(goldenFolder, generation, message, name);
        return { message, path, direction: directionOf(path, files.includes(`${name}.json`)) };
      });
    }),
  );
}

function directionOf(path: string, hasData: boolean): CaseFiles['direction'] {
  if (!hasData) return 'request';
  return 'message' in (readJson(`${path}.json`) as object) ? 'sent' : 'acknowledgement';
}

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Names end in `Minor` for amounts, in `At` for instants. */
export function revive(written: unknown): unknown {
  const json = JSON.stringify(written);
  return JSON.parse(json, (name: string, value: unknown) => {
    if (typeof value !== 'string') return value;
    if (name.endsWith('Minor')) return BigInt(value);
    return name.endsWith('At') ? new Date(value) : value;
  });
}
