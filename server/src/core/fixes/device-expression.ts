/** How the owner of one scope is written from the owner of the other. */

/**
 * The `struct device *` of a `struct drm_device *` expression, as drivers write it: `&xe->drm` gives
 * `xe->drm.dev`, `drm` gives `drm->dev`.
 */
export function deviceOfDrm(expression: string): string {
  const text = expression.trim();
  if (text.startsWith('&')) return `${text.slice(1).trim()}.dev`;
  // A cast or an operator binds less than `->`.
  return /^[A-Za-z_][\w.]*(?:->\w+|\.\w+|\([^()]*\)|\[[^\]]*\])*$/.test(text)
    ? `${text}->dev`
    : `(${text})->dev`;
}
