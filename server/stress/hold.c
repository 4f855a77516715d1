// SPDX-License-Identifier: MIT
/*
 * hold PATH MODE [ARGUMENT...]: what an application does to a device while its driver is taken down. No header beyond
 * libc's is needed: the ABI of DRM is written down below (include/uapi/drm/drm.h, drm_mode.h).
 *
 * PATH is a DRM node:  open    only the file
 *                      bo      also a dumb buffer, mapped and touched
 *                      map     the same, and the file is closed at once: only the mapping is left
 *                      dmabuf  the same, and only the buffer's dma-buf is left
 *                      kms     the buffer is shown on a CRTC
 *                      flip    the same, and it is flipped and damaged without a pause
 *                      busy    the file is opened, used and closed without a pause
 * PATH is any file:    file    opened and read, kept open
 *                      read    read without a pause
 *                      write   lines are written to it without a pause
 *                      log     PATH becomes the log: /dev/kmsg, and the pipe of the tracer that the argument names
 *                      fail-nth N TEXT   writes TEXT to PATH while the N-th allocation of this task fails
 *
 * Words on stdin: ioctl, touch, read, close. Each answer is a line on stdout and in the kernel's log. READY: it is
 * held; NOT OFFERED: the driver has no such thing (exit 3).
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct version { int number[3]; size_t length[6]; };
struct resources { uint64_t fbs, crtcs, connectors, encoders; uint32_t count[4], size[4]; };
struct modeinfo {
	uint32_t clock;
	uint16_t hdisplay, h[4], vdisplay, v[4];
	uint32_t vrefresh, flags, type;
	char name[32];
};
struct crtc {
	uint64_t connectors;
	uint32_t count, crtc, fb, x, y, gamma, mode_valid;
	struct modeinfo mode;
};
struct connector {
	uint64_t encoders, modes, props, values;
	uint32_t count_modes, count_props, count_encoders, encoder, id, type, type_id, connection, mm[2], subpixel, pad;
};
struct fb { uint32_t id, width, height, pitch, bpp, depth, handle; };
struct dumb { uint32_t height, width, bpp, flags, handle, pitch; uint64_t size; };
struct map { uint32_t handle, pad; uint64_t offset; };
struct dirty { uint32_t fb, flags, color, clips; uint64_t rects; };
struct flip { uint32_t crtc, fb, flags, reserved; uint64_t data; };
struct prime { uint32_t handle, flags; int32_t fd; };

#define VERSION _IOWR('d', 0x00, struct version)
#define PRIME_TO_FD _IOWR('d', 0x2d, struct prime)
#define GET_RESOURCES _IOWR('d', 0xa0, struct resources)
#define SET_CRTC _IOWR('d', 0xa2, struct crtc)
#define GET_CONNECTOR _IOWR('d', 0xa7, struct connector)
#define ADD_FB _IOWR('d', 0xae, struct fb)
#define PAGE_FLIP _IOWR('d', 0xb0, struct flip)
#define DIRTY_FB _IOWR('d', 0xb1, struct dirty)
#define CREATE_DUMB _IOWR('d', 0xb2, struct dumb)
#define MAP_DUMB _IOWR('d', 0xb3, struct map)
#define DESTROY_DUMB _IOWR('d', 0xb4, uint32_t)
#define DMA_BUF_SYNC _IOW('b', 0, uint64_t)

static int fd = -1, shared = -1;
static uint8_t *mapped;
static struct dumb buffer;
static uint32_t shown, crtc, connector;
static pid_t worker;
static sigjmp_buf back;
static volatile sig_atomic_t ended;

static void on_fault(int number) { siglongjmp(back, number); }
static void on_end(int number) { (void)number; ended = 1; }

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
	char text[400], line[440];
	va_list arguments;
	int kernel = open("/dev/kmsg", O_WRONLY | O_CLOEXEC), length;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	printf("%s\n", text);
	fflush(stdout);
	if (kernel < 0)
		return;
	length = snprintf(line, sizeof(line), "DT: hold: %s\n", text);
	if (write(kernel, line, length) < 0)
		perror("kmsg");
	close(kernel);
}

static int missing(const char *what)
{
	say("NOT OFFERED: %s: %s", what, strerror(errno));
	return 3;
}

static int make_buffer(uint32_t width, uint32_t height)
{
	struct map map = { 0 };

	buffer = (struct dumb){ .width = width, .height = height, .bpp = 32 };
	if (ioctl(fd, CREATE_DUMB, &buffer))
		return missing("a dumb buffer");
	map.handle = buffer.handle;
	if (ioctl(fd, MAP_DUMB, &map))
		return missing("a mapping");
	mapped = mmap(NULL, buffer.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, map.offset);
	if (mapped == MAP_FAILED) {
		mapped = NULL;
		return missing("mmap");
	}
	memset(mapped, 0x55, buffer.size < 8192 ? buffer.size : 8192);
	say("buffer %ux%u of %llu bytes, mapped", width, height, (unsigned long long)buffer.size);
	return 0;
}

static int show_on(uint32_t id, struct modeinfo *mode)
{
	struct fb fb = { .width = mode->hdisplay, .height = mode->vdisplay, .bpp = 32, .depth = 24 };
	struct crtc set = { .count = 1, .crtc = crtc, .mode_valid = 1, .mode = *mode };

	connector = id;
	if (make_buffer(mode->hdisplay, mode->vdisplay))
		return 3;
	fb.pitch = buffer.pitch;
	fb.handle = buffer.handle;
	if (ioctl(fd, ADD_FB, &fb))
		return missing("a framebuffer");
	shown = set.fb = fb.id;
	set.connectors = (uintptr_t)&connector;
	if (ioctl(fd, SET_CRTC, &set))
		return missing("a mode");
	say("%.32s on CRTC %u, connector %u", mode->name, crtc, connector);
	return 0;
}

static int show(void)
{
	static struct modeinfo modes[128];
	uint32_t crtcs[16] = { 0 }, connectors[16] = { 0 };
	struct resources all = { .crtcs = (uintptr_t)crtcs, .connectors = (uintptr_t)connectors };

	all.count[1] = all.count[2] = 16;
	if (ioctl(fd, GET_RESOURCES, &all))
		return missing("mode setting");
	crtc = crtcs[0];
	for (uint32_t i = 0; i < all.count[2] && i < 16 && all.count[1] > 0; i++) {
		struct connector one = { .id = connectors[i] };

		if (ioctl(fd, GET_CONNECTOR, &one) || one.count_modes == 0)
			continue;
		one.count_props = one.count_encoders = 0;
		one.count_modes = one.count_modes > 128 ? 128 : one.count_modes;
		one.modes = (uintptr_t)modes;
		if (!ioctl(fd, GET_CONNECTOR, &one) && one.count_modes > 0)
			return show_on(connectors[i], modes);
	}
	errno = ENODEV;
	return missing("a connector with modes");
}

static int share(void)
{
	struct prime prime = { .flags = O_CLOEXEC | O_RDWR };

	if (make_buffer(64, 64))
		return 3;
	prime.handle = buffer.handle;
	if (ioctl(fd, PRIME_TO_FD, &prime))
		return missing("a dma-buf");
	shared = prime.fd;
	munmap(mapped, buffer.size);
	mapped = NULL;
	return 0;
}

static void one_flip(void)
{
	struct flip flip = { .crtc = crtc, .fb = shown };
	struct dirty dirty = { .fb = shown };

	ioctl(fd, DIRTY_FB, &dirty);
	ioctl(fd, PAGE_FLIP, &flip);
}

static void one_use(const char *path)
{
	struct version version = { 0 };
	struct resources all = { 0 };
	struct dumb dumb = { .width = 64, .height = 64, .bpp = 32 };
	int file = open(path, O_RDWR | O_CLOEXEC);

	if (file < 0) {
		usleep(10000);
		return;
	}
	ioctl(file, VERSION, &version);
	ioctl(file, GET_RESOURCES, &all);
	if (!ioctl(file, CREATE_DUMB, &dumb))
		ioctl(file, DESTROY_DUMB, &dumb.handle);
	close(file);
}

static ssize_t one_read(const char *path)
{
	char text[4096];
	int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t got = file < 0 ? -1 : read(file, text, sizeof(text));

	if (file >= 0)
		close(file);
	if (got < 0)
		usleep(1000);
	return got;
}

static void one_line(const char *path)
{
	static const char line[] = "driver-teardown: a line for the console\r\n";
	int file = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (file < 0 || write(file, line, sizeof(line) - 1) < 0)
		usleep(1000);
	if (file >= 0)
		close(file);
}

/* Goes on in a process of its own until it is told to end: a call that hangs in the kernel shall not stop the words. */
static void without_pause(const char *path, const char *mode)
{
	worker = fork();
	if (worker != 0)
		return;
	while (getppid() != 1) {
		if (!strcmp(mode, "flip"))
			one_flip();
		else if (!strcmp(mode, "busy"))
			one_use(path);
		else if (!strcmp(mode, "write"))
			one_line(path);
		else
			one_read(path);
	}
	_exit(0);
}

