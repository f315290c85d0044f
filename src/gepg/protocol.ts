/** The table of generations: the only place that knows both. Outbound the form of the message chooses, inbound its root. */
import type { MessageForm } from '../deliveries/delivery-message';
import type { Generation } from '../parties/profile.rules';
import type { Codec } from './codec';
import { v4Codec } from './v4/codec';
import { v5Codec } from './v5/codec';

export const codecs: Readonly<Record<Generation, Codec>> = { v4: v4Codec, v5: v5Codec };

/** JSON webhooks are not of this protocol; asking for their generation is a fault of ours. */
export function generationOf(form: MessageForm): Generation {
  if (form === 'webhook') throw new Error('a webhook is not a message of the GePG protocol');
  return form === 'gepg-v4' ? 'v4' : 'v5';
}
