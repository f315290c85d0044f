/**
 * Files that come by a form: the token is the first field, the other fields follow, the file is last and is read as it
 * comes. Whatever is wrong with the form is a refusal, and what was not read is thrown away.
 */
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../../kernel/refusal';
import { Cookies } from '../console-request';

export interface Upload {
  readonly fields: Readonly<Record<string, string>>;
  readonly fileName: string;
  readonly stream: Readable;
  /** Asked after the stream has ended: whether it was longer than 64 MiB, and cut. */
  isCut(): boolean;
}

@Injectable()
export class Uploads {
  constructor(private readonly cookies: Cookies) {}

  /** Refuses: console.form-foreign, console.file-missing. */
  async read(request: FastifyRequest): Promise<Upload> {
    const upload = await this.readForm(request);
    if (upload.stream === undefined) throw missing();
    return { ...upload, stream: upload.stream };
  }

  /** Without a stream where no file was chosen, so that what was written is not lost. Refuses: as `read`. */
  async readForm(
    request: FastifyRequest,
  ): Promise<Omit<Upload, 'stream'> & { readonly stream: Readable | undefined }> {
    const fields: Record<string, string> = {};
    let isOurs = false;
    try {
      for await (const part of request.parts()) {
        if (!isOurs) {
          const given = part.type === 'field' && part.fieldname === '_csrf' ? part.value : '';
          if (part.type === 'file') part.file.resume();
          this.cookies.requireFormToken(request, given);
          isOurs = true;
        } else if (part.type === 'field') {
          if (typeof part.value === 'string') fields[part.fieldname] = part.value;
        } else {
          const { file, filename } = part;
          return { fields, fileName: filename, stream: file, isCut: () => file.truncated };
        }
      }
    } catch (fault) {
      if (fault instanceof Refusal) throw fault;
      // What breaks off before its token is a form of anybody.
      if (!isOurs) this.cookies.requireFormToken(request, '');
      throw missing();
    }
    if (!isOurs) this.cookies.requireFormToken(request, '');
    return { fields, fileName: '', stream: undefined, isCut: () => false };
  }
}

/** A file that is small by its nature, whole. Refuses: console.file-large. */
export async function smallFile(
  upload: Pick<Upload, 'stream'>,
  mostBytes: number,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of upload.stream as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length <= mostBytes) pieces.push(piece);
  }
  if (length > mostBytes) {
    throw new Refusal(
      'console.file-large',
      `the file has ${String(length)} bytes; at most ${String(mostBytes)} are read`,
      'unprocessable',
    );
  }
  return Buffer.concat(pieces);
}

function missing(): Refusal {
  return new Refusal(
    'console.file-missing',
    'the form holds no file that can be read',
    'unprocessable',
  );
}
