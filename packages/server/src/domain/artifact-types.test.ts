import { describe, expect, it } from 'vitest';
import { mayAttachTo, mayLink, maySee, visibleTypes } from './artifact-types.ts';
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

  it('lets who makes or modifies artifacts of a type link them', () => {
    expect(mayLink(role('testRun:create'), 5)).toBe(true);
    expect(mayLink(role('incident:modifyOwned'), 3)).toBe(true);
    expect(mayLink(role('incident:view'), 3)).toBe(false);
  });

  it('lists the types that a role shows', () => {
    expect(visibleTypes(role('testCase:view', 'incident:view'))).toEqual([2, 3, 7]);
  });
});
