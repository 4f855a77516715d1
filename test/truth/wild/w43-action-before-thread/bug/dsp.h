struct dsp {
	struct drm_device drm;
	void __iomem *regs;
	struct task_struct *poller;
	int irq;
};
int dsp_on_put(struct dsp *dsp, drmres_release_t fn);