static void late_calls(void)
{
	struct version version = { 0 };
	struct resources all = { 0 };
	struct dumb dumb = { .width = 64, .height = 64, .bpp = 32 };
	struct dirty dirty = { .fb = shown };
	struct crtc off = { .crtc = crtc };
	uint64_t sync = 3;
	int e[6] = { 0 };

	if (fd >= 0) {
		e[0] = ioctl(fd, VERSION, &version) ? errno : 0;
		e[1] = ioctl(fd, GET_RESOURCES, &all) ? errno : 0;
		e[2] = ioctl(fd, CREATE_DUMB, &dumb) ? errno : 0;
		if (shown) {
			e[3] = ioctl(fd, DIRTY_FB, &dirty) ? errno : 0;
			e[4] = ioctl(fd, SET_CRTC, &off) ? errno : 0;
		}
	}
	if (shared >= 0)
		e[5] = ioctl(shared, DMA_BUF_SYNC, &sync) ? errno : 0;
	say("late: version %d resources %d buffer %d dirty %d crtc %d sync %d", e[0], e[1], e[2], e[3], e[4], e[5]);
}

static void late_touch(void)
{
	int number = sigsetjmp(back, 1);
	volatile uint8_t *at = mapped;

	if (number) {
		say("late touch: signal %d", number);
		return;
	}
	if (shared >= 0) {
		at = mmap(NULL, buffer.size, PROT_READ | PROT_WRITE, MAP_SHARED, shared, 0);
		if (at == MAP_FAILED) {
			say("late touch: %s", strerror(errno));
			return;
		}
		mapped = (uint8_t *)at;
	}
	if (!at)
		return;
	at[0]++;
	at[buffer.size > 8191 ? 8191 : 0]++;
	say("late touch: done");
}

