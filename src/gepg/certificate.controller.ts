/** The gateway's certificate, which every party needs to verify what we send. */
import { Controller, Get, Header } from '@nestjs/common';
import { Secrets } from '../platform/config/secrets';

@Controller('wire')
export class CertificateController {
  constructor(private readonly secrets: Secrets) {}

  @Get('certificate.pem')
  @Header('content-type', 'application/x-pem-file')
  certificate(): string {
    return this.secrets.gateway.certificate.pem;
  }
}
