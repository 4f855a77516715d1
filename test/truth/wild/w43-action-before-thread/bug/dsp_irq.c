#include "dsp.h"
int dsp_on_put(struct dsp *dsp, drmres_release_t fn)
{
	return drmm_add_action_or_reset(&dsp->drm, fn, dsp);
}
