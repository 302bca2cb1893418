import { describe, expect, it } from 'vitest';
import { mayAttachTo, maySee } from './artifact-types.ts';
import { type Permission, permissionsOf } from './permissions.ts';

const role = (...permissions: Permission[]) => ({
  roleId: 1,
  name: 'Role',
  isProjectAdmin: false,
  permissions: new Set(permissions),
});

describe('artifact types and permissions', () => {
  it('shows artifacts of a type to who may view it, steps to who may view test cases', () => {
    expect(maySee(role('incident:view'), 3)).toBe(true);
    expect(maySee(role('incident:view'), 2)).toBe(false);
    expect(maySee(role('testCase:view'), 7)).toBe(true);
  });

  it('lets who only records runs attach documents to runs, and to nothing else', () => {
    const automation = role(...permissionsOf({ testRun: 'C', document: 'C' }));
    expect(maySee(automation, 5)).toBe(false);
    expect([2, 3, 5, 8].filter((type) => mayAttachTo(automation, type))).toEqual([5]);
  });
});
