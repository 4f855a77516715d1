/** One kind of hostile module: what it is made of, and in which number. */

export type Files = Readonly<Record<string, string>>;

export interface Shape {
  readonly name: string;
  /** How many of it, unless somebody asks for more or fewer. */
  readonly size: number;
  /** The module, by path and text, of so many. */
  readonly files: (size: number) => Files;
}

/** So many pieces of text, one after the other. */
export function times(count: number, piece: (n: number) => string): string {
  const out: string[] = [];
  for (let n = 0; n < count; n++) out.push(piece(n));
  return out.join('');
}

export interface Around {
  /** Functions before probe. */
  readonly above?: string;
  /** Members of the driver's struct. */
  readonly members?: string;
}

/** A platform driver in one file. */
export function driver(
  remove: string,
  probe: string,
  { above = '', members = '' }: Around = {},
): Files {
  return {
    'foo.c': `#include <linux/module.h>

struct foo {
	struct drm_device drm;
	struct device *dev;
	void __iomem *regs;
	struct clk *clk;
	struct work_struct work;
	void *m[9999];
	int irq;
	int done;
${members}};
/* here */
${above}
static int foo_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct foo *foo;
	int ret = 0;

	foo = devm_drm_dev_alloc(dev, &foo_drm_driver, struct foo, drm);
	if (IS_ERR(foo))
		return PTR_ERR(foo);
	foo->dev = dev;
	foo->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(foo->regs))
		return PTR_ERR(foo->regs);
${probe}	platform_set_drvdata(pdev, foo);
	return ret;
}

static void foo_remove(struct platform_device *pdev)
{
	struct foo *foo = platform_get_drvdata(pdev);

	foo->done = 0;
${remove}}

static struct platform_driver foo_driver = {
	.probe = foo_probe,
	.remove = foo_remove,
};
module_platform_driver(foo_driver);
`,
  };
}
