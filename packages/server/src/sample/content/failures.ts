/** How an automated test can fail. */
export type FailureKind =
  | 'timeout'
  | 'missingElement'
  | 'wrongValue'
  | 'wrongStatus'
  | 'bankUnreachable'
  | 'noEnvironment'
  | 'slow'
  | 'skipped';

/** The script that failed, what runs it, and a number from 0 to 99 that makes two failures differ. */
export interface Failing {
  script: string;
  runner: 'Playwright' | 'pytest' | 'JUnit';
  variant: number;
}

export interface FailureText {
  message: string;
  stackTrace: string;
}

const line = (variant: number): number => 18 + (variant % 60);

const messages: Record<FailureKind, (variant: number) => string> = {
  timeout: (variant) => `Timed out after ${20 + (variant % 3) * 5} s waiting for the list of crossings`,
  missingElement: () => 'The button "Continue" was not found on the page',
  wrongValue: (variant) => `expected ${118 + variant}.00 but was ${104 + variant}.50`,
  wrongStatus: (variant) =>
    `expected status ${variant % 2 ? 200 : 401} but the server answered ${variant % 2 ? 500 : 200}`,
  bankUnreachable: () => 'connect ECONNREFUSED bank.staging.harbour.example:8443',
  noEnvironment: () => 'The staging environment did not become ready: payment-gateway is unhealthy',
  slow: (variant) => `took ${(1.05 + variant / 80).toFixed(2)} s, allowed is 1.00 s`,
  skipped: () => 'Skipped: not available on this host',
};

const traces: Record<Failing['runner'], (failing: Failing, message: string) => string> = {
  Playwright: ({ script, variant }, message) => {
    const [file = '', title = ''] = script.split(' > ');
    return [
      `  1) [chromium] > ${file}:${line(variant)}:3 > ${title}`,
      '',
      `    Error: ${message}`,
      '',
      `      ${line(variant) + 5} |   await page.getByRole('button', { name: 'Search' }).click();`,
      `    > ${line(variant) + 6} |   await expect(page.getByTestId('crossings')).toBeVisible();`,
      `         |                                                ^`,
      '',
      `        at e2e/${file}:${line(variant) + 6}:48`,
      `        at e2e/pages/search-page.ts:${31 + (variant % 9)}:5`,
    ].join('\n');
  },
  pytest: ({ script, variant }, message) => {
    const [file = '', test = ''] = script.split('::');
    return [
      `    def ${test}(agency, crossings):`,
      `        response = agency.get("/crossings", params={"from": "NOR", "to": "SAN"})`,
      `>       assert response.ok, response.text`,
      `E       AssertionError: ${message}`,
      '',
      `${file}:${line(variant)}: AssertionError`,
      '---------------------------- Captured log call -----------------------------',
      `INFO     agency.client:client.py:${40 + (variant % 20)} GET /crossings -> ${variant % 2 ? 500 : 200} in ${300 + variant * 7} ms`,
    ].join('\n');
  },
  JUnit: ({ script, variant }, message) => {
    const [type = '', method = ''] = script.split('.');
    return [
      `org.opentest4j.AssertionFailedError: ${message}`,
      `\tat org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)`,
      `\tat org.junit.jupiter.api.Assertions.assertEquals(Assertions.java:182)`,
      `\tat example.harbour.payment.${type}.${method}(${type}.java:${line(variant)})`,
      `\tat java.base/java.lang.reflect.Method.invoke(Method.java:580)`,
      `\tat java.base/java.util.ArrayList.forEach(ArrayList.java:1596)`,
    ].join('\n');
  },
};

/** Returns what the runner reports of a failure; a test that was skipped leaves no trace. */
export function failureText(kind: FailureKind, failing: Failing): FailureText {
  const message = messages[kind](failing.variant);
  return { message, stackTrace: kind === 'skipped' ? '' : traces[failing.runner](failing, message) };
}
