/* SPDX-License-Identifier: MIT */
#ifndef SAMPLE_MIGRATE_H
#define SAMPLE_MIGRATE_H

struct sample_device;
struct sample_migrate;

struct sample_migrate *sample_migrate_init(struct sample_device *sdev);

#endif