static void late_read(void)
{
	char text[4096];
	ssize_t got = fd < 0 || lseek(fd, 0, SEEK_SET) < 0 ? -1 : read(fd, text, sizeof(text));

	say("late read: %s", got < 0 ? strerror(errno) : "done");
}

static void give_back(void)
{
	if (worker > 0) {
		kill(worker, SIGKILL);
		waitpid(worker, NULL, 0);
	}
	if (fd >= 0)
		close(fd);
	if (mapped)
		munmap(mapped, buffer.size);
	if (shared >= 0)
		close(shared);
	say("closed");
}

static int hold(const char *path, const char *mode)
{
	char line[64];
	int isWritten = !strcmp(mode, "write"), isBusy = !strcmp(mode, "busy") || !strcmp(mode, "read") || isWritten;
	int isFile = !strcmp(mode, "file") || !strcmp(mode, "read"), wrong = 0;

	signal(SIGBUS, on_fault);
	signal(SIGSEGV, on_fault);
	fd = open(path, (isFile ? O_RDONLY | O_NONBLOCK : isWritten ? O_WRONLY | O_NOCTTY : O_RDWR) | O_CLOEXEC);
	if (fd < 0)
		return missing(path);
	isFile |= isWritten;
	if (isFile && !isWritten && one_read(path) < 0)
		return missing(path);
	if (!strcmp(mode, "bo") || !strcmp(mode, "map"))
		wrong = make_buffer(64, 64);
	else if (!strcmp(mode, "dmabuf"))
		wrong = share();
	else if (!strcmp(mode, "kms") || !strcmp(mode, "flip"))
		wrong = show();
	if (wrong)
		return wrong;
	if (!strcmp(mode, "map") || !strcmp(mode, "dmabuf") || !strcmp(mode, "busy")) {
		close(fd);
		fd = -1;
	}
	if (isBusy || !strcmp(mode, "flip"))
		without_pause(path, mode);
	say("READY");
	while (fgets(line, sizeof(line), stdin)) {
		if (!strncmp(line, "ioctl", 5) && !isFile)
			late_calls();
		else if (!strncmp(line, "touch", 5))
			late_touch();
		else if (!strncmp(line, "read", 4) && isFile)
			late_read();
		else if (!strncmp(line, "close", 5))
			break;
	}
	give_back();
	return 0;
}

