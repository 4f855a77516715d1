// SPDX-License-Identifier: MIT
/*
 * Creates the devices of the recorded drivers, takes them away in one of several ways, and prints
 * what the drivers do meanwhile. Each way of each driver is a KUnit suite of its own, so that
 * init.sh can run them one by one with an empty log.
 */
#include <kunit/test.h>
#include <linux/dma-mapping.h>
#include <linux/file.h>
#include <linux/fault-inject.h>
#include <linux/platform_device.h>
#include <linux/pm_domain.h>
#include <drm/drm_device.h>
#include <drm/drm_file.h>
#include "recorder.h"

#undef kfree
#undef pr_fmt
#define pr_fmt(fmt) "teardown: " fmt

#define MAX_DEVICES 3
#define MAX_FAILURES 400

/* A recorded driver: the devices that it needs, and the probe or bind whose failures are tried. */
struct recorded {
	const char *name;
	const char *failing;
	/* In the order in which they are added; the first is the one that is unbound. */
	const char *devices[MAX_DEVICES];
	bool auxiliary;
};

static struct drm_device *registered;
static const char *victim;
static unsigned int fail_nth;
static bool fail_used;

struct recorded_call recorder_call(const char *name)
{
	pr_info("call %s\n", name);
	return (struct recorded_call) { .name = name };
}

void recorder_done(struct recorded_call *call)
{
	pr_info("done %s\n", call->name);
}

void recorder_registered(struct drm_device *drm)
{
	registered = drm;
}

/* Whether the call that is about to be made is the one that is to fail. */
bool recorder_fails(const char *name)
{
	if (current->fail_nth == 0 || --current->fail_nth)
		return false;
	pr_info("fails %s\n", name);
	return true;
}

unsigned int recorder_pause(void)
{
	unsigned int left = current->fail_nth;

	current->fail_nth = 0;
	return left;
}

void recorder_resume(unsigned int *left)
{
	current->fail_nth = *left;
}

void __cyg_profile_func_enter(void *fn, void *site);
void __cyg_profile_func_exit(void *fn, void *site);

/* The allocation that is to fail is counted from the begin of the victim: not those of the core. */
void __cyg_profile_func_enter(void *fn, void *site)
{
	char name[KSYM_NAME_LEN];

	snprintf(name, sizeof(name), "%ps", fn);
	pr_info("enter %s\n", name);
	if (fail_nth && victim && !strcmp(name, victim)) {
		current->fail_nth = fail_nth;
		fail_nth = 0;
	}
}

void __cyg_profile_func_exit(void *fn, void *site)
{
	char name[KSYM_NAME_LEN];

	snprintf(name, sizeof(name), "%ps", fn);
	if (victim && !strcmp(name, victim)) {
		fail_used = current->fail_nth == 0;
		current->fail_nth = 0;
	}
	pr_info("leave %s\n", name);
}

/* Every device has a power domain that says when the bus detaches it. */
static void detach_domain(struct device *dev, bool power_off)
{
	pr_info("call dev_pm_domain_detach\n");
	pr_info("done dev_pm_domain_detach\n");
}

static struct dev_pm_domain domain = { .detach = detach_domain };

static void free_auxiliary(struct device *dev)
{
	kfree(to_auxiliary_dev(dev));
}

static struct device *add_auxiliary(struct kunit *test, const char *name)
{
	struct auxiliary_device *aux = kzalloc(sizeof(*aux), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, aux);
	aux->name = name;
	aux->dev.parent = &platform_bus;
	aux->dev.release = free_auxiliary;
	KUNIT_ASSERT_EQ(test, auxiliary_device_init(aux), 0);
	aux->dev.pm_domain = &domain;
	KUNIT_ASSERT_EQ(test, auxiliary_device_add(aux), 0);
	return &aux->dev;
}

static struct device *add_platform(struct kunit *test, const char *name, int id)
{
	struct platform_device *pdev = platform_device_alloc(name, id);

