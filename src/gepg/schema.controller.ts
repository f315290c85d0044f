/**
 * The published schemas of the wire (docs/wire), as they stand in this installation. A fixed list: nothing else of the
 * disk is reachable. Read when the gateway starts, so that a missing file is noticed there and not by a reader.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Header, NotFoundException, Param } from '@nestjs/common';

const names = ['gepg-v4.xsd', 'gepg-v5.xsd', 'malipo-psp-v5.xsd'] as const;

/** The project's folder is one step further up from `dist/src/gepg` than from `src/gepg`. */
const folder =
  ['../../docs/wire', '../../../docs/wire']
    .map((path) => join(__dirname, path))
    .find((path) => existsSync(path)) ?? 'docs/wire';

@Controller('wire')
export class SchemaController {
  private readonly schemas: ReadonlyMap<string, Buffer> = new Map(
    names.map((name) => [name, readFileSync(join(folder, name))]),
  );

  @Get(':schema')
  @Header('content-type', 'application/xml')
  schema(@Param('schema') name: string): Buffer {
    const found = this.schemas.get(name);
    if (found === undefined) throw new NotFoundException();
    return found;
  }
}
