export * from './basics.ts';
export * from './check-value.ts';
export * from './dashboard.ts';
export * from './data-tool.ts';
export * from './event.ts';
export * from './problem.ts';
export * from './project.ts';
export * from './refresh-settings.ts';
