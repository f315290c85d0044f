/**
 * Profiles name their digests by generation and may end a weakening (gepg-decisions A2, rulings.md §3); rows of before
 * get the new members. Locks each party row; some hundred rows. Back: the list of version 4 serves for both again.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ReshapeProfiles1764000000020 implements MigrationInterface {
  readonly name = 'ReshapeProfiles1764000000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      update party
         set profile = jsonb_build_object(
               'outputForm', 'plain', 'strictHeaders', false, 'cancellationCallback', false, 'emptyDayCode', '7101',
               'weakUntil', jsonb_build_object('sha1', null, 'repairXml', null, 'unsignedAcks', null))
             || profile
             || jsonb_build_object('digests',
                  jsonb_build_object('v4', profile -> 'digests', 'v5', jsonb_build_array('sha256')))
       where jsonb_typeof(profile -> 'digests') = 'array'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      update party set profile = profile || jsonb_build_object('digests', profile #> '{digests,v4}')
       where jsonb_typeof(profile -> 'digests') = 'object'`);
  }
}
