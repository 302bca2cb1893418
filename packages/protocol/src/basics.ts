import { type Static, type TSchema, Type } from 'typebox';

/** A moment. On the wire always text; the server hands over dates and lets JSON write them. */
export const Timestamp = Type.Unsafe<string | Date>({
  type: 'string',
  format: 'date-time',
  description: 'ISO 8601, UTC, with milliseconds: 2026-03-02T12:00:00.000Z.',
});

/** The schema or null. */
export const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

/** One of these words. */
export const oneOf = <const Words extends readonly string[]>(words: Words, description?: string) =>
  Type.Unsafe<Words[number]>({ type: 'string', enum: [...words], ...(description ? { description } : {}) });

/** A schema with a name of its own in the OpenAPI document. */
export type Named<S extends TSchema> = S & { readonly $id: string };

/** Refers to a named schema by its name. */
export const ref = <S extends TSchema>(schema: Named<S>) => Type.Unsafe<Static<S>>({ $ref: `${schema.$id}#` });

/** An object with a name of its own; members that are not declared are refused. */
export const object = <P extends Record<string, TSchema>>($id: string, properties: P, description: string) =>
  Type.Object(properties, { $id, description, additionalProperties: false }) as Named<
    ReturnType<typeof Type.Object<P>>
  >;

export const Id = Type.Integer({ minimum: 1, maximum: 2_147_483_647 });

const LARGEST_PAGE = 200;

/** The members of a query that asks for one page of a list. */
export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: LARGEST_PAGE, default: 50, description: 'Most items of the page.' }),
  ),
  cursor: Type.Optional(
    Type.String({ maxLength: 400, description: 'Where the page begins: `nextCursor` of the page before.' }),
  ),
};

/** One page of a list of these items. */
export const pageOf = <S extends TSchema>(item: Named<S>) =>
  object(
    `${item.$id}Page`,
    {
      items: Type.Array(ref(item)),
      nextCursor: nullable(Type.String({ description: 'Send it as `cursor` for the next page; null on the last.' })),
    },
    'One page of a list.',
  );

/** The path of something in a project. */
export const ProjectPath = Type.Object({ projectId: Id });