/* One record of /dev/kmsg, `6,12,34567890,-;text`, as dmesg prints it; returns whether there was one. */
static int copy_record(int from, FILE *to)
{
	char record[8192], *text, *end;
	unsigned long long time = 0;
	ssize_t got = read(from, record, sizeof(record) - 1);

	if (got < 0 && errno == EPIPE) {
		fprintf(to, "DT: the kernel overwrote a part of its log\n");
		return 1;
	}
	if (got <= 0)
		return 0;
	record[got] = 0;
	text = strchr(record, ';');
	if (!text)
		return 1;
	end = strchr(text, '\n');
	if (end)
		*end = 0;
	sscanf(record, "%*u,%*u,%llu", &time);
	fprintf(to, "[%5llu.%06llu] %s\n", time / 1000000, time % 1000000, text + 1);
	return 1;
}

static int copy_trace(int from, FILE *to)
{
	char text[8192];
	ssize_t got = from < 0 ? -1 : read(from, text, sizeof(text));

	if (got <= 0)
		return 0;
	fwrite(text, 1, got, to);
	return 1;
}

/* What is written reaches the disk at once: the machine may go down. */
static int follow(const char *path, const char *pipe)
{
	int kernel = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	int trace = pipe ? open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;
	FILE *to;
	struct timespec pause = { .tv_nsec = 50 * 1000 * 1000 };

	if (kernel >= 0)
		lseek(kernel, 0, SEEK_END);
	to = fopen(path, "a");
	if (kernel < 0 || !to) {
		fprintf(stderr, "%s: %s\n", to ? "/dev/kmsg" : path, strerror(errno));
		return 1;
	}
	signal(SIGTERM, on_end);
	/* From here on nothing is missed. */
	puts("READY");
	fflush(stdout);
	for (int last = 0; !last;) {
		int some = 0;

		last = ended;
		while (copy_record(kernel, to))
			some = 1;
		while (copy_trace(trace, to))
			some = 1;
		if (some && (fflush(to) || fdatasync(fileno(to))))
			perror(path);
		nanosleep(&pause, NULL);
	}
	return 0;
}

/* Exit 0: an allocation failed on the way; 4: fewer than N were made; 3: this kernel injects nothing. */
static int fail_nth(const char *path, const char *number, const char *text)
{
	char left[32] = "";
	int nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC), to = open(path, O_WRONLY | O_CLOEXEC), answer;

	if (nth < 0)
		return missing("/proc/thread-self/fail-nth");
	if (to < 0)
		return missing(path);
	if (write(nth, number, strlen(number)) < 0)
		return missing("fail-nth");
	answer = write(to, text, strlen(text)) < 0 ? errno : 0;
	if (pread(nth, left, sizeof(left) - 1, 0) < 0)
		perror("fail-nth");
	if (write(nth, "0", 1) < 0)
		perror("fail-nth");
	printf("%d\n", answer);
	return atoi(left) > 0 ? 4 : 0;
}

int main(int count, char **words)
{
	if (count == 4 && !strcmp(words[2], "log"))
		return follow(words[1], words[3]);
	if (count == 5 && !strcmp(words[2], "fail-nth"))
		return fail_nth(words[1], words[3], words[4]);
	if (count == 3)
		return hold(words[1], words[2]);
	fprintf(stderr, "usage: hold PATH MODE [ARGUMENT...] (see the head of hold.c)\n");
	return 2;
}
