/** The self-test of a party as the pages ask for it: the same cases as `certify`. */
import { Injectable } from '@nestjs/common';
import { DeliveryEncoder } from '../../deliveries/delivery-encoder';
import { SystemClock } from '../../kernel/clock';
import { SandboxSwitch } from '../../parties/admit-certificate';
import type { Party } from '../../parties/party-directory';
import { PlaySelfTest, type SelfTest, type TestedEndpoint } from '../../parties/test-party';
import { Secrets } from '../../platform/config/secrets';
import { Signer } from '../signer';
import { CertifyParty, refuseOutsideSandbox } from './certify-party';

@Injectable()
export class CertifySelfTest implements PlaySelfTest {
  constructor(
    private readonly signer: Signer,
    private readonly encoder: DeliveryEncoder,
    private readonly sandbox: SandboxSwitch,
    private readonly secrets: Secrets,
  ) {}

  async play(party: Party, { url, reconciliationUrl }: TestedEndpoint): Promise<SelfTest> {
    refuseOutsideSandbox({ isSandbox: this.sandbox.isOn }, this.secrets);
    const { generation, cases } = await new CertifyParty(this.signer, this.encoder).execute({
      party,
      url,
      reconciliationUrl,
      generation: undefined,
      only: [],
      now: new SystemClock().now(),
    });
    return {
      generation,
      cases: cases.map(({ number, key, verdict, says }) => ({ number, key, verdict, says })),
    };
  }
}
