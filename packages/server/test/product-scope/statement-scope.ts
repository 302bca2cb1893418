import { parse } from 'libpg-query';

// Reads a statement with PostgreSQL's own parser and finds tables of projects that it reads without saying of which
// project. A table counts as scoped when a condition that must hold (a part of WHERE or ON joined by AND) makes its
// project_id equal to a value, or to the project_id of a table that is scoped.

type Node = Record<string, unknown>;

/** One appearance of a table in a statement. */
interface Place {
  /** How it reads in messages: `test_run t`. */
  shown: string;
  /** Places that must have the same project_id lead to one root. */
  root: Place | undefined;
  isScoped: boolean;
}

/** The tables that column names can mean at some point of a statement; null stands for anything that is no table. */
interface Scope {
  outer: Scope | undefined;
  places: Map<string, Place | null>;
  /** Names of WITH queries. */
  queries: ReadonlySet<string>;
}

/** Returns the tables of projects that a statement reads or changes beyond a project, as `table alias`. */
export async function unscopedTables(sql: string, projectTables: ReadonlySet<string>): Promise<string[]> {
  const { stmts = [] } = (await parse(sql)) as { stmts?: { stmt?: unknown }[] };
  const reader = new StatementReader(projectTables);
  for (const { stmt } of stmts) reader.visit(stmt, { outer: undefined, places: new Map(), queries: new Set() });
  return [...new Set(reader.places.filter((place) => !rootOf(place).isScoped).map((place) => place.shown))];
}

function rootOf(place: Place): Place {
  return place.root ? rootOf(place.root) : place;
}

