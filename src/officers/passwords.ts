/**
 * Passwords as argon2id hashes, with 19 MiB and two passes: the first of the parameters that OWASP names. A name that
 * nobody has costs the same time as one that somebody has.
 */
import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';

const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Without what is mistaken for another when it is read aloud. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';

@Injectable()
export class Passwords {
  /** A hash that no password has. */
  private readonly nobody = hash(randomBytes(32), parameters);

  async hash(password: string): Promise<string> {
    return hash(password, parameters);
  }

  /** False for an officer that does not exist, after the same time. */
  async isRight(passwordHash: string | undefined, password: string): Promise<boolean> {
    const isMatch = await verify(passwordHash ?? (await this.nobody), password);
    return passwordHash !== undefined && isMatch;
  }

  /** Four groups of four, about 79 bits: for the first sign-in, and for the sandbox. */
  make(): string {
    const picked = Array.from({ length: 16 }, () => {
      let byte = 255;
      // 248 is the largest multiple of 31 that a byte holds.
      while (byte >= 248) byte = randomBytes(1)[0] ?? 255;
      return letters.charAt(byte % letters.length);
    });
    return (picked.join('').match(/.{4}/g) ?? []).join('-');
  }
}
