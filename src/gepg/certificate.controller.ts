/**
 * The gateway's certificates, which parties need to verify what we send: the one that is everybody's, and the one of the
 * P-256 key for PSPs that agreed on ECDSA, if there is such a key.
 */
import { Controller, Get, Header, NotFoundException } from '@nestjs/common';
import { Secrets } from '../platform/config/secrets';

const contentType = 'application/x-pem-file';

@Controller('wire')
export class CertificateController {
  constructor(private readonly secrets: Secrets) {}

  @Get('certificate.pem')
  @Header('content-type', contentType)
  certificate(): string {
    return this.secrets.gateway.certificate.pem;
  }

  @Get('certificate-ec.pem')
  @Header('content-type', contentType)
  ecCertificate(): string {
    const { gatewayEc } = this.secrets;
    if (gatewayEc === undefined) throw new NotFoundException();
    return gatewayEc.certificate.pem;
  }
}
