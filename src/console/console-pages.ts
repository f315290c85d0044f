/** One decorator for a class of pages: below /console, guarded, answered in HTML, with errors as pages. */
import {
  applyDecorators,
  Controller,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ErrorPages } from './frame/error-pages';
import { ShowPage } from './frame/show-page';
import { SessionGuard } from './session.guard';

export const ConsolePages = (path = ''): ClassDecorator =>
  applyDecorators(
    Controller(path === '' ? 'console' : `console/${path}`),
    UseGuards(SessionGuard),
    UseInterceptors(ShowPage),
    UseFilters(ErrorPages),
  );