function join(one: Place, other: Place): void {
  const [root, kept] = [rootOf(one), rootOf(other)];
  if (root === kept) return;
  root.root = kept;
  kept.isScoped ||= root.isScoped;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const member = (value: unknown, name: string): Node | undefined => {
  const found = isNode(value) ? value[name] : undefined;
  return isNode(found) ? found : undefined;
};

class StatementReader {
  readonly places: Place[] = [];
  private readonly projectTables: ReadonlySet<string>;

  constructor(projectTables: ReadonlySet<string>) {
    this.projectTables = projectTables;
  }

  /** Visits any part of a statement; each statement within it opens a scope of its own. */
  visit(value: unknown, scope: Scope): void {
    if (Array.isArray(value)) for (const one of value) this.visit(one, scope);
    if (!isNode(value) || Array.isArray(value)) return;
    for (const [kind, content] of Object.entries(value)) {
      if (kind === 'SelectStmt' && isNode(content)) this.select(content, scope);
      else if (kind === 'UpdateStmt' && isNode(content)) this.change(content, scope, content['fromClause']);
      else if (kind === 'DeleteStmt' && isNode(content)) this.change(content, scope, content['usingClause']);
      else if (kind === 'InsertStmt' && isNode(content)) this.insert(content, scope);
      else this.visit(content, scope);
    }
  }

  private select(statement: Node, outer: Scope): void {
    const scope = this.opened(statement, outer);
    // The sides of a UNION stand there without the name of their kind.
    for (const side of ['larg', 'rarg']) if (isNode(statement[side])) this.select(statement[side], scope);
    this.from(statement['fromClause'], scope);
    this.rest(statement, scope, ['fromClause', 'larg', 'rarg', 'withClause']);
  }

  private change(statement: Node, outer: Scope, others: unknown): void {
    const scope = this.opened(statement, outer);
    this.table(statement['relation'] as Node, scope);
    this.from(others, scope);
    this.rest(statement, scope, ['relation', 'fromClause', 'usingClause', 'withClause']);
  }

  private insert(statement: Node, outer: Scope): void {
    const scope = this.opened(statement, outer);
    const names = list(statement['cols']).map((column) => member(column, 'ResTarget')?.['name']);
    const place = this.table(statement['relation'] as Node, scope);
    if (place && names.includes('project_id')) place.isScoped = true;
    this.rest(statement, scope, ['relation', 'cols', 'withClause']);
  }

  private opened(statement: Node, outer: Scope): Scope {
    const queries = list(member(statement, 'withClause')?.['ctes']).map((cte) => member(cte, 'CommonTableExpr'));
    const names = queries.map((query) => String(query?.['ctename']));
    const scope = { outer, places: new Map(), queries: new Set([...outer.queries, ...names]) };
    for (const query of queries) this.visit(query?.['ctequery'], scope);
    return scope;
  }

  private rest(statement: Node, scope: Scope, done: readonly string[]): void {
    this.conditions(statement['whereClause'], scope);
    for (const [part, content] of Object.entries(statement)) if (!done.includes(part)) this.visit(content, scope);
  }

  private from(items: unknown, scope: Scope): void {
    for (const item of list(items)) this.item(item, scope);
  }

  /** Enters what stands in FROM into the scope and returns the places in it. */
  private item(item: unknown, scope: Scope): Place[] {
    const table = member(item, 'RangeVar');
    if (table) return [this.table(table, scope)].filter((place) => place !== undefined);
    const joined = member(item, 'JoinExpr');
    if (joined) return this.joined(joined, scope);
    this.visit(item, scope);
    for (const kind of ['RangeSubselect', 'RangeFunction']) {
      const alias = member(member(item, kind), 'alias')?.['aliasname'];
      if (alias) scope.places.set(String(alias), null);
    }
    return [];
  }

  private joined(join_: Node, scope: Scope): Place[] {
    const sides = [this.item(join_['larg'], scope), this.item(join_['rarg'], scope)] as const;
    const all = sides.flat();
    const using = list(join_['usingClause']).map((column) => member(column, 'String')?.['sval']);
    if (using.includes('project_id') || join_['isNatural'] === true) {
      for (const place of all) join(all[0] as Place, place);
      // One side is no table: whatever it was made from was looked at by itself.
      if (sides.some((side) => side.length === 0)) for (const place of all) rootOf(place).isScoped = true;
    }
    this.conditions(join_['quals'], scope);
    this.visit(join_['quals'], scope);
    return all;
  }

  private table(table: Node, scope: Scope): Place | undefined {
    const name = String(table['relname']);
    const alias = String(member(table, 'alias')?.['aliasname'] ?? name);
    if (!this.projectTables.has(name) || scope.queries.has(name)) {
      scope.places.set(alias, null);
      return undefined;
    }
    const place = { shown: alias === name ? name : `${name} ${alias}`, root: undefined, isScoped: false };
    scope.places.set(alias, place);
    this.places.push(place);
    return place;
  }

  /** Looks at conditions of which every one must hold. */
  private conditions(value: unknown, scope: Scope): void {
    const all = member(value, 'BoolExpr');
    if (all?.['boolop'] === 'AND_EXPR') for (const one of list(all['args'])) this.conditions(one, scope);
    const link = member(value, 'SubLink');
    if (link?.['subLinkType'] === 'ANY_SUBLINK') this.equal(link['testexpr'], undefined, scope);
    const comparison = member(value, 'A_Expr');
    if (!comparison) return;
    const [operator] = list(comparison['name']).map((name) => member(name, 'String')?.['sval']);
    if (operator !== '=') return;
    const isList = comparison['kind'] === 'AEXPR_IN' || comparison['kind'] === 'AEXPR_OP_ANY';
    if (isList) this.equal(comparison['lexpr'], undefined, scope);
    else if (comparison['kind'] === 'AEXPR_OP') this.equal(comparison['lexpr'], comparison['rexpr'], scope);
  }

  /** Notes that two values are equal; the other is undefined when it is one of several. */
  private equal(one: unknown, other: unknown, scope: Scope): void {
    const rows = [one, other].map((side) => list(member(side, 'RowExpr')?.['args']));
    for (const [position, part] of (rows[0] ?? []).entries()) this.equal(part, rows[1]?.[position], scope);
    const [first, second] = [this.placeOfProject(one, scope), this.placeOfProject(other, scope)];
    if (first && second) join(first, second);
    else if (first) rootOf(first).isScoped = true;
    else if (second) rootOf(second).isScoped = true;
  }

  /** The place whose project_id a value is, undefined for all other values. */
  private placeOfProject(value: unknown, scope: Scope): Place | undefined {
    const cast = member(value, 'TypeCast');
    if (cast) return this.placeOfProject(cast['arg'], scope);
    const fields = list(member(value, 'ColumnRef')?.['fields']).map((field) => member(field, 'String')?.['sval']);
    if (fields.at(-1) !== 'project_id') return undefined;
    return fields.length > 1 ? qualified(String(fields[0]), scope) : unqualified(scope);
  }
}

function qualified(alias: string, scope: Scope | undefined): Place | undefined {
  if (!scope) return undefined;
  return scope.places.has(alias) ? (scope.places.get(alias) ?? undefined) : qualified(alias, scope.outer);
}

/** Without a table's name only one can be meant, or several that USING has made one. */
function unqualified(scope: Scope | undefined): Place | undefined {
  if (!scope) return undefined;
  const [place] = [...scope.places.values()].filter((candidate) => candidate !== null);
  return place ?? unqualified(scope.outer);
}
