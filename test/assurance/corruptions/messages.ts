/** What can be done to messages, deliveries, the audit trail and the feeds. */
import { type Corruption, otherSp, paid } from './corruption';

const confirmation = `(select min(id) from delivery where kind = 'payment-confirmed')`;
const chainEnd = `(select max(last_place) from audit_block)`;
const message = `(select message_id from payment_notification where psp_transaction_id = 'A-1')`;

export const corruptedMessages: readonly Corruption[] = [
  [
    '10',
    'an accepted notification disappears',
    [`delete from payment_notification where psp_transaction_id = 'A-1'`],
    ['10'],
  ],
  [
    '11',
    'a notification is left open',
    [`update payment_notification set status_code = '' where psp_transaction_id = 'A-3'`],
    ['11'],
  ],
  [
    '12',
    'a confirmation disappears from the outbox',
    [
      `delete from delivery where kind = 'payment-confirmed' and message ->> 'paymentId' = ${paid}::text`,
    ],
    ['12'],
  ],
  [
    '12',
    'something is owed for a payment that never was',
    [
      `insert into delivery (recipient_id, kind, subject, message, url, state)
       select recipient_id, kind, 'nobody', jsonb_set(message, '{paymentId}', '"00000000-0000-7000-8000-000000000009"'), url,
              'ready'
         from delivery where id = ${confirmation}`,
    ],
    ['12'],
  ],
  [
    '13',
    'the acknowledged attempt of a delivery disappears',
    [`delete from delivery_attempt where delivery_id = (select max(id) from delivery)`],
    ['13'],
  ],
  [
    '14',
    'two confirmations of a bill change places',
    [
      `update delivery_attempt set id = id + 1000000 where delivery_id = ${confirmation}`,
      `update delivery set subject = 'same' where kind = 'payment-confirmed'`,
    ],
    ['14'],
  ],
  [
    '15',
    'a worker never gives a delivery back',
    [
      `update delivery set state = 'leased', settled_at = null, lease_until = gateway_now() - interval '1 hour'
        where id = ${confirmation}`,
    ],
    ['15'],
  ],
  [
    '16',
    'a byte of a stored message is changed',
    [`update inbound_message set body = set_byte(body, 200, 65) where id = ${message}`],
    ['16'],
  ],
  [
    '16',
    'a stored message is changed and its digest made anew',
    [
      `update inbound_message set body = set_byte(body, 200, 65), body_digest = sha256(set_byte(body, 200, 65))
        where id = ${message}`,
    ],
    ['16'],
  ],
  [
    '16',
    'the digest of a stored message is another',
    [`update inbound_message set body_digest = sha256('another') where id = ${message}`],
    ['16'],
  ],
  [
    '16',
    'a stored message is said to be signed with a digest that is none',
    [
      `alter table inbound_message drop constraint if exists inbound_message_signature_digest_check`,
      `update inbound_message set signature_digest = 'none' where id = ${message}`,
    ],
    ['16'],
  ],
  [
    '16',
    'a certificate can no longer be read',
    [
      `update party_certificate set pem = 'gone' where party_id = (select psp_id from payment where id = ${paid})`,
    ],
    ['16'],
  ],
  [
    '16',
    'the certificate of a stored message disappears',
    [
      `delete from party_certificate where party_id = (select psp_id from payment where id = ${paid})`,
    ],
    ['16'],
  ],
  [
    '17',
    'the actor of an audit event is another',
    [`update audit_event set actor = 'nobody' where id = (select min(id) from audit_event)`],
    ['17'],
  ],
  [
    '17',
    'an audit event disappears',
    [
      `delete from audit_event where id = (select max(id) from audit_event where place <= ${chainEnd})`,
    ],
    ['17'],
  ],
  [
    '17',
    'a block of the chain is made anew without a key',
    [`update audit_block set signature = sha512('x') where sequence = 1`],
    ['17'],
  ],
  [
    '17',
    'nobody seals what was recorded',
    [
      `update gateway_clock set clock_offset = '0'`,
      `insert into audit_event (actor, action, subject, occurred_at, place)
       values ('x', 'x', 'x', gateway_now() - interval '1 hour', ${chainEnd} + 1)`,
    ],
    ['17'],
  ],
  [
    '28',
    'the last event of a feed disappears with its head',
    [
      `delete from feed_event where party_id = ${otherSp}`,
      `delete from feed_head where party_id = ${otherSp}`,
    ],
    ['28'],
  ],
  [
    '29',
    'the first event of a feed gets a number of its own',
    [
      `update feed_event set sequence = 7, content = replace(content, '"sequence":1,', '"sequence":7,')
        where party_id = ${otherSp}`,
      `update feed_event set digest = sha256(decode(repeat('00', 32), 'hex') || convert_to(content, 'UTF8'))
        where party_id = ${otherSp}`,
    ],
    ['29'],
  ],
  [
    '30',
    'the text of an event is changed',
    [`update feed_event set content = replace(content, '500.00', '600.00') where sequence = 1`],
    ['30'],
  ],
  [
    '30',
    'an event is changed and its digest made anew, but not that of the next',
    [
      `update feed_event set content = replace(content, '500.00', '600.00') where sequence = 1 and party_id <> ${otherSp}`,
      `update feed_event set digest = sha256(decode(repeat('00', 32), 'hex') || convert_to(content, 'UTF8'))
        where sequence = 1 and party_id <> ${otherSp}`,
    ],
    ['30'],
  ],
  [
    '30',
    'an event is said to be of another kind than its text says',
    [`update feed_event set type = 'payment.corrected' where party_id = ${otherSp}`],
    ['28', '30'],
  ],
  [
    '30',
    'an event is said to have another id than its text has',
    [`update feed_event set event_id = 'evt_f' || substr(event_id, 6) where party_id = ${otherSp}`],
    ['28', '30'],
  ],
];
