/** One test that ran inside the extension host, as the outer test reads it. */
export interface HostedResult {
  readonly title: string;
  readonly failure: string | null;
}
