/**
 * The oracle: a mutated message is refused, or it is read as exactly a command that the party it is attributed to has
 * signed. One that an attacker signed again with its own enrolled key is the attacker's, and never speaks for another.
 */
import { Stranger } from '../../../src/gepg/authenticate-message';
import { type Operation, operations } from '../../../src/gepg/operations';
import { codecs } from '../../../src/gepg/protocol';
import {
  attackers,
  authenticate,
  commandsOf,
  identify,
  originals,
  signAs,
  textOfCommand,
} from './corpus';
import { Dice, elementIn, mutate } from './mutate';

export interface Verdict {
  readonly what: 'refused' | 'as-signed' | 'own' | 'broken';
  readonly detail: string;
  readonly ms: number;
}

interface Sent {
  readonly operation: Operation;
  readonly body: Buffer;
  readonly header: string;
  readonly word: string;
  /** Whose fresh signature it bears; '' for none. */
  readonly resignedBy: string;
}

/** Mostly where the original went, sometimes elsewhere or under another code. */
export function sendingOf(seed: number): Sent {
  const dice = new Dice(seed);
  const original = dice.of(originals);
  const mutated = mutate(original, dice);
  const operation = dice.below(8) === 0 ? dice.of(operations) : original.operation;
  const word = dice.below(10) === 0 ? 'changebill.sp.in' : original.word;
  const element = dice.below(5) === 0 ? elementIn(mutated) : undefined;
  if (element === undefined) {
    const header = dice.of([original.header, original.header, '', 'SPG701', 'psp701']);
    return { operation, word, header, body: mutated, resignedBy: '' };
  }
  const [institution, bank] = attackers;
  const ofPath = operation.partyKind === 'service-provider' ? institution : bank;
  const attacker = dice.of([ofPath, ofPath, ofPath, institution, bank]);
  const text = element.toString('latin1');
  const spoken = dice.below(2) === 0 ? text : text.replaceAll(original.signer, attacker);
  return {
    operation,
    word,
    header: dice.of([attacker, attacker, original.header, '']),
    body: signAs(Buffer.from(spoken, 'latin1'), attacker, dice.of(['sha1', 'sha256'])),
    resignedBy: attacker,
  };
}

/** The way of the gateway, up to the command; what is thrown but a refusal is a fault of ours and goes through. */
export async function judge(sent: Sent): Promise<Verdict> {
  const startedAt = performance.now();
  const told = (what: Verdict['what'], detail: string): Verdict => ({
    what,
    detail,
    ms: performance.now() - startedAt,
  });
  const { operation, body, header, word, resignedBy } = sent;
  try {
    const { opened, sender } = await authenticate.execute(operation, {
      body,
      codeHeader: header,
      comHeader: word,
      algorithmHeader: '',
      peer: '',
      requestId: '',
    });
    const { kind, signed } = opened;
    const codec = codecs[kind.generation];
    const { party } = sender;
    if (party.kind !== operation.partyKind) return told('refused', 'role');
    const claims = codec.claims(signed.root);
    const agreed = await identify.isCodeAgreed(party, claims, header);
    if (agreed === 'different') return told('refused', 'code');
    const command = textOfCommand(codec.decode(operation.name, signed.root, word));
    if (commandsOf(party.code, operation, word).has(command)) return told('as-signed', party.code);
    // A party may say what it likes in its own name, under its own key.
    const named = [...claims.codes, claims.groupCode].filter((code) => code !== '');
    const isOwn = party.code === resignedBy && (named.length === 0 || named.includes(party.code));
    return told(isOwn ? 'own' : 'broken', `${party.code}: ${command}`);
  } catch (fault) {
    if (fault instanceof Stranger) return told('refused', fault.reason);
    throw fault;
  }
}
