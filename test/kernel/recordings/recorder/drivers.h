/* SPDX-License-Identifier: MIT */
/* The recorded drivers: their devices, and the function whose failures are tried. */

#define PLATFORM(id) RECORD(id, .failing = #id "_probe", .devices = { "recorded-" #id })

PLATFORM(simple);
PLATFORM(unplug);
PLATFORM(wrapped);
PLATFORM(reset);
PLATFORM(released);
PLATFORM(oldest);
PLATFORM(grouped);
PLATFORM(memory);
PLATFORM(lastput);
PLATFORM(early);
PLATFORM(late);
PLATFORM(manual);
PLATFORM(minixe);
PLATFORM(display);
PLATFORM(nested);
PLATFORM(tabled);
PLATFORM(cleaned);
PLATFORM(inside);
PLATFORM(parting);
PLATFORM(switched);
PLATFORM(pair);
PLATFORM(paired);
PLATFORM(chosen);
PLATFORM(tolerant);
PLATFORM(referred);
RECORD(auxiliary, .failing = "auxiliary_probe", .devices = { "recorded" }, .auxiliary = true);
RECORD(component, .failing = "component_master_bind",
       .devices = { "recorded-master", "recorded-part", "recorded-part" });
SUITE(component, part, unbind(test, &recorded_component, 1, "unbind-part"));

kunit_test_suites(SUITES(simple), SUITES(unplug), SUITES(wrapped), SUITES(reset),
		  SUITES(released), SUITES(oldest), SUITES(grouped), SUITES(memory),
		  SUITES(lastput), SUITES(early), SUITES(late), SUITES(manual), SUITES(minixe),
		  SUITES(display), SUITES(auxiliary), SUITES(component),
		  SUITES(nested), SUITES(tabled), SUITES(cleaned), SUITES(inside), SUITES(parting), SUITES(switched), SUITES(pair),
		  SUITES(paired), SUITES(chosen), SUITES(tolerant), SUITES(referred),
		  &suite_component_part);
