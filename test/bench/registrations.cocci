// What spatch does with the same question: find each registration and its callback.
@registration@
expression dev, data;
identifier fn;
@@
(
* drmm_add_action(dev, fn, data)
|
* drmm_add_action_or_reset(dev, fn, data)
|
* devm_add_action(dev, fn, data)
|
* devm_add_action_or_reset(dev, fn, data)
)

@callback depends on registration@
identifier registration.fn;
type T;
@@
* T fn(...) { ... }
