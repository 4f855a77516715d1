/** How the time of a check grows with the tree: generated modules, and a plot of what was measured. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const filesOfModule = 4;
const functionsOfFile = 25;

function sourceOf(module, file) {
  const name = `m${module}_${file}`;
  const work = Array.from(
    { length: functionsOfFile },
    (_, n) => `static int ${name}_work_${n}(struct ${name} *foo, int value)
{
	int i;

	for (i = 0; i < value; i++) {
		if (i % 3 == ${n % 3})
			writel(i << ${n % 8}, foo->regs + ${4 * n});
		else if (readl(foo->regs + i) > ${n})
			return -EINVAL;
	}
	return value + ${n};
}
`,
  ).join('\n');
  const driver = `static void ${name}_fini(void *data)
{
	${name}_work_0(data, 1);
}

static int ${name}_probe(struct platform_device *pdev)
{
	struct ${name} *foo = devm_kzalloc(&pdev->dev, sizeof(*foo), GFP_KERNEL);

	if (!foo)
		return -ENOMEM;
	foo->clk = devm_clk_get_enabled(&pdev->dev, NULL);
	if (IS_ERR(foo->clk))
		return PTR_ERR(foo->clk);
	return devm_add_action_or_reset(&pdev->dev, ${name}_fini, foo);
}

static void ${name}_remove(struct platform_device *pdev)
{
}

static struct platform_driver ${name}_driver = {
	.probe = ${name}_probe,
	.remove = ${name}_remove,
};
module_platform_driver(${name}_driver);
`;
  return `#include <linux/module.h>

struct ${name} {
	void __iomem *regs;
	struct clk *clk;
};

${work}
${driver}`;
}

/** Writes so many modules of equal size below a folder. */
export function writeModules(folder, count) {
  for (let module = 0; module < count; module++) {
    const at = join(folder, `m${module}`);
    mkdirSync(at, { recursive: true });
    const files = Array.from({ length: filesOfModule }, (_, file) => file);
    const objects = files.map((file) => `part_${file}.o`).join(' ');
    writeFileSync(join(at, 'Makefile'), `obj-m += m${module}.o\nm${module}-y := ${objects}\n`);
    for (const file of files) writeFileSync(join(at, `part_${file}.c`), sourceOf(module, file));
  }
}

/** The straight line with the least squares: what each more costs, and what there is before the first. */
export function lineThrough(points) {
  const n = points.length;
  const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / n;
  const [x, y] = [mean((p) => p[0]), mean((p) => p[1])];
  const slope =
    points.reduce((sum, p) => sum + (p[0] - x) * (p[1] - y), 0) /
    points.reduce((sum, p) => sum + (p[0] - x) ** 2, 0);
  return { slope, base: y - slope * x };
}

const [width, height, left, bottom] = [640, 360, 60, 44];

/** @param points of the number of modules and the milliseconds */
export function plotOf(points) {
  const most = { x: Math.max(...points.map(([x]) => x)), y: Math.max(...points.map(([, y]) => y)) };
  const { slope, base } = lineThrough(points);
  const atX = (x) => (left + (x / most.x) * (width - left - 20)).toFixed(1);
  const atY = (y) => (height - bottom - (y / most.y) * (height - bottom - 30)).toFixed(1);
  const text = (x, y, words, anchor = 'middle') =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`;
  const dots = points.map(
    ([x, y]) =>
      `<circle cx="${atX(x)}" cy="${atY(y)}" r="4"><title>${x} modules: ${(y / 1000).toFixed(2)} s</title></circle>`,
  );
  const ticks = points
    .filter(([x]) => x * 10 > most.x || x === 1)
    .map(([x]) => text(atX(x), height - bottom + 18, x));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13" role="img">
<title>Seconds of a cold check by number of modules: ${points.map(([x, y]) => `${x}: ${(y / 1000).toFixed(2)} s`).join(', ')}</title>
<rect width="${width}" height="${height}" fill="#fff"/>
<g stroke="#999"><path d="M${left} 20V${height - bottom}H${width - 20}" fill="none"/></g>
<path d="M${atX(0)} ${atY(base)}L${atX(most.x)} ${atY(base + slope * most.x)}" stroke="#0969da" fill="none"/>
<g fill="#0969da">
${dots.join('\n')}
</g>
<g fill="#333">
${ticks.join('\n')}
${text(left - 8, 34, `${(most.y / 1000).toFixed(1)} s`, 'end')}
${text(width / 2, height - 8, `modules; the line is ${base.toFixed(0)} ms + ${slope.toFixed(1)} ms for each`)}
</g>
</svg>
`;
}
