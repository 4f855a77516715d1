struct drm_device;
int disp_crtc_create(struct drm_device *drm, struct device *dev);
