/**
 * The requests of `certs-sample/requests`: the shapes and quirks of clients in the field (gepg-protocol.md §2.5, §6),
 * with invented values, signed with the sandbox keys. RSA PKCS#1 v1.5 has no random part, so the same facts give the
 * same bytes; the demonstration plays them with facts of its own.
 */
import { pspSampleRequests } from './psp-sample-requests';
import type { SampleFacts, SampleRequest } from './sample-request';
import { v4SampleRequests } from './v4-sample-requests';
import { v5SampleRequests } from './v5-sample-requests';

export function sampleRequests(facts: SampleFacts): readonly SampleRequest[] {
  return [...v4SampleRequests(facts), ...v5SampleRequests(facts), ...pspSampleRequests(facts)];
}
