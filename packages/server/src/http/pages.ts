import type { FastifyInstance, FastifyReply } from 'fastify';
import { escapeHtml, htmlPage } from './html.ts';
import { operations } from './spira/operations.ts';
import { referencePage } from './spira/reference-page.ts';

export interface PageOptions {
  version: string;
  publicUrl?: string | undefined;
}

/** Pages for people: what this is, and the reference of the Spira face. They show nothing of any project. */
export function registerPages(app: FastifyInstance, { version, publicUrl }: PageOptions): void {
  const reference = referencePage(operations);
  app.get('/docs/spira', (_request, reply) => sendPage(reply, reference));
  app.get('/', (request, reply) =>
    sendPage(reply, landingPage(version, publicUrl ?? `${request.protocol}://${request.host}`)),
  );
}

function sendPage(reply: FastifyReply, page: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
    .header('x-content-type-options', 'nosniff')
    .send(page);
}

function landingPage(version: string, address: string): string {
  const base = `${address.replace(/\/$/, '')}/Services/v7_0/RestService.svc/`;
  return htmlPage(
    'Runledger',
    `<h1>Runledger <span class="soft">${escapeHtml(version)}</span></h1>
<p>A self-hosted ledger of test runs. It records results and keeps the status of everything above them: test cases,
test sets, releases and requirements.</p>
<table>
<tr><th>Base address for Spira-compatible tools</th><td><code>${escapeHtml(base)}</code><br>
<span class="soft">v5_0 and v6_0 work alike. Tools that ask for the address of the product itself want <code>${escapeHtml(address)}</code>.</span></td></tr>
<tr><th>Reference of that interface</th><td><a href="/docs/spira">/docs/spira</a></td></tr>
<tr><th>Reference of Runledger's own interface</th><td><a href="/docs/api">/docs/api</a></td></tr>
<tr><th>State of the server</th><td><a href="/health/ready">/health/ready</a>, <a href="/metrics">/metrics</a></td></tr>
</table>
<p class="soft">Runledger is independent of Inflectra. "Spira" is named only to say what it is compatible with.</p>`,
  );
}
