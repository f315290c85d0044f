/** Webhook endpoints of a party: where its events are pushed, which of them, and the secrets they are signed with. */
import { Body, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { ManageWebhooks } from '../deliveries/manage-webhooks';
import type { KeyHolder } from '../parties/api-key-directory';
import { Database } from '../platform/database/database';
import { Attempt, type AttemptAt, Once } from './once';
import { Operation, Resource } from './operation';
import { Holder } from './request-context';
import {
  NewWebhookBody,
  SecretBody,
  showWebhook,
  WebhookBody,
  WebhookChange,
  WebhookInput,
  WebhookListBody,
  WebhookPath,
} from './webhooks.schema';

@Resource('webhook-endpoints', 'Webhooks')
export class WebhooksController {
  constructor(
    private readonly webhooks: ManageWebhooks,
    private readonly database: Database,
    private readonly once: Once,
  ) {}

  @Get()
  @Operation({
    id: 'listWebhookEndpoints',
    scope: 'webhooks:write',
    summary: 'List the webhook endpoints',
    answer: { status: 200, description: 'All of them, oldest first.', type: WebhookListBody },
  })
  async list(@Holder() { party }: KeyHolder): Promise<WebhookListBody> {
    return { data: (await this.webhooks.list(party.id)).map(showWebhook) };
  }

  @Post()
  @Operation({
    id: 'addWebhookEndpoint',
    scope: 'webhooks:write',
    summary: 'Add a webhook endpoint',
    description:
      'It gets the events from now on; earlier ones are in the feed. Messages follow Standard Webhooks.',
    answer: { status: 201, description: 'The endpoint with its secret.', type: NewWebhookBody },
    refusals: { 409: ['webhook.too-many'], 422: ['webhook.url-unsafe'] },
    once: true,
    hasBody: true,
  })
  async add(
    @Holder() { party }: KeyHolder,
    @Attempt() attempt: AttemptAt,
    @Body() { url, eventTypes = [] }: WebhookInput,
  ): Promise<NewWebhookBody> {
    return this.once.execute(attempt, async (tx) => {
      const { endpoint, secret } = await this.webhooks.add(tx, party, { url, eventTypes });
      const body = Object.assign(showWebhook(endpoint), { secret });
      return { status: 201, body, isSecret: true };
    });
  }

  @Get(':endpointId')
  @Operation({
    id: 'getWebhookEndpoint',
    scope: 'webhooks:write',
    summary: 'Read a webhook endpoint',
    answer: { status: 200, description: 'The endpoint, without its secret.', type: WebhookBody },
    refusals: { 404: ['webhook.unknown'] },
  })
  async read(
    @Holder() { party }: KeyHolder,
    @Param() { endpointId }: WebhookPath,
  ): Promise<WebhookBody> {
    return showWebhook(await this.webhooks.one(party.id, endpointId));
  }

  @Patch(':endpointId')
  @Operation({
    id: 'changeWebhookEndpoint',
    scope: 'webhooks:write',
    summary: 'Change address, events or state of a webhook endpoint',
    description: 'What waits goes to the new address.',
    answer: { status: 200, description: 'The endpoint as it is now.', type: WebhookBody },
    refusals: { 404: ['webhook.unknown'], 422: ['webhook.url-unsafe'] },
    hasBody: true,
  })
  async change(
    @Holder() { party }: KeyHolder,
    @Param() { endpointId }: WebhookPath,
    @Body() { state, ...wish }: WebhookChange,
  ): Promise<WebhookBody> {
    return this.database.forParty(party.id).transaction(async (tx) =>
      showWebhook(
        await this.webhooks.change(tx, party, endpointId, {
          ...wish,
          ...(state === undefined ? {} : { isOn: state === 'on' }),
        }),
      ),
    );
  }

  @Delete(':endpointId')
  @Operation({
    id: 'removeWebhookEndpoint',
    scope: 'webhooks:write',
    summary: 'Remove a webhook endpoint',
    description: 'Nothing more is sent to it; the events stay in the feed.',
    answer: { status: 204, description: 'It is removed.' },
    refusals: { 404: ['webhook.unknown'] },
  })
  async remove(
    @Holder() { party }: KeyHolder,
    @Param() { endpointId }: WebhookPath,
  ): Promise<void> {
    await this.webhooks.remove(party, endpointId);
  }

  @Post(':endpointId/rotate')
  @Operation({
    id: 'rotateWebhookSecret',
    scope: 'webhooks:write',
    summary: 'Get a new secret for a webhook endpoint',
    description: 'Messages carry a signature of each for 24 hours, then of the new one alone.',
    answer: { status: 200, description: 'The new secret.', type: SecretBody },
    refusals: { 404: ['webhook.unknown'] },
    once: true,
  })
  async rotate(
    @Holder() { party }: KeyHolder,
    @Param() { endpointId }: WebhookPath,
    @Attempt() attempt: AttemptAt,
  ): Promise<SecretBody> {
    return this.once.execute(attempt, async (tx) => ({
      status: 200,
      body: { secret: await this.webhooks.rotate(tx, party, endpointId) },
      isSecret: true,
    }));
  }
}
