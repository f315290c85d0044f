/** Officers of a test, ready to sign in and to approve, without the round over an authenticator. */
import type { INestApplicationContext } from '@nestjs/common';
import { ManageOfficers } from '../../src/officers/manage-officers';
import type { Role } from '../../src/officers/permission.rules';

/** Makes the officer as the sandbox makes its own, and gives the password. */
export async function makeOfficer(
  app: INestApplicationContext,
  name: string,
  role: Role,
  partyCode?: string,
): Promise<string> {
  const wanted = { name, fullName: `Test ${name}`, role };
  const { password } = await app
    .get(ManageOfficers, { strict: false })
    .create(partyCode === undefined ? wanted : { ...wanted, partyCode }, 'test', true);
  return password;
}
