/** Tables that are asked across products, and why. Distributed by product, they would be reference tables: on every node. */
export const catalogue: Readonly<Record<string, string>> = {
  project: 'the list of products: who may see which is asked across them; a row a product',
  project_member: 'who is in which product: asked by user; a row a member',
  job: 'the queue of the server: the next job of any product is claimed; kept for 90 days',
};

/** A statement that may read a table of products without saying of which. */
export interface Exception {
  /** Recognises it by its text. */
  statement: RegExp;
  tables: readonly string[];
  reason: string;
}

export const acrossProjects: readonly Exception[] = [
  {
    statement: /^with recursive known/,
    tables: ['long_text'],
    reason: 'the nightly round asks which products keep long texts: one step along the key for each of them',
  },
  {
    statement: /^with recursive found as/,
    tables: ['change'],
    reason: 'background loops ask which products have something pending: one step along the key for each such product',
  },
];

/** Unique keys of tables of products that do not begin with project_id, and why. */
export const keysAcrossProjects: Readonly<Record<string, string>> = {
  job_pkey: catalogue['job'] ?? '',
  job_queued_once: 'the same tool for the same product waits once; tools of the whole server have no product',
  job_running_once: 'of one product, or of the server, one job runs at a time',
};

/** Other indexes that do not begin with project_id, and why. */
export const indexesAcrossProjects: Readonly<Record<string, string>> = {
  incident_owner: 'what is assigned to a user in all products of theirs',
  requirement_owner: 'what is assigned to a user in all products of theirs',
  test_case_owner: 'what is assigned to a user in all products of theirs',
  test_set_owner: 'what is assigned to a user in all products of theirs',
  project_member_user: catalogue['project_member'] ?? '',
  job_open: catalogue['job'] ?? '',
};
