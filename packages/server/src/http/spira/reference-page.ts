import type { MemberOptions, ObjectLike } from '../../wire/spira/member.ts';
import { escapeHtml as html, htmlPage } from '../html.ts';
import type { BodyShape, Operation, ResultShape } from './operation.ts';

/** An object with what its declaration says about it. */
type Documented = ObjectLike & { info?: { description: string } };

/** Returns the reference of the Spira face, made from the declarations that the server runs on. */
export function referencePage(operations: readonly Operation[]): string {
  const groups = [...Map.groupBy(operations, groupOf)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const objects = [...reachableObjects(operations)].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const links = groups.map(([group]) => `<a href="#${html(group)}">${html(group)}</a>`).join(' ');
  return htmlPage(
    'Runledger: Spira-compatible interface',
    `<h1>Spira-compatible interface</h1>
<p>Paths lie below <code>/Services/v7_0/RestService.svc/</code>; v5_0 and v6_0 are answered alike. Every call carries a
user name and an API key: as the headers <code>username</code> and <code>api-key</code>, as HTTP Basic, or as query
parameters of these names. Bodies and answers are JSON, or XML where it is asked for. Success is always 200.</p>
<p id="exactly-once">Operations marked “exactly once” take the header <code>Idempotency-Key</code>: a text of the caller's choice, of up to
255 characters, new for each request. The same request with the same key within 24 hours is not done again, but gets the first
answer, marked <code>Idempotent-Replayed: true</code>; also when both come at the same moment, and when the first answer was lost. The
same key for another request is 409. A refused request leaves its key free.</p>
<nav>${links} <a href="#objects">objects</a></nav>
${groups.map(([group, members]) => groupSection(group, members)).join('\n')}
<h2 id="objects">Objects</h2>
${objects.map(objectSection).join('\n')}`,
  );
}

/** The noun that a path is about: the first literal segment after the project or template. */
function groupOf({ path }: Operation): string {
  const segments = path.split('/');
  const [first = '', second = '', third] = segments;
  return second.startsWith('{') && third !== undefined && !third.startsWith('{') ? third : first;
}

function groupSection(group: string, members: readonly Operation[]): string {
  const rows = members.map(
    (operation) =>
      `<tr><td>${operation.method}</td><td><code>${html(operation.path)}</code><br>${html(operation.summary)}${operation.once ? ' <a href="#exactly-once">Exactly once.</a>' : ''}</td>` +
      `<td>${bodyText(operation.body)}</td><td>${resultText(operation.returns)}</td><td>${html(needsText(operation.needs))}</td></tr>`,
  );
  return `<h2 id="${html(group)}">${html(group)}</h2>
<div class="wide"><table><tr><th>Verb</th><th>Path</th><th>Body</th><th>Answer</th><th>Needs</th></tr>${rows.join('\n')}</table></div>`;
}

const link = ({ name }: ObjectLike) => `<a href="#${html(name)}">${html(name)}</a>`;

function bodyText(body: BodyShape): string {
  switch (body.kind) {
    case 'none':
      return '';
    case 'any':
      return 'JSON';
    case 'ids':
      return 'list of ids';
    case 'filters':
      return `filters on ${link(body.object)}`;
    case 'oneOrFilters':
      return `${link(body.object)} to create, or filters`;
    case 'one':
      return link(body.object);
    case 'list':
      return `list of ${link(body.object)}`;
  }
}

function resultText(result: ResultShape): string {
  if (result.kind === 'empty') return 'no content';
  if (result.kind === 'scalar') return result.type;
  if (result.kind === 'oneOrList') return `${link(result.object)} or a list of them`;
  return result.kind === 'one' ? link(result.object) : `list of ${link(result.object)}`;
}

function needsText(needs: Operation['needs']): string {
  if ('login' in needs) return 'any login';
  if ('systemAdmin' in needs) return 'system administrator';
  if ('templateAdmin' in needs) return 'system or product administrator';
  if ('projectAdmin' in needs) return 'product administrator';
  if ('member' in needs) return 'product member';
  return needs.anyOf.join(' or ');
}

function reachableObjects(operations: readonly Operation[]): Set<Documented> {
  const found = new Set<Documented>();
  const add = (object: Documented | undefined): void => {
    if (!object || found.has(object)) return;
    found.add(object);
    for (const member of object.members) add(member.options.of?.());
  };
  for (const { body, returns } of operations) {
    if ('object' in body) add(body.object);
    if ('object' in returns) add(returns.object);
  }
  return found;
}

function objectSection(object: Documented): string {
  const rows = object.members.map(
    ({ wireName, options }) =>
      `<tr><td><code>${html(wireName)}</code></td><td>${typeText(options)}</td><td>${html(traits(options))}</td>` +
      `<td>${html(options.description)}${allowed(options)}</td></tr>`,
  );
  return `<h3 id="${html(object.name)}">${html(object.name)}</h3><p>${html(object.info?.description ?? '')}</p>
<div class="wide"><table><tr><th>Member</th><th>Type</th><th></th><th>Meaning</th></tr>${rows.join('\n')}</table></div>`;
}

function typeText(options: MemberOptions): string {
  const nested = options.of?.();
  if (nested) return options.kind === 'objects' ? `list of ${link(nested)}` : link(nested);
  switch (options.kind) {
    case 'reference':
      return 'id';
    case 'enumeration':
      return 'integer';
    case 'ids':
      return 'list of ids';
    default:
      return options.kind;
  }
}

function traits(options: MemberOptions): string {
  return [
    options.readOnly ? 'read-only' : '',
    options.required ? 'required' : '',
    options.nullable && options.constant === undefined ? 'nullable' : '',
    options.filter ? 'filter' : '',
  ]
    .filter((trait) => trait !== '')
    .join(', ');
}

function allowed({ table, constant, maxLength }: MemberOptions): string {
  if (table) return ` <span class="soft">${html([...table].map(([id, name]) => `${id} ${name}`).join(', '))}</span>`;
  if (constant !== undefined) return ` <span class="soft">Always ${html(String(constant))}.</span>`;
  return maxLength === undefined ? '' : ` <span class="soft">Cut to ${maxLength} characters.</span>`;
}
