/** Where package.json says something to users. */

type Node = Record<string, unknown>;

export interface Contribution {
  /** By which the text is found in every language. */
  readonly key: string;
  readonly text: string;
  replace(text: string): void;
}

/** The texts of a manifest that are translated, in their order; `description` is npm's, too, which knows no keys. */
export function translatable(manifest: Node): Contribution[] {
  const found: Contribution[] = [];
  const take = (holder: Node | string[], name: string | number, key: string): void => {
    const values = holder as Record<string | number, unknown>;
    const text = values[name];
    if (typeof text !== 'string') return;
    found.push({
      key,
      text,
      replace: (other) => {
        values[name] = other;
      },
    });
  };
  const contributes = manifest['contributes'] as Node;
  const list = (name: string): Node[] => (contributes[name] ?? []) as Node[];
  const short = (id: unknown): string => String(id).replace(/^driverTeardown\./, '');

  for (const [name, one] of Object.entries(
    (manifest['capabilities'] ?? {}) as Record<string, Node>,
  ))
    take(one, 'description', `capability.${name}`);
  for (const one of list('commands')) take(one, 'title', `command.${short(one['command'])}`);
  for (const views of Object.values((contributes['views'] ?? {}) as Record<string, Node[]>))
    for (const view of views) take(view, 'name', `view.${short(view['id'])}`);
  list('viewsWelcome').forEach((one, i) => {
    const state = /state == '([\w-]+)'/.exec(String(one['when']))?.[1] ?? String(i);
    take(one, 'contents', `welcome.${state}`);
  });
  const { properties } = contributes['configuration'] as { properties: Record<string, Node> };
  for (const [id, setting] of Object.entries(properties)) {
    take(setting, 'markdownDescription', `setting.${short(id)}`);
    take(setting, 'patternErrorMessage', `setting.${short(id)}.wrong`);
    const words = setting['enumDescriptions'] as string[] | undefined;
    words?.forEach((_, i) => {
      take(words, i, `setting.${short(id)}.${String((setting['enum'] as string[])[i])}`);
    });
  }
  for (const one of list('colors')) take(one, 'description', `color.${short(one['id'])}`);
  for (const walkthrough of list('walkthroughs')) {
    take(walkthrough, 'title', 'walkthrough.title');
    take(walkthrough, 'description', 'walkthrough.description');
    for (const step of walkthrough['steps'] as Node[]) {
      take(step, 'title', `walkthrough.${String(step['id'])}.title`);
      take(step, 'description', `walkthrough.${String(step['id'])}.description`);
    }
  }
  return found;
}
