/** What the targets of the fuzzer share: {@code make fuzz}. */
@NullMarked
package dev.parlo.engine.fuzz;

import org.jspecify.annotations.NullMarked;
