/** Every route of the console, from the decorators of its pages: a page that is added is tested and measured by itself. */
import { type INestApplicationContext, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { ModulesContainer } from '@nestjs/core';
import { allowedKey } from '../src/console/session.guard';

export interface ConsoleRoute {
  readonly method: 'GET' | 'POST';
  /** As it is declared: `/console/bills/:id`. */
  readonly path: string;
  readonly allowed: string | undefined;
}

export function consoleRoutes(app: INestApplicationContext): readonly ConsoleRoute[] {
  const found: ConsoleRoute[] = [];
  for (const module of app.get(ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) {
      if (typeof metatype !== 'function') continue;
      const base = Reflect.getMetadata(PATH_METADATA, metatype) as string;
      if (!/^console(\/|$)/.test(base)) continue;
      const { prototype } = metatype as { prototype: Record<string, object> };
      for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
        const handler = value as object;
        const path = Reflect.getMetadata(PATH_METADATA, handler) as string | undefined;
        if (name === 'constructor' || path === undefined) continue;
        const verb = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod;
        found.push({
          method: verb === RequestMethod.GET ? 'GET' : 'POST',
          path: `/${base}/${path}`.replace(/\/+/g, '/').replace(/\/$/, ''),
          allowed: Reflect.getMetadata(allowedKey, handler) as string | undefined,
        });
      }
    }
  }
  return found;
}
