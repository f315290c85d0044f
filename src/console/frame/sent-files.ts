/** The first step of every page that takes a file: it is sent and kept, and the officer looks at it before it does anything. */
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../../kernel/refusal';
import { faultOf, fieldsOf, GoTo, type Page } from '../page';
import { KeptFiles } from './kept-files';
import { Uploads } from './uploads';

type Fields = Readonly<Record<string, string>>;

export interface SentFile {
  /** By which it is found again. */
  readonly digest: string;
  readonly name: string;
  /** What else the form held. */
  readonly fields: Fields;
}

const longestName = 100;

@Injectable()
export class SentFiles {
  constructor(
    private readonly uploads: Uploads,
    private readonly kept: KeptFiles,
  ) {}

  /** Goes where `next` says; whatever is wrong with form or file stands over `form` again. Refuses: console.form-foreign. */
  async take(
    request: FastifyRequest,
    officer: string,
    next: (sent: SentFile) => GoTo['path'] | Promise<GoTo['path']>,
    form: (fields: Fields, fault: ReturnType<typeof faultOf>) => Page | Promise<Page>,
  ): Promise<Page | GoTo> {
    let fields: Fields = {};
    try {
      const upload = await this.uploads.read(request);
      fields = fieldsOf(upload.fields);
      if (upload.fileName === '') {
        upload.stream.resume();
        throw new Refusal('console.file-missing', 'choose a file', 'unprocessable');
      }
      const digest = await this.kept.keep(officer, upload.stream);
      return new GoTo(await next({ digest, fields, name: upload.fileName.slice(-longestName) }));
    } catch (caught) {
      const fault = faultOf(caught);
      if (fault.code === 'console.form-foreign') throw caught;
      return form(fields, fault);
    }
  }
}
