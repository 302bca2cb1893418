// `npm run docs`: writes the generated parts of README.md and docs/ anew.
import { writeFileSync } from 'node:fs';
import { generatedParts, storedPart, withPart } from './generated-docs.ts';

for (const part of generatedParts()) {
  if (storedPart(part) === undefined) throw new Error(`${part.file} has no <!-- ${part.name} --> to write to`);
  const document = withPart(part);
  writeFileSync(document.path, document.text);
}
