import { createAutomationEngine } from '../commands/automation-engines.ts';
import { createComponent } from '../commands/components.ts';
import { createTestCase } from '../commands/create-test-case.ts';
import { createTestCaseFolder } from '../commands/create-test-case-folder.ts';
import { createTestCaseParameter } from '../commands/create-test-case-parameter.ts';
import { createTestSteps, linkTestCase } from '../commands/create-test-steps.ts';
import { updateTestCase } from '../commands/update-test-case.ts';
import { assigned } from './content/planned-cases.ts';
import { kinds, type LinkText, type SampleCase, type SampleFolder, type StepText } from './content/test-case.ts';
import { folders } from './content/test-cases.ts';
import { idOf, type SampleMaking } from './sample-making.ts';

/** Where the cases of a folder belong. */
interface Belonging {
  testCaseFolderId: number;
  componentIds: number[];
  automationEngineId: number;
}

const statuses = { draft: 1, readyForTest: 5 } as const;

/** Makes the folders with their test cases, then the steps: a step may link to any case. */
export async function makeTestCases(making: SampleMaking): Promise<void> {
  const engines = await makeEngines(making);
  const made: SampleCase[] = [];
  for (const folder of folders) {
    const componentId = await createComponent(making.command, { name: folder.name });
    made.push(...(await makeFolder(making, folder, { componentId, engines, parentId: null })));
  }
  for (const testCase of made) await makeSteps(making, testCase);
}

async function makeFolder(
  making: SampleMaking,
  folder: SampleFolder,
  place: { componentId: number; engines: ReadonlyMap<string, number>; parentId: number | null },
): Promise<SampleCase[]> {
  const { name, description } = folder;
  const folderId = await createTestCaseFolder(making.command, {
    name,
    description,
    parentTestCaseFolderId: place.parentId,
  });
  const belonging = {
    testCaseFolderId: folderId,
    componentIds: [place.componentId],
    automationEngineId: idOf(place.engines, folder.runner),
  };
  for (const testCase of folder.cases) await makeTestCase(making, testCase, belonging);
  const made = [...folder.cases];
  for (const child of folder.folders ?? [])
    made.push(...(await makeFolder(making, child, { ...place, parentId: folderId })));
  return made;
}

async function makeTestCase(
  { command, people, testCases }: SampleMaking,
  testCase: SampleCase,
  { automationEngineId, ...belonging }: Belonging,
): Promise<void> {
  const { name, kind, priority, minutes, script, isDraft, parameters } = testCase;
  const testCaseId = await createTestCase(command, {
    ...belonging,
    name,
    ...(script ? { automationEngineId, tags: 'automated' } : {}),
    testCaseTypeId: kinds[kind],
    testCasePriorityId: priority,
    testCaseStatusId: isDraft ? statuses.draft : statuses.readyForTest,
    estimatedDuration: minutes,
    authorId: idOf(people, isDraft ? 'tom' : 'priya'),
  });
  testCases.set(testCase.key, testCaseId);
  for (const [parameter, defaultValue] of Object.entries(parameters ?? {})) {
    await createTestCaseParameter(command, { testCaseId, name: parameter, defaultValue });
  }
}

async function makeSteps({ command, testCases }: SampleMaking, { key, steps }: SampleCase): Promise<void> {
  const testCaseId = idOf(testCases, key);
  for (const step of steps.filter(isLink)) {
    const parameters = Object.entries(step.values).map(([name, value]) => ({ name, value }));
    await linkTestCase(command, { testCaseId, linkedTestCaseId: idOf(testCases, step.linksTo), parameters });
  }
  const texts = steps.filter((step): step is StepText => !isLink(step));
  await createTestSteps(command, {
    testCaseId,
    steps: texts.map(([description, expectedResult, sampleData]) => ({
      description,
      expectedResult,
      sampleData: sampleData ?? null,
    })),
  });
}

function isLink(step: StepText | LinkText): step is LinkText {
  return 'linksTo' in step;
}

/** Engines belong to the server: one that is there already is taken. */
async function makeEngines({ command }: SampleMaking): Promise<Map<string, number>> {
  const engines = new Map<string, number>();
  for (const name of ['Playwright', 'pytest', 'JUnit'] as const) {
    const [known] = await command.db.query<{ id: number }>(
      'select automation_engine_id as id from automation_engine where lower(token) = lower($1)',
      [name],
    );
    engines.set(name, known?.id ?? (await createAutomationEngine(command, { name, token: name })));
  }
  return engines;
}

/** Gives cases to those who execute them next. Last of all, since passing a case takes it off its owner (TC-4). */
export async function assignTestCases({ command, people, testCases }: SampleMaking): Promise<void> {
  for (const [key, person] of Object.entries(assigned)) {
    const testCaseId = idOf(testCases, key);
    const [stored] = await command.db.query<{ concurrencyDate: Date }>(
      'select concurrency_date as "concurrencyDate" from test_case where project_id = $1 and test_case_id = $2',
      [command.projectId, testCaseId],
    );
    await updateTestCase(command, { testCaseId, ownerId: idOf(people, person), ...stored });
  }
}
