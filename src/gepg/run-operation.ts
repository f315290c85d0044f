/**
 * Runs the operation of an authenticated message: decodes it to a command and hands it to the institution's or the
 * PSP's side, which open the one transaction, call the use case and keep the message with the code it is answered with.
 */
import { Injectable } from '@nestjs/common';
import type { Party, PaymentServiceProvider, ServiceProvider } from '../parties/party-directory';
import type { MessageContext, OperationAnswer } from './message-context';
import { codecs } from './protocol';
import { PspOperations } from './psp-operations';
import { SpOperations } from './sp-operations';
import type { XmlElement } from './xml';

@Injectable()
export class RunOperation {
  constructor(
    private readonly sp: SpOperations,
    private readonly psp: PspOperations,
  ) {}

  async execute(
    party: Party,
    root: XmlElement,
    comHeader: string,
    context: MessageContext,
  ): Promise<OperationAnswer> {
    const { operation, kind } = context;
    const command = codecs[kind.generation].decode(operation.name, root, comHeader);
    return operation.partyKind === 'service-provider'
      ? this.sp.execute(party as ServiceProvider, command, context)
      : this.psp.execute(party as PaymentServiceProvider, command, context);
  }
}
