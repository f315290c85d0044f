/**
 * Anchor N: the same job as a plain program, so that a figure can say what the shape of the gateway is worth. Nest on
 * Express, xml2js, TypeORM repositories, one transaction per payment, an acknowledgement signed every time; keys are
 * parsed once and signatures are made on the thread pool, since node-forge or a key parsed per call would be no rival.
 */
import 'reflect-metadata';
import { constants, type KeyObject, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { Controller, Get, Header, HttpCode, Module, Post, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { TypeOrmModule } from '@nestjs/typeorm';
import { parseStringPromise } from 'xml2js';
import { sampleKeystore } from '../../sandbox/sample-keys';
import { entities } from './entities';
import { TakePayment } from './take-payment';

const signAsync = promisify<string, Buffer, { key: KeyObject; padding: number }, Buffer>(sign);
const padding = constants.RSA_PKCS1_PADDING;
const pspKey = sampleKeystore('PSP701').certificate.publicKey;
const gatewayKey = sampleKeystore('gateway').privateKey;

interface PaymentXml {
  Gepg: {
    gepgPmtPstReq: {
      PspDtl: { PspCode: string };
      PymtTrxInf: { TrxId: string; BillCtrNum: string; PaidAmt: string; DptName: string };
    };
    gepgSignature: string;
  };
}

@Controller()
class PlainEndpoint {
  constructor(private readonly takePayment: TakePayment) {}

  @Get('health/ready')
  ready(): string {
    return 'ready';
  }

  @Post('api/payment/sigqrequest')
  @HttpCode(200)
  @Header('content-type', 'application/xml')
  async receive(@Req() request: { body: Buffer }): Promise<string> {
    const text = request.body.toString('utf8');
    const element = text.slice(
      text.indexOf('<gepgPmtPstReq>'),
      text.indexOf('</gepgPmtPstReq>') + '</gepgPmtPstReq>'.length,
    );
    const { Gepg: message } = (await parseStringPromise(text, {
      explicitArray: false,
    })) as PaymentXml;
    const signature = Buffer.from(message.gepgSignature, 'base64');
    const isSigned = verify('sha1', Buffer.from(element), { key: pspKey, padding }, signature);
    const { PspDtl: psp, PymtTrxInf: payment } = message.gepgPmtPstReq;
    const isTaken =
      isSigned &&
      (await this.takePayment.execute({
        pspCode: psp.PspCode,
        transactionId: payment.TrxId,
        controlNumber: payment.BillCtrNum,
        amountMinor: payment.PaidAmt.replace('.', ''),
        payerName: payment.DptName,
        body: request.body,
      }));
    const code = isTaken ? '7101' : isSigned ? '7207' : '7303';
    const ack = `<gepgPmtPstReqAck><TrxStsCode>${code}</TrxStsCode></gepgPmtPstReqAck>`;
    const signed = await signAsync('sha1', Buffer.from(ack), { key: gatewayKey, padding });
    return `<Gepg>${ack}<gepgSignature>${signed.toString('base64')}</gepgSignature></Gepg>`;
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: process.env['DATABASE_URL'] ?? '',
      entities,
      synchronize: true,
      poolSize: 16,
    }),
  ],
  controllers: [PlainEndpoint],
  providers: [TakePayment],
})
class PlainModule {}

async function start(): Promise<void> {
  const app = await NestFactory.create<NestExpressApplication>(PlainModule, {
    logger: ['error'],
    bodyParser: false,
  });
  app.useBodyParser('raw', { type: () => true, limit: '64kb' });
  app.enableShutdownHooks();
  await app.listen(Number(process.env['PORT']), '127.0.0.1');
}

start().catch((fault: unknown) => {
  process.stderr.write(`plain build: ${String(fault)}\n`);
  process.exit(1);
});