	KUNIT_ASSERT_NOT_NULL(test, pdev);
	pdev->dev.pm_domain = &domain;
	pdev->dev.coherent_dma_mask = DMA_BIT_MASK(32);
	KUNIT_ASSERT_EQ(test, platform_device_add(pdev), 0);
	return &pdev->dev;
}

static void take_away(const struct recorded *r, struct device *dev)
{
	if (!r->auxiliary) {
		platform_device_unregister(to_platform_device(dev));
		return;
	}
	auxiliary_device_delete(to_auxiliary_dev(dev));
	auxiliary_device_uninit(to_auxiliary_dev(dev));
}

static int add_all(struct kunit *test, const struct recorded *r, struct device **devices)
{
	int n = 0;

	registered = NULL;
	for (; n < MAX_DEVICES && r->devices[n]; n++)
		devices[n] = r->auxiliary ? add_auxiliary(test, r->devices[n])
					  : add_platform(test, r->devices[n], n);
	return n;
}

static void take_all(const struct recorded *r, struct device **devices, int n)
{
	for (int i = 0; i < n; i++)
		take_away(r, devices[i]);
}

static void unbind(struct kunit *test, const struct recorded *r, int which, const char *name)
{
	struct device *devices[MAX_DEVICES];
	int n;

	pr_info("begin %s\n", name);
	n = add_all(test, r, devices);
	KUNIT_EXPECT_TRUE(test, device_is_bound(devices[0]));
	pr_info("unbind\n");
	device_release_driver(devices[which]);
	pr_info("unbound\n");
	take_all(r, devices, n);
	pr_info("end\n");
}

static void unplug_open(struct kunit *test, const struct recorded *r)
{
	struct device *devices[MAX_DEVICES];
	struct file *file;
	int n;

	pr_info("begin unplug-open\n");
	n = add_all(test, r, devices);
	KUNIT_ASSERT_NOT_NULL(test, registered);
	file = mock_drm_getfile(registered->primary, O_RDWR);
	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	atomic_inc(&registered->open_count);
	pr_info("unbind\n");
	device_release_driver(devices[0]);
	pr_info("close\n");
	__fput_sync(file);
	pr_info("unbound\n");
	take_all(r, devices, n);
	pr_info("end\n");
}

/* Lets one allocation after the other fail, until the victim makes no more of them. */
static void fail_each(struct kunit *test, const struct recorded *r)
{
	struct device *devices[MAX_DEVICES];
	unsigned int nth = 0;
	int n;

	do {
		pr_info("begin probe-fail\n");
		fail_nth = ++nth;
		fail_used = false;
		victim = r->failing;
		n = add_all(test, r, devices);
		victim = NULL;
		fail_nth = 0;
		pr_info("unbound\n");
		take_all(r, devices, n);
		pr_info("end\n");
	} while (fail_used && nth < MAX_FAILURES);
	KUNIT_EXPECT_LT(test, nth, MAX_FAILURES);
}

#define SUITE(id, way, ...)								\
	static void run_##id##_##way(struct kunit *test) { __VA_ARGS__; }		\
	static struct kunit_case cases_##id##_##way[] = { KUNIT_CASE(run_##id##_##way), {} }; \
	static struct kunit_suite suite_##id##_##way = {				\
		.name = "teardown." #id "." #way, .test_cases = cases_##id##_##way,	\
	}

#define RECORD(id, ...)									\
	static const struct recorded recorded_##id = { .name = #id, __VA_ARGS__ };	\
	SUITE(id, unbind, unbind(test, &recorded_##id, 0, "unbind"));			\
	SUITE(id, open, unplug_open(test, &recorded_##id));				\
	SUITE(id, fail, fail_each(test, &recorded_##id))

#define SUITES(id) &suite_##id##_unbind, &suite_##id##_open, &suite_##id##_fail

#include "drivers.h"
