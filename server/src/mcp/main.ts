/**
 * The Model Context Protocol over stdin and stdout: the commands as tools, with the command line's own
 * answers. This program knows the protocol only; the commands are handed to it, so that the engine is
 * in one bundle.
 */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { Arguments, type Tool, ToolError, tools } from './tools.ts';

/** What a command said. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line, with these bytes as its stdin. */
export type Run = (words: readonly string[], cwd: string, input: string) => Promise<Outcome>;

function answer(text: string, isError: boolean): CallToolResult {
  return { content: [{ type: 'text', text }], isError };
}

/** 0 and 1 are answers; what was left out stands in the JSON, and for texts below the answer. */
async function call(tool: Tool, args: Arguments, run: Run): Promise<CallToolResult> {
  const parts: string[] = [];
  for (const { words, input = '' } of tool.commands(args)) {
    const { code, out, err } = await run(words, args.text('root') ?? '.', input);
    if (code > 1 && out === '') return answer(err.trim(), true);
    parts.push(out, ...(code > 1 ? [err] : []));
  }
  return answer(tool.join(parts), false);
}

/** Serves until stdin ends. */
export async function serve(version: string, run: Run): Promise<void> {
  const server = new Server(
    { name: 'driver-teardown', version },
    {
      capabilities: { tools: {} },
      instructions:
        'Judges when a Linux driver gives back what it took (devm_ at unbind, drmm_ at the last drm_dev_put()). Paths are relative to `root`, a folder that defaults to where the server was started. Nothing is ever written.',
    },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: tools.map(({ name, description, inputSchema }) => ({
      name,
      description,
      inputSchema,
      annotations: { readOnlyHint: true, openWorldHint: false },
    })),
  }));
  // One after the other: an analysis takes what memory and processors there are.
  let last: Promise<unknown> = Promise.resolve();
  server.setRequestHandler(CallToolRequestSchema, (request) => {
    const answered = last.then(async () => {
      const { name, arguments: values = {} } = request.params;
      const tool = tools.find((one) => one.name === name);
      if (tool === undefined) return answer(`no tool ${name}`, true);
      try {
        return await call(tool, new Arguments(tool, values), run);
      } catch (error) {
        if (error instanceof ToolError) return answer(error.message, true);
        throw error;
      }
    });
    last = answered.catch(() => undefined);
    return answered;
  });
  const ended = new Promise<void>((resolve) => {
    server.onclose = resolve;
    process.stdin.on('end', resolve);
  });
  await server.connect(new StdioServerTransport());
  await ended;
}
