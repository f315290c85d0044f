/**
 * What a message asks for, whatever generation it was written in: the only contract between the codecs and the use
 * cases. Fields are texts as received. Rules: architecture.md §2.6.
 */
import type {
  BillChange,
  BillForm,
  BillSubmission,
  GroupSubmission,
} from '../bills/bill-submission';
import type { Announcement } from '../payments/announce-payment';
import type { PaymentNotification } from '../payments/payment-notification';

/** The institution's or PSP's own id of the request; '' where the message has none. */
interface Requested {
  readonly requestId: string;
}

/** Generation 5 answers bills as a group of one or more, under the id and the group code that it was asked with. */
export interface AnsweredGroup {
  readonly code: string;
  readonly billId: string;
}

export type Command =
  | (Requested & {
      readonly kind: 'submit-bills';
      readonly group: AnsweredGroup | undefined;
      readonly submission: BillSubmission;
    })
  | (Requested & { readonly kind: 'submit-group'; readonly submission: GroupSubmission })
  | (Requested & {
      readonly kind: 'change-bills';
      readonly form: BillForm;
      readonly group: AnsweredGroup | undefined;
      readonly changes: readonly BillChange[];
    })
  | (Requested & {
      readonly kind: 'cancel-bills';
      readonly form: BillForm;
      readonly billIds: readonly string[];
      readonly reason: string;
    })
  | (Requested & {
      readonly kind: 'request-day';
      readonly form: BillForm;
      readonly groupCode: string;
      readonly systemId: string;
      readonly day: string;
      /** `1` successful payments, `2` exceptions; generation 5 knows only the first. */
      readonly option: string;
    })
  | (Requested & { readonly kind: 'push-to-pay' })
  | (Requested & { readonly kind: 'enquire'; readonly controlNumber: string })
  | (Requested & {
      readonly kind: 'receive-payment';
      readonly notification: Omit<PaymentNotification, 'messageId'>;
    })
  | (Requested & { readonly kind: 'find-payment'; readonly transactionId: string })
  | (Requested & {
      readonly kind: 'announce-payment';
      readonly announcement: Announcement;
    });

export type CommandOf<Kind extends Command['kind']> = Extract<Command, { readonly kind: Kind }>;
